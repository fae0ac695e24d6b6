import type { ModuleDefinition } from './module.ts'

export const queueModule: ModuleDefinition = {
  source: `
import threading as _threading
import time as _time

class Empty(Exception):
    pass
class Full(Exception):
    pass

class Queue:
    def __init__(self, maxsize=0):
        self.maxsize = maxsize
        self._items = []
        self._changed = _threading.Condition()
        self._unfinished = 0
    def _put(self, item):
        self._items.append(item)
    def _get(self):
        return self._items.pop(0)
    def qsize(self):
        return len(self._items)
    def empty(self):
        return not self._items
    def full(self):
        return 0 < self.maxsize <= len(self._items)
    def put(self, item, block=True, timeout=None):
        with self._changed:
            if self.full():
                if not block or not self._changed.wait_for(lambda: not self.full(), timeout):
                    raise Full
            self._put(item)
            self._unfinished += 1
            self._changed.notify_all()
    def get(self, block=True, timeout=None):
        with self._changed:
            if not self._items:
                if not block or not self._changed.wait_for(lambda: self._items, timeout):
                    raise Empty
            item = self._get()
            self._changed.notify_all()
            return item
    def put_nowait(self, item):
        self.put(item, False)
    def get_nowait(self):
        return self.get(False)
    def task_done(self):
        with self._changed:
            self._unfinished -= 1
            self._changed.notify_all()
    def join(self):
        with self._changed:
            self._changed.wait_for(lambda: self._unfinished <= 0)

class LifoQueue(Queue):
    def _get(self):
        return self._items.pop()

class PriorityQueue(Queue):
    def _get(self):
        self._items.sort()
        return self._items.pop(0)

SimpleQueue = Queue
`,
}
