import type { ModuleDefinition } from './module.ts'

export const collections: ModuleDefinition = {
  isPackage: true,
  source: `
class OrderedDict(dict):
    def move_to_end(self, key, last=True):
        value = self.pop(key)
        if last:
            self[key] = value
        else:
            rest = list(self.items())
            self.clear()
            self[key] = value
            self.update(rest)
    def popitem(self, last=True):
        if not self:
            raise KeyError('dictionary is empty')
        key = list(self)[-1 if last else 0]
        return key, self.pop(key)

class defaultdict(dict):
    def __init__(self, default_factory=None, *args, **kwargs):
        if default_factory is not None and not callable(default_factory):
            raise TypeError('first argument must be callable or None')
        dict.__init__(self, *args, **kwargs)
        self.default_factory = default_factory
    def __missing__(self, key):
        if self.default_factory is None:
            raise KeyError(key)
        value = self.default_factory()
        self[key] = value
        return value

class Counter(dict):
    def __init__(self, iterable=None, **kwds):
        dict.__init__(self)
        self.update(iterable, **kwds)
    def __missing__(self, key):
        return 0
    def update(self, iterable=None, **kwds):
        if iterable is not None:
            if isinstance(iterable, dict):
                for key, count in iterable.items():
                    self[key] = self.get(key, 0) + count
            else:
                for key in iterable:
                    self[key] = self.get(key, 0) + 1
        for key, count in kwds.items():
            self[key] = self.get(key, 0) + count
    def subtract(self, iterable):
        for key, count in (iterable.items() if isinstance(iterable, dict) else Counter(iterable).items()):
            self[key] = self.get(key, 0) - count
    def most_common(self, n=None):
        items = sorted(self.items(), key=lambda item: item[1], reverse=True)
        return items if n is None else items[:n]
    def elements(self):
        for key, count in self.items():
            for _ in range(count):
                yield key
    def total(self):
        return sum(self.values())
    def copy(self):
        return Counter(self)
    def __add__(self, other):
        made = Counter()
        for key in list(self) + [k for k in other if k not in self]:
            if self[key] + other[key] > 0:
                made[key] = self[key] + other[key]
        return made
    def __sub__(self, other):
        made = Counter()
        for key in self:
            if self[key] - other[key] > 0:
                made[key] = self[key] - other[key]
        return made
    def __repr__(self):
        if not self:
            return 'Counter()'
        return 'Counter({' + ', '.join('%r: %r' % item for item in self.most_common()) + '})'

class deque:
    def __init__(self, iterable=(), maxlen=None):
        self._items = []
        self.maxlen = maxlen
        self.extend(iterable)
    def append(self, x):
        self._items.append(x)
        if self.maxlen is not None and len(self._items) > self.maxlen:
            self._items.pop(0)
    def appendleft(self, x):
        self._items.insert(0, x)
        if self.maxlen is not None and len(self._items) > self.maxlen:
            self._items.pop()
    def extend(self, iterable):
        for x in iterable:
            self.append(x)
    def extendleft(self, iterable):
        for x in iterable:
            self.appendleft(x)
    def pop(self):
        if not self._items:
            raise IndexError('pop from an empty deque')
        return self._items.pop()
    def popleft(self):
        if not self._items:
            raise IndexError('pop from an empty deque')
        return self._items.pop(0)
    def rotate(self, n=1):
        if self._items:
            n %= len(self._items)
            self._items = self._items[-n:] + self._items[:-n]
    def clear(self):
        self._items = []
    def remove(self, x):
        self._items.remove(x)
    def count(self, x):
        return self._items.count(x)
    def index(self, x):
        return self._items.index(x)
    def reverse(self):
        self._items.reverse()
    def copy(self):
        return deque(self._items, self.maxlen)
    def __len__(self):
        return len(self._items)
    def __iter__(self):
        return iter(self._items)
    def __reversed__(self):
        return reversed(self._items)
    def __getitem__(self, i):
        return self._items[i]
    def __setitem__(self, i, x):
        self._items[i] = x
    def __contains__(self, x):
        return x in self._items
    def __eq__(self, other):
        return isinstance(other, deque) and self._items == other._items
    def __repr__(self):
        return 'deque(%r%s)' % (self._items, '' if self.maxlen is None else ', maxlen=%d' % self.maxlen)

def namedtuple(typename, field_names, *, rename=False, defaults=None, module=None):
    if isinstance(field_names, str):
        field_names = field_names.replace(',', ' ').split()
    fields = tuple(field_names)
    given = tuple(defaults or ())
    fallbacks = dict(zip(fields[len(fields) - len(given):], given))
    def __new__(cls, *args, **kwargs):
        if len(args) > len(fields):
            raise TypeError('%s.__new__() takes %d positional arguments but %d were given' % (typename, len(fields) + 1, len(args) + 1))
        values = dict(fallbacks)
        values.update(zip(fields, args))
        for key in kwargs:
            if key not in fields:
                raise TypeError("%s.__new__() got an unexpected keyword argument '%s'" % (typename, key))
        values.update(kwargs)
        missing = [f for f in fields if f not in values]
        if missing:
            listed = ["'%s'" % f for f in missing]
            text = listed[0] if len(listed) == 1 else ', '.join(listed[:-1]) + (',' if len(listed) > 2 else '') + ' and ' + listed[-1]
            raise TypeError('%s.__new__() missing %d required positional argument%s: %s' % (typename, len(missing), 's' if len(missing) > 1 else '', text))
        return tuple.__new__(cls, [values[f] for f in fields])
    def __repr__(self):
        return typename + '(' + ', '.join('%s=%r' % (f, self[i]) for i, f in enumerate(fields)) + ')'
    def _asdict(self):
        return dict(zip(fields, self))
    def _replace(self, **kwargs):
        values = dict(zip(fields, self))
        values.update(kwargs)
        return cls(**values)
    names = {'__new__': __new__, '__repr__': __repr__, '_asdict': _asdict, '_replace': _replace, '_fields': fields, '__match_args__': fields, '_field_defaults': fallbacks}
    def part(i):
        return property(lambda self: self[i])
    for i, f in enumerate(fields):
        names[f] = part(i)
    cls = type(typename, (tuple,), names)
    cls._make = classmethod(lambda kind, iterable: kind(*iterable))
    cls.__module__ = '__main__'
    return cls

class ChainMap:
    def __init__(self, *maps):
        self.maps = list(maps) or [{}]
    def __getitem__(self, key):
        for each in self.maps:
            if key in each:
                return each[key]
        raise KeyError(key)
    def get(self, key, default=None):
        return self[key] if key in self else default
    def __setitem__(self, key, value):
        self.maps[0][key] = value
    def __contains__(self, key):
        return any(key in each for each in self.maps)
    def __iter__(self):
        seen = {}
        for each in reversed(self.maps):
            seen.update(dict.fromkeys(each) if hasattr(dict, 'fromkeys') else {k: None for k in each})
        return iter(seen)
    def __len__(self):
        return len(list(iter(self)))
`,
}
