import type { ModuleDefinition } from './module.ts'

export const typing: ModuleDefinition = {
  source: `
class _Form:
    def __init__(self, name):
        self._name = name
    def __getitem__(self, item):
        return self
    def __call__(self, *args, **kwargs):
        return args[0] if args else None
    def __or__(self, other):
        return self
    __ror__ = __or__
    def __repr__(self):
        return 'typing.' + self._name

for _name in 'Any Union Optional List Dict Tuple Set FrozenSet Callable Iterable Iterator Sequence Mapping MutableMapping Type ClassVar Final Literal Annotated Awaitable Coroutine AsyncIterator NoReturn Never Self IO TextIO BinaryIO AnyStr Hashable Sized Deque DefaultDict Counter Text TypeAlias Concatenate ParamSpec'.split():
    globals()[_name] = _Form(_name)

class Generic:
    def __class_getitem__(cls, item):
        return cls

class Protocol:
    def __class_getitem__(cls, item):
        return cls

Generator = _Form('Generator')
TYPE_CHECKING = False

def TypeVar(name, *constraints, **options):
    return _Form(name)

def NewType(name, kind):
    return kind

def cast(kind, value):
    return value

def overload(function):
    return function

def final(thing):
    return thing

def runtime_checkable(cls):
    return cls

def get_type_hints(thing):
    return {}

class _NamedTupleMeta(type):
    def __new__(meta, name, bases, names):
        if not bases:
            return type.__new__(meta, name, bases, names)
        from collections import namedtuple
        fields = list(names.get('__annotations__', {}))
        made = namedtuple(name, fields, defaults=[names[f] for f in fields if f in names])
        for key, value in names.items():
            if key not in fields and key not in ('__annotations__', '__module__', '__qualname__'):
                setattr(made, key, value)
        return made

class NamedTuple(metaclass=_NamedTupleMeta):
    pass

class TypedDict(dict):
    pass
`,
}
