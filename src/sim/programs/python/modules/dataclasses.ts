import type { ModuleDefinition } from './module.ts'

export const dataclasses: ModuleDefinition = {
  source: `
MISSING = object()

class Field:
    def __init__(self, default=MISSING, default_factory=MISSING, init=True, repr=True, compare=True, hash=None, metadata=None, kw_only=False):
        self.default = default
        self.default_factory = default_factory
        self.init = init
        self.repr = repr
        self.compare = compare
        self.metadata = metadata or {}
        self.kw_only = kw_only
        self.name = None
        self.type = None

def field(**options):
    return Field(**options)

class FrozenInstanceError(AttributeError):
    pass

def dataclass(cls=None, *, init=True, repr=True, eq=True, order=False, unsafe_hash=False, frozen=False, match_args=True, kw_only=False, slots=False):
    def decorate(cls):
        found = {}
        for base in reversed(cls.__mro__[1:]):
            found.update(getattr(base, '__dataclass_fields__', {}))
        for name, kind in cls.__dict__.get('__annotations__', {}).items():
            if kind == 'ClassVar':
                continue
            value = cls.__dict__.get(name, MISSING)
            if isinstance(value, Field):
                made = value
                if name in vars(cls):
                    if made.default is MISSING:
                        delattr(cls, name)
                    else:
                        setattr(cls, name, made.default)
            else:
                if isinstance(value, (list, dict, set)):
                    raise ValueError("mutable default %r for field %s is not allowed: use default_factory" % (type(value), name))
                made = Field(default=value)
            made.name = name
            made.type = kind
            found[name] = made
        cls.__dataclass_fields__ = found
        fields_list = list(found.values())
        params = [f for f in fields_list if f.init]
        seen_default = None
        for f in params:
            if f.default is MISSING and f.default_factory is MISSING:
                if seen_default and not kw_only and not f.kw_only:
                    raise TypeError("non-default argument '%s' follows default argument" % f.name)
            else:
                seen_default = f
        if init and '__init__' not in vars(cls):
            def __init__(self, *args, **kwargs):
                if len(args) > len(params):
                    raise TypeError('%s.__init__() takes %s positional arguments but %d were given' % (cls.__name__, len(params) + 1 if seen_default is None else 'from %d to %d' % (len([p for p in params if p.default is MISSING and p.default_factory is MISSING]) + 1, len(params) + 1), len(args) + 1))
                values = dict(zip([f.name for f in params], args))
                for key, value in kwargs.items():
                    if key in values:
                        raise TypeError("%s.__init__() got multiple values for argument '%s'" % (cls.__name__, key))
                    if key not in found:
                        raise TypeError("%s.__init__() got an unexpected keyword argument '%s'" % (cls.__name__, key))
                    values[key] = value
                missing = []
                for f in fields_list:
                    if f.name in values:
                        value = values[f.name]
                    elif f.default_factory is not MISSING:
                        value = f.default_factory()
                    elif f.default is not MISSING:
                        value = f.default
                    elif not f.init:
                        continue
                    else:
                        missing.append("'%s'" % f.name)
                        continue
                    object.__setattr__(self, f.name, value)
                if missing:
                    text = missing[0] if len(missing) == 1 else ', '.join(missing[:-1]) + (',' if len(missing) > 2 else '') + ' and ' + missing[-1]
                    raise TypeError('%s.__init__() missing %d required positional argument%s: %s' % (cls.__name__, len(missing), 's' if len(missing) > 1 else '', text))
                if hasattr(self, '__post_init__'):
                    self.__post_init__()
            cls.__init__ = __init__
        if repr and '__repr__' not in vars(cls):
            def __repr__(self):
                return type(self).__qualname__ + '(' + ', '.join('%s=%r' % (f.name, getattr(self, f.name)) for f in fields_list if f.repr) + ')'
            cls.__repr__ = __repr__
        def values_of(self):
            return tuple(getattr(self, f.name) for f in fields_list if f.compare)
        if eq and '__eq__' not in vars(cls):
            def __eq__(self, other):
                if type(other) is not type(self):
                    return NotImplemented
                return values_of(self) == values_of(other)
            cls.__eq__ = __eq__
            cls.__hash__ = (lambda self: hash(values_of(self))) if frozen or unsafe_hash else None
        if order:
            cls.__lt__ = lambda self, other: values_of(self) < values_of(other)
            cls.__le__ = lambda self, other: values_of(self) <= values_of(other)
            cls.__gt__ = lambda self, other: values_of(self) > values_of(other)
            cls.__ge__ = lambda self, other: values_of(self) >= values_of(other)
        if frozen:
            def __setattr__(self, name, value):
                raise FrozenInstanceError("cannot assign to field '%s'" % name)
            cls.__setattr__ = __setattr__
        cls.__match_args__ = tuple(f.name for f in params)
        return cls
    return decorate if cls is None else decorate(cls)

def fields(thing):
    return tuple(thing.__dataclass_fields__.values())

def is_dataclass(thing):
    return hasattr(thing, '__dataclass_fields__')

def asdict(thing):
    if is_dataclass(thing):
        return {f.name: asdict(getattr(thing, f.name)) for f in fields(thing)}
    if isinstance(thing, (list, tuple)):
        return type(thing)([asdict(x) for x in thing])
    if isinstance(thing, dict):
        return {k: asdict(v) for k, v in thing.items()}
    return thing

def astuple(thing):
    return tuple(getattr(thing, f.name) for f in fields(thing))

def replace(thing, **changes):
    values = {f.name: getattr(thing, f.name) for f in fields(thing) if f.init}
    values.update(changes)
    return type(thing)(**values)
`,
}
