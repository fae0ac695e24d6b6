import type { ModuleDefinition } from './module.ts'

export const contextlib: ModuleDefinition = {
  source: `
from functools import wraps

class _GeneratorManager:
    def __init__(self, func, args, kwargs):
        self.gen = func(*args, **kwargs)
    def __enter__(self):
        try:
            return next(self.gen)
        except StopIteration:
            raise RuntimeError("generator didn't yield") from None
    def __exit__(self, kind, value, traceback):
        if kind is None:
            try:
                next(self.gen)
            except StopIteration:
                return False
            raise RuntimeError("generator didn't stop")
        try:
            self.gen.throw(value)
        except StopIteration as stop:
            return stop is not value
        except BaseException as error:
            if error is not value:
                raise
            return False
        raise RuntimeError("generator didn't stop after throw()")
    def __call__(self, func):
        raise NotImplementedError

def contextmanager(func):
    @wraps(func)
    def helper(*args, **kwargs):
        return _GeneratorManager(func, args, kwargs)
    return helper

class suppress:
    def __init__(self, *exceptions):
        self._exceptions = exceptions
    def __enter__(self):
        pass
    def __exit__(self, kind, value, traceback):
        return kind is not None and issubclass(kind, self._exceptions)

class closing:
    def __init__(self, thing):
        self.thing = thing
    def __enter__(self):
        return self.thing
    def __exit__(self, *details):
        self.thing.close()

class nullcontext:
    def __init__(self, enter_result=None):
        self.enter_result = enter_result
    def __enter__(self):
        return self.enter_result
    def __exit__(self, *details):
        pass

class _redirect:
    def __init__(self, target):
        self._target = target
        self._old = []
    def __enter__(self):
        import sys
        self._old.append(getattr(sys, self._stream))
        setattr(sys, self._stream, self._target)
        return self._target
    def __exit__(self, *details):
        import sys
        setattr(sys, self._stream, self._old.pop())

class redirect_stdout(_redirect):
    _stream = 'stdout'

class redirect_stderr(_redirect):
    _stream = 'stderr'

class ExitStack:
    def __init__(self):
        self._exits = []
    def enter_context(self, manager):
        value = manager.__enter__()
        self._exits.append(manager.__exit__)
        return value
    def callback(self, func, *args, **kwargs):
        self._exits.append(lambda *details: func(*args, **kwargs) and False)
        return func
    def __enter__(self):
        return self
    def __exit__(self, *details):
        for leave in reversed(self._exits):
            if leave(*details):
                details = (None, None, None)
        return False
    def close(self):
        self.__exit__(None, None, None)
`,
}
