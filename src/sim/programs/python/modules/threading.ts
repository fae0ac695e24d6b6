import type { ModuleDefinition } from './module.ts'

export const threading: ModuleDefinition = {
  cost: 1,
  source: `
import _thread
import time as _time
from _thread import get_ident, get_native_id

Lock = _thread.allocate_lock
ThreadError = RuntimeError
TIMEOUT_MAX = 9223372036.0
_threads = {}
_counter = 0

class RLock:
    def __init__(self):
        self._block = Lock()
        self._owner = None
        self._count = 0
    def acquire(self, blocking=True, timeout=-1):
        me = get_ident()
        if self._owner == me:
            self._count += 1
            return True
        taken = self._block.acquire(blocking, timeout)
        if taken:
            self._owner = me
            self._count = 1
        return taken
    def release(self):
        if self._owner != get_ident():
            raise RuntimeError('cannot release un-acquired lock')
        self._count -= 1
        if not self._count:
            self._owner = None
            self._block.release()
    def __enter__(self):
        self.acquire()
        return True
    def __exit__(self, *details):
        self.release()

class Condition:
    def __init__(self, lock=None):
        self._lock = lock if lock is not None else RLock()
        self._waiters = []
        self.acquire = self._lock.acquire
        self.release = self._lock.release
    def __enter__(self):
        self._lock.acquire()
        return True
    def __exit__(self, *details):
        self._lock.release()
    def wait(self, timeout=None):
        waiter = Lock()
        waiter.acquire()
        self._waiters.append(waiter)
        self._lock.release()
        try:
            if timeout is None:
                got = waiter.acquire()
            else:
                got = waiter.acquire(True, timeout)
            if not got and waiter in self._waiters:
                self._waiters.remove(waiter)
            return got
        finally:
            self._lock.acquire()
    def wait_for(self, predicate, timeout=None):
        end = None if timeout is None else _time.monotonic() + timeout
        result = predicate()
        while not result:
            left = None if end is None else end - _time.monotonic()
            if left is not None and left <= 0:
                break
            self.wait(left)
            result = predicate()
        return result
    def notify(self, n=1):
        for waiter in self._waiters[:n]:
            self._waiters.remove(waiter)
            waiter.release()
    def notify_all(self):
        self.notify(len(self._waiters))
    notifyAll = notify_all

class Event:
    def __init__(self):
        self._cond = Condition(Lock())
        self._flag = False
    def is_set(self):
        return self._flag
    isSet = is_set
    def set(self):
        with self._cond:
            self._flag = True
            self._cond.notify_all()
    def clear(self):
        with self._cond:
            self._flag = False
    def wait(self, timeout=None):
        with self._cond:
            if not self._flag:
                self._cond.wait(timeout)
            return self._flag

class Semaphore:
    def __init__(self, value=1):
        self._cond = Condition(Lock())
        self._value = value
    def acquire(self, blocking=True, timeout=None):
        with self._cond:
            while self._value == 0:
                if not blocking or not self._cond.wait(timeout):
                    return False
            self._value -= 1
            return True
    def release(self, n=1):
        with self._cond:
            self._value += n
            self._cond.notify(n)
    def __enter__(self):
        return self.acquire()
    def __exit__(self, *details):
        self.release()

class BoundedSemaphore(Semaphore):
    def __init__(self, value=1):
        super().__init__(value)
        self._most = value
    def release(self, n=1):
        if self._value + n > self._most:
            raise ValueError('Semaphore released too many times')
        super().release(n)

class Barrier:
    def __init__(self, parties, action=None, timeout=None):
        self._cond = Condition(Lock())
        self.parties = parties
        self._count = 0
        self._round = 0
    def wait(self, timeout=None):
        with self._cond:
            index = self._count
            mine = self._round
            self._count += 1
            if self._count == self.parties:
                self._count = 0
                self._round += 1
                self._cond.notify_all()
            else:
                while mine == self._round:
                    self._cond.wait(timeout)
            return index

class local:
    def __init__(self):
        object.__setattr__(self, '_all', {})
    def __getattr__(self, name):
        found = object.__getattribute__(self, '_all').get(get_ident(), {})
        if name not in found:
            raise AttributeError("'_thread._local' object has no attribute '" + name + "'")
        return found[name]
    def __setattr__(self, name, value):
        self._all.setdefault(get_ident(), {})[name] = value

class Thread:
    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        global _counter
        _counter += 1
        self._target = target
        self._args = args
        self._kwargs = kwargs or {}
        self.name = name or 'Thread-%d%s' % (_counter, ' (%s)' % target.__name__ if hasattr(target, '__name__') else '')
        self.daemon = current_thread().daemon if daemon is None else daemon
        self._started = False
        self._done = Event()
        self.ident = None
    def start(self):
        if self._started:
            raise RuntimeError('threads can only be started once')
        self._started = True
        self.ident = _thread.start_new_thread(self._bootstrap, ())
        _threads[self.ident + 140000000000000] = self
    def _bootstrap(self):
        self.ident = get_ident()
        _threads[self.ident] = self
        _thread.set_name(self.name)
        try:
            self.run()
        finally:
            _threads.pop(self.ident, None)
            self._done.set()
    def run(self):
        if self._target:
            self._target(*self._args, **self._kwargs)
    def join(self, timeout=None):
        if not self._started:
            raise RuntimeError('cannot join thread before it is started')
        self._done.wait(timeout)
    def is_alive(self):
        return self._started and not self._done.is_set()
    def getName(self):
        return self.name
    def setName(self, name):
        self.name = name
    def isDaemon(self):
        return self.daemon
    def setDaemon(self, daemon):
        self.daemon = daemon
    @property
    def native_id(self):
        return self.ident
    def __repr__(self):
        status = 'initial' if not self._started else 'started' if self.is_alive() else 'stopped'
        return '<%s(%s, %s%s)>' % (type(self).__name__, self.name, status + (' daemon' if self.daemon else ''), '' if self.ident is None else ' %s' % self.ident)

class _MainThread(Thread):
    def __init__(self):
        self.name = 'MainThread'
        self.daemon = False
        self._started = True
        self._done = Event()
        self.ident = get_ident()

class Timer(Thread):
    def __init__(self, interval, function, args=None, kwargs=None):
        Thread.__init__(self)
        self.interval = interval
        self.function = function
        self.args = args or []
        self.kwargs = kwargs or {}
        self.finished = Event()
    def cancel(self):
        self.finished.set()
    def run(self):
        self.finished.wait(self.interval)
        if not self.finished.is_set():
            self.function(*self.args, **self.kwargs)
        self.finished.set()

_main = _MainThread()
_threads[_main.ident] = _main

def current_thread():
    return _threads.get(get_ident(), _main)
currentThread = current_thread

def main_thread():
    return _main

def enumerate():
    return list(_threads.values())

def active_count():
    return len(_threads)
activeCount = active_count

def _join_all():
    for thread in list(_threads.values()):
        if thread is not _main and not thread.daemon:
            thread.join()
`,
}
