import type { ModuleDefinition } from './module.ts'

export const concurrentFutures: ModuleDefinition = {
  source: `
import threading as _threading
import time as _time
import os as _os
from queue import Queue as _Queue

ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION = 'ALL_COMPLETED', 'FIRST_COMPLETED', 'FIRST_EXCEPTION'
class CancelledError(Exception):
    pass

class Future:
    def __init__(self):
        self._done = _threading.Event()
        self._value = self._error = None
        self._callbacks = []
    def _run(self, fn, args, kwargs):
        try:
            self._value = fn(*args, **kwargs)
        except BaseException as error:
            self._error = error
        self._done.set()
        for each in self._callbacks:
            each(self)
    def result(self, timeout=None):
        if not self._done.wait(timeout):
            raise TimeoutError()
        if self._error is not None:
            raise self._error
        return self._value
    def exception(self, timeout=None):
        self._done.wait(timeout)
        return self._error
    def done(self):
        return self._done.is_set()
    def running(self):
        return not self.done()
    def cancel(self):
        return False
    def cancelled(self):
        return False
    def add_done_callback(self, fn):
        if self.done():
            fn(self)
        else:
            self._callbacks.append(fn)

class ThreadPoolExecutor:
    def __init__(self, max_workers=None, thread_name_prefix='', initializer=None, initargs=()):
        self._most = max_workers or min(32, (_os.cpu_count() or 1) + 4)
        self._queue = _Queue()
        self._threads = []
        self._prefix = thread_name_prefix or 'ThreadPoolExecutor-0'
        self._idle = 0
    def _work(self):
        while True:
            self._idle += 1
            job = self._queue.get()
            self._idle -= 1
            if job is None:
                return
            future, fn, args, kwargs = job
            future._run(fn, args, kwargs)
    def submit(self, fn, *args, **kwargs):
        future = Future()
        self._queue.put((future, fn, args, kwargs))
        if len(self._threads) < self._most and self._idle < self._queue.qsize():
            thread = _threading.Thread(target=self._work, name='%s_%d' % (self._prefix, len(self._threads)), daemon=True)
            self._threads.append(thread)
            thread.start()
        return future
    def map(self, fn, *iterables, timeout=None, chunksize=1):
        futures = [self.submit(fn, *args) for args in zip(*iterables)]
        def results():
            for future in futures:
                yield future.result(timeout)
        return results()
    def shutdown(self, wait=True, cancel_futures=False):
        for _ in self._threads:
            self._queue.put(None)
        if wait:
            for thread in self._threads:
                thread.join()
    def __enter__(self):
        return self
    def __exit__(self, *details):
        self.shutdown()

def as_completed(futures, timeout=None):
    left = list(futures)
    while left:
        ready = [f for f in left if f.done()]
        for f in ready:
            left.remove(f)
            yield f
        if left and not ready:
            _time.sleep(0.005)

def wait(futures, timeout=None, return_when=ALL_COMPLETED):
    for f in futures:
        f._done.wait(timeout)
    return set(f for f in futures if f.done()), set(f for f in futures if not f.done())
`,
}
