import type { ModuleDefinition } from './module.ts'

export const functools: ModuleDefinition = {
  source: `
def wraps(wrapped):
    def decorate(wrapper):
        return update_wrapper(wrapper, wrapped)
    return decorate

def update_wrapper(wrapper, wrapped):
    for name in ('__module__', '__name__', '__qualname__', '__doc__'):
        if hasattr(wrapped, name):
            setattr(wrapper, name, getattr(wrapped, name))
    wrapper.__wrapped__ = wrapped
    return wrapper

_missing = object()

def reduce(function, iterable, initial=_missing):
    iterator = iter(iterable)
    if initial is _missing:
        try:
            value = next(iterator)
        except StopIteration:
            raise TypeError('reduce() of empty iterable with no initial value') from None
    else:
        value = initial
    for x in iterator:
        value = function(value, x)
    return value

class partial:
    def __init__(self, func, *args, **keywords):
        self.func = func
        self.args = args
        self.keywords = keywords
    def __call__(self, *args, **keywords):
        return self.func(*self.args, *args, **{**self.keywords, **keywords})

class _CacheInfo(tuple):
    def __repr__(self):
        return 'CacheInfo(hits=%r, misses=%r, maxsize=%r, currsize=%r)' % tuple(self)
    hits = property(lambda self: self[0])
    misses = property(lambda self: self[1])

def lru_cache(maxsize=128, typed=False):
    if callable(maxsize):
        return lru_cache(128)(maxsize)
    def decorate(function):
        cache = {}
        counts = [0, 0]
        def wrapper(*args, **kwargs):
            key = (args, tuple(sorted(kwargs.items())))
            if key in cache:
                counts[0] += 1
                if maxsize is not None:
                    cache[key] = cache.pop(key)
                return cache[key]
            counts[1] += 1
            value = function(*args, **kwargs)
            if maxsize is not None and len(cache) >= maxsize:
                del cache[next(iter(cache))]
            cache[key] = value
            return value
        wrapper.cache_info = lambda: _CacheInfo((counts[0], counts[1], maxsize, len(cache)))
        wrapper.cache_clear = cache.clear
        return update_wrapper(wrapper, function)
    return decorate

def cache(function):
    return lru_cache(None)(function)

class cached_property:
    def __init__(self, func):
        self.func = func
        self.name = func.__name__
    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        value = self.func(instance)
        instance.__dict__[self.name] = value
        return value

def cmp_to_key(compare):
    class Key:
        def __init__(self, obj):
            self.obj = obj
        def __lt__(self, other):
            return compare(self.obj, other.obj) < 0
    return Key

def total_ordering(cls):
    if '__lt__' in vars(cls):
        cls.__gt__ = lambda self, other: not (self < other or self == other)
        cls.__le__ = lambda self, other: self < other or self == other
        cls.__ge__ = lambda self, other: not self < other
    elif '__gt__' in vars(cls):
        cls.__lt__ = lambda self, other: not (self > other or self == other)
        cls.__ge__ = lambda self, other: self > other or self == other
        cls.__le__ = lambda self, other: not self > other
    return cls

def singledispatch(function):
    table = {object: function}
    def wrapper(*args, **kwargs):
        for cls in type(args[0]).__mro__:
            if cls in table:
                return table[cls](*args, **kwargs)
    def register(cls, code=None):
        if code is None:
            return lambda f: register(cls, f)
        table[cls] = code
        return code
    wrapper.register = register
    return update_wrapper(wrapper, function)
`,
}
