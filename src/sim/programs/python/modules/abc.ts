import type { ModuleDefinition } from './module.ts'

export const abcModule: ModuleDefinition = {
  source: `
def abstractmethod(f):
    f.__isabstractmethod__ = True
    return f

def _abstract(cls):
    names = []
    for base in reversed(cls.__mro__):
        for name, value in vars(base).items():
            f = value.fget if isinstance(value, property) else value
            if getattr(f, '__isabstractmethod__', False):
                if name not in names:
                    names.append(name)
            elif name in names:
                names.remove(name)
    return sorted(names)

class ABCMeta(type):
    def __call__(cls, *args, **kwargs):
        names = _abstract(cls)
        if names:
            listed = ["'%s'" % n for n in names] if _quoted else names
            raise TypeError("Can't instantiate abstract class %s with%s abstract method%s %s" % (cls.__name__, 'out an implementation for' if _quoted else '', '' if len(names) == 1 else 's', ', '.join(listed)))
        return type.__call__(cls, *args, **kwargs)
    def register(cls, other):
        return other

class ABC(metaclass=ABCMeta):
    pass

def abstractproperty(f):
    return property(abstractmethod(f))
import sys as _sys
_quoted = _sys.version_info >= (3, 12)
`,
}
