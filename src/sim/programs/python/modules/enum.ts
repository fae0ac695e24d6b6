import type { ModuleDefinition } from './module.ts'

export const enumModule: ModuleDefinition = {
  source: `
class auto:
    pass

class EnumMeta(type):
    def __new__(meta, name, bases, names, **kw):
        cls = type.__new__(meta, name, bases, names)
        cls._member_map_ = {}
        cls._values_ = {}
        last = 0
        plain = [(k, v) for k, v in names.items() if not k.startswith('_') and not callable(v) and not isinstance(v, (property, classmethod, staticmethod))]
        for key, value in plain:
            if isinstance(value, auto):
                value = key.lower() if issubclass(cls, StrEnum) else (last * 2 or 1) if issubclass(cls, Flag) else last + 1
            if isinstance(value, int):
                last = value
            found = [m for m in cls._member_map_.values() if m._value_ == value]
            member = found[0] if found else object.__new__(cls)
            if not found:
                member._name_ = key
                member._value_ = value
                own = names.get('__init__')
                if own:
                    own(member, *(value if isinstance(value, tuple) else (value,)))
            cls._member_map_[key] = member
            type.__setattr__(cls, key, member) if False else setattr(cls, key, member)
        return cls
    def __call__(cls, value, names=None):
        if names is not None:
            if isinstance(names, str):
                names = names.replace(',', ' ').split()
            if not isinstance(names, dict):
                names = {n: i + 1 for i, n in enumerate(names)}
            return EnumMeta(value, (cls,), dict(names)) if False else EnumMeta.__new__(EnumMeta, value, (cls,), dict(names))
        for member in cls._member_map_.values():
            if member._value_ == value or member is value:
                return member
        if hasattr(cls, '_missing_'):
            found = cls._missing_(value)
            if found is not None:
                return found
        raise ValueError('%r is not a valid %s' % (value, cls.__qualname__))
    def __iter__(cls):
        seen = []
        for member in cls._member_map_.values():
            if member not in seen:
                seen.append(member)
        return iter(seen)
    def __len__(cls):
        return len(list(iter(cls)))
    def __getitem__(cls, name):
        return cls._member_map_[name]
    def __contains__(cls, value):
        return any(m is value or m._value_ == value for m in cls._member_map_.values())
    @property
    def __members__(cls):
        return dict(cls._member_map_)
    def __repr__(cls):
        return "<enum '%s'>" % cls.__name__

EnumType = EnumMeta

class StrEnum:
    pass
class Flag:
    pass

class Enum(metaclass=EnumMeta):
    @property
    def name(self):
        return self._name_
    @property
    def value(self):
        return self._value_
    def __repr__(self):
        return '<%s.%s: %r>' % (type(self).__name__, self._name_, self._value_)
    def __str__(self):
        return '%s.%s' % (type(self).__name__, self._name_)
    def __hash__(self):
        return hash(self._name_)
    def __eq__(self, other):
        return self is other
    def __format__(self, spec):
        return format(str(self), spec)

class IntEnum(Enum):
    def __int__(self):
        return self._value_
    def __index__(self):
        return self._value_
    def __str__(self):
        return str(self._value_)
    def __format__(self, spec):
        return format(self._value_, spec)
    def __hash__(self):
        return hash(self._value_)
    def __eq__(self, other):
        return self._value_ == (other._value_ if isinstance(other, Enum) else other)
    def __lt__(self, other):
        return self._value_ < int(other)
    def __le__(self, other):
        return self._value_ <= int(other)
    def __gt__(self, other):
        return self._value_ > int(other)
    def __ge__(self, other):
        return self._value_ >= int(other)
    def __add__(self, other):
        return self._value_ + int(other)
    __radd__ = __add__
    def __sub__(self, other):
        return self._value_ - int(other)

class StrEnum(Enum):
    def __str__(self):
        return self._value_
    def __format__(self, spec):
        return format(self._value_, spec)
    def __hash__(self):
        return hash(self._value_)
    def __eq__(self, other):
        return self._value_ == (other._value_ if isinstance(other, Enum) else other)
    def upper(self):
        return self._value_.upper()
    def lower(self):
        return self._value_.lower()

class Flag(Enum):
    def __or__(self, other):
        made = object.__new__(type(self))
        made._name_ = '%s|%s' % (self._name_, other._name_)
        made._value_ = self._value_ | other._value_
        return made
    def __and__(self, other):
        made = object.__new__(type(self))
        made._value_ = self._value_ & other._value_
        made._name_ = None
        return made
    def __contains__(self, other):
        return self._value_ & other._value_ == other._value_
    def __bool__(self):
        return bool(self._value_)
    def __eq__(self, other):
        return isinstance(other, Flag) and self._value_ == other._value_
    def __hash__(self):
        return hash(self._value_)

IntFlag = Flag

def unique(cls):
    return cls
`,
}
