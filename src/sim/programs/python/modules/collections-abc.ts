import type { ModuleDefinition } from './module.ts'

export const collectionsAbc: ModuleDefinition = {
  source: `
def _abc(name, needs):
    cls = type(name, (), {'__abstract__': needs})
    return cls
Hashable = _abc('Hashable', '__hash__')
Iterable = _abc('Iterable', '__iter__')
Iterator = _abc('Iterator', '__next__')
Generator = _abc('Generator', 'send')
Sized = _abc('Sized', '__len__')
Container = _abc('Container', '__contains__')
Callable = _abc('Callable', '__call__')
Collection = _abc('Collection', '__len__ __contains__')
Sequence = _abc('Sequence', '__getitem__ index')
MutableSequence = _abc('MutableSequence', 'append')
Mapping = _abc('Mapping', 'keys')
MutableMapping = _abc('MutableMapping', 'setdefault')
Set = _abc('Set', 'isdisjoint')
MutableSet = _abc('MutableSet', 'discard')
`,
}
