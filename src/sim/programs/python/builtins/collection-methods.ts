import { PyDict, PySet } from '../objects/dict.ts'
import { error, typeError, valueError } from '../objects/errors.ts'
import { methods, type NativeFunction } from '../objects/native.ts'
import { toIndex } from '../objects/numbers.ts'
import {
  builtinClass,
  dictClass,
  frozensetClass,
  listClass,
  Obj,
  type PyClass,
  PyGetSet,
  PyList,
  PyRange,
  PySlice,
  PyTuple,
  rangeClass,
  setClass,
  sliceClass,
  TailCall,
  tupleClass,
  type Value,
} from '../objects/value.ts'
import type { Interpreter } from '../vm/interpreter.ts'
import { over, valuesOf } from '../vm/iterate.ts'
import { equal, less } from '../vm/operators.ts'
import { deleteItem, getItem, setItem } from '../vm/subscript.ts'
import { repr } from '../vm/text.ts'

listClass.make = (cls) => new PyList([], cls)
dictClass.make = (cls) => new PyDict(cls)
setClass.make = (cls) => new PySet([], cls)

/** Sorts in place, stably; the order may call users' `__lt__`. */
export function sortValues(
  vm: Interpreter,
  values: Value[],
  keys: readonly Value[] | undefined,
  reverse: boolean,
): void {
  const places = values.map((_, i) => i)
  const by = keys ?? [...values]
  vm.host.charge(values.length * 20)
  if (by.every((key) => typeof key === 'number'))
    places.sort(
      (a, b) => (reverse ? (by[b] as number) - (by[a] as number) : (by[a] as number) - (by[b] as number)) || a - b,
    )
  else
    places.sort((a, b) =>
      reverse
        ? less(vm, by[b]!, by[a]!)
          ? -1
          : less(vm, by[a]!, by[b]!)
            ? 1
            : a - b
        : less(vm, by[a]!, by[b]!)
          ? -1
          : less(vm, by[b]!, by[a]!)
            ? 1
            : a - b,
    )
  const sorted = places.map((place) => values[place]!)
  sorted.forEach((value, i) => {
    values[i] = value
  })
}

function indexOf(vm: Interpreter, items: readonly Value[], value: Value, start = 0, end = items.length): number {
  for (let i = start < 0 ? Math.max(0, start + items.length) : start; i < end && i < items.length; i++)
    if (items[i] === value || equal(vm, items[i]!, value)) return i
  return -1
}

const sequence: Record<string, NativeFunction> = {
  __len__: (_vm, self: PyList) => self.items.length,
  '__getitem__(index)': (vm, self, index) => getItem(vm, self, index),
  __iter__: (_vm, self: PyList) => over(self.items),
  '__contains__(item)': (vm, self: PyList, item) => indexOf(vm, self.items, item) >= 0,
  'count(value)': (vm, self: PyList, value) => self.items.filter((item) => equal(vm, item, value)).length,
  '__eq__(other)': (vm, self, other) => equal(vm, self, other),
  __repr__: (vm, self) => repr(vm, self),
}

methods(listClass, {
  ...sequence,
  '__init__(iterable!?)': (vm, self: PyList, iterable?: Value) => {
    self.items = iterable === undefined ? [] : [...valuesOf(vm, iterable)]
    return null
  },
  'append(object)': (vm, self: PyList, item: Value) => {
    self.items.push(item)
    vm.allocated += 9
    return null
  },
  'extend(iterable!)': (vm, self: PyList, iterable: Value) => {
    for (const item of [...valuesOf(vm, iterable)]) self.items.push(item)
    return null
  },
  'insert(index object)': (_vm, self: PyList, index: Value, item: Value) => {
    self.items.splice(toIndex(index), 0, item)
    return null
  },
  'pop(index?)': (_vm, self: PyList, index?: Value) => {
    if (self.items.length === 0) throw error('IndexError', 'pop from empty list')
    if (index === undefined) return self.items.pop()!
    const at = toIndex(index) < 0 ? toIndex(index) + self.items.length : toIndex(index)
    if (at < 0 || at >= self.items.length) throw error('IndexError', 'pop index out of range')
    return self.items.splice(at, 1)[0]!
  },
  'remove(value)': (vm, self: PyList, value: Value) => {
    const at = indexOf(vm, self.items, value)
    if (at < 0) throw valueError('list.remove(x): x not in list')
    self.items.splice(at, 1)
    return null
  },
  clear: (_vm, self: PyList) => {
    self.items = []
    return null
  },
  copy: (_vm, self: PyList) => new PyList([...self.items]),
  reverse: (_vm, self: PyList) => {
    self.items.reverse()
    return null
  },
  'index(value start? stop?)': (vm, self: PyList, value: Value, start?: Value, stop?: Value) => {
    const at = indexOf(
      vm,
      self.items,
      value,
      start === undefined ? 0 : toIndex(start),
      stop === undefined ? undefined : toIndex(stop),
    )
    if (at < 0) throw valueError(`${repr(vm, value)} is not in list`)
    return at
  },
  'sort(*none key? reverse?)': (vm, self: PyList, _none: Value[], key?: Value, reverse?: Value) => {
    const down = reverse !== undefined && reverse !== null && reverse !== false && reverse !== 0
    if (key === undefined || key === null) {
      sortValues(vm, self.items, undefined, down)
      return null
    }
    return new TailCall(vm.builtins.get('__keys__')!, [key, self], undefined, (keys) => {
      sortValues(vm, self.items, (keys as PyList).items, down)
      return null
    })
  },
  '__setitem__(index value)': (vm, self, index, value) => {
    setItem(vm, self, index, value)
    return null
  },
  '__delitem__(index)': (vm, self, index) => {
    deleteItem(vm, self, index)
    return null
  },
  __reversed__: (_vm, self: PyList) => over([...self.items].reverse()),
})
listClass.dict.set('__hash__', null)
dictClass.dict.set('__hash__', null)
setClass.dict.set('__hash__', null)

methods(tupleClass, {
  ...sequence,
  '__new__(cls iterable!?)': (vm, cls: PyClass, iterable?: Value) =>
    new PyTuple(iterable === undefined ? [] : [...valuesOf(vm, iterable)], cls),
  'index(value)': (vm, self: PyTuple, value: Value) => {
    const at = indexOf(vm, self.items, value)
    if (at < 0) throw valueError('tuple.index(x): x not in tuple')
    return at
  },
})

export function updateDict(
  vm: Interpreter,
  self: PyDict,
  from: Value | undefined,
  keywords: ReadonlyMap<string, Value>,
): void {
  if (from instanceof PyDict) for (const [key, value] of from.entries()) self.set(key, value)
  else if (from !== undefined) {
    const keys = typeof from === 'object' && from !== null && from.cls.lookup('keys')
    if (keys) for (const key of valuesOf(vm, vm.call(keys, [from]))) self.set(key, getItem(vm, from, key))
    else
      valuesOf(vm, from).forEach((pair, i) => {
        let items: readonly Value[]
        try {
          items = valuesOf(vm, pair)
        } catch {
          throw typeError(`cannot convert dictionary update sequence element #${i} to a sequence`)
        }
        if (items.length !== 2)
          throw valueError(`dictionary update sequence element #${i} has length ${items.length}; 2 is required`)
        self.set(items[0]!, items[1]!)
      })
  }
  for (const [key, value] of keywords) self.set(key, value)
}

/** keys(), values() and items(): lists that follow the dict, as far as programs look. */
const viewClasses = {
  keys: builtinClass('dict_keys'),
  values: builtinClass('dict_values'),
  items: builtinClass('dict_items'),
}

class DictView extends Obj {
  readonly dict: PyDict
  readonly kind: keyof typeof viewClasses
  constructor(dict: PyDict, kind: keyof typeof viewClasses) {
    super(viewClasses[kind])
    this.dict = dict
    this.kind = kind
  }
  list(): Value[] {
    const entries = [...this.dict.entries()]
    if (this.kind === 'keys') return entries.map(([key]) => key)
    return this.kind === 'values' ? entries.map(([, value]) => value) : entries.map((entry) => new PyTuple([...entry]))
  }
}

for (const [kind, cls] of Object.entries(viewClasses))
  methods(cls, {
    __iter__: (_vm, self: DictView) => over(self.list()),
    __len__: (_vm, self: DictView) => self.dict.size,
    '__contains__(item)': (vm, self: DictView, item: Value) =>
      kind === 'keys' ? self.dict.has(item) : indexOf(vm, self.list(), item) >= 0,
    __repr__: (vm, self: DictView) => `dict_${kind}(${repr(vm, new PyList(self.list()))})`,
    __reversed__: (_vm, self: DictView) => over(self.list().reverse()),
    '__eq__(other)': (vm, self: DictView, other: Value) =>
      equal(vm, new PySet(self.list()), other instanceof DictView ? new PySet(other.list()) : other),
    '__and__(other)': (vm, self: DictView, other: Value) =>
      new PySet(self.list().filter((item) => indexOf(vm, valuesOf(vm, other), item) >= 0)),
    '__or__(other)': (vm, self: DictView, other: Value) => new PySet([...self.list(), ...valuesOf(vm, other)]),
    '__sub__(other)': (vm, self: DictView, other: Value) =>
      new PySet(self.list().filter((item) => indexOf(vm, valuesOf(vm, other), item) < 0)),
  })

const view = (vm: Interpreter, self: PyDict, kind: keyof typeof viewClasses): Value =>
  vm.host.python2 ? new PyList(new DictView(self, kind).list()) : new DictView(self, kind)

methods(dictClass, {
  '__init__(from!? **keywords)': (vm, self: PyDict, from: Value | undefined, keywords: Map<string, Value>) => {
    updateDict(vm, self, from, keywords)
    return null
  },
  'get(key default?)': (_vm, self: PyDict, key: Value, fallback: Value = null) => self.get(key) ?? fallback,
  keys: (vm, self: PyDict) => view(vm, self, 'keys'),
  values: (vm, self: PyDict) => view(vm, self, 'values'),
  items: (vm, self: PyDict) => view(vm, self, 'items'),
  iteritems: (_vm, self: PyDict) => over([...self.entries()].map((entry) => new PyTuple([...entry]))),
  iterkeys: (_vm, self: PyDict) => over([...self.entries()].map(([key]) => key)),
  itervalues: (_vm, self: PyDict) => over([...self.entries()].map(([, value]) => value)),
  'has_key(key)': (_vm, self: PyDict, key: Value) => self.has(key),
  'pop(key default?)': (_vm, self: PyDict, key: Value, fallback?: Value) => {
    if (fallback !== undefined && !self.has(key)) return fallback
    return self.delete(key)
  },
  popitem: (_vm, self: PyDict) => {
    const last = [...self.entries()].at(-1)
    if (!last) throw error('KeyError', 'popitem(): dictionary is empty')
    self.delete(last[0])
    return new PyTuple([...last])
  },
  'setdefault(key default?)': (_vm, self: PyDict, key: Value, fallback: Value = null) => {
    const found = self.get(key)
    if (found !== undefined) return found
    self.set(key, fallback)
    return fallback
  },
  'update(from!? **keywords)': (vm, self: PyDict, from: Value | undefined, keywords: Map<string, Value>) => {
    updateDict(vm, self, from, keywords)
    return null
  },
  clear: (_vm, self: PyDict) => {
    self.map.clear()
    return null
  },
  copy: (_vm, self: PyDict) => {
    const made = new PyDict(self.cls)
    if (self.attrs) made.attrs = new Map(self.attrs)
    for (const [key, value] of self.entries()) made.set(key, value)
    return made
  },
  __len__: (_vm, self: PyDict) => self.size,
  __iter__: (_vm, self: PyDict) => over([...self.entries()].map(([key]) => key)),
  '__contains__(key)': (_vm, self: PyDict, key: Value) => self.has(key),
  '__getitem__(key)': (_vm, self: PyDict, key: Value) => {
    const found = self.get(key)
    if (found === undefined) throw error('KeyError', key)
    return found
  },
  '__setitem__(key value)': (_vm, self: PyDict, key: Value, value: Value) => {
    self.set(key, value)
    return null
  },
  '__delitem__(key)': (_vm, self: PyDict, key: Value) => {
    self.delete(key)
    return null
  },
  '__eq__(other)': (vm, self, other) => equal(vm, self, other),
  __reversed__: (_vm, self: PyDict) => over([...self.entries()].map(([key]) => key).reverse()),
  __repr__: (vm, self) => repr(vm, self),
})

const asSet = (vm: Interpreter, value: Value): PySet =>
  value instanceof PySet ? value : new PySet(valuesOf(vm, value))

const setReads: Record<string, NativeFunction> = {
  __len__: (_vm, self: PySet) => self.size,
  __iter__: (_vm, self: PySet) => over([...self.values()]),
  '__contains__(item)': (_vm, self: PySet, item: Value) => self.has(item),
  copy: (_vm, self: PySet) => new PySet(self.map.values(), self.cls),
  'union(*others)': (vm, self: PySet, others: Value[]) =>
    new PySet([...self.map.values(), ...others.flatMap((each) => valuesOf(vm, each))], self.cls),
  'intersection(*others)': (vm, self: PySet, others: Value[]) => {
    const sets = others.map((each) => asSet(vm, each))
    return new PySet(
      [...self.map.values()].filter((item) => sets.every((each) => each.has(item))),
      self.cls,
    )
  },
  'difference(*others)': (vm, self: PySet, others: Value[]) => {
    const sets = others.map((each) => asSet(vm, each))
    return new PySet(
      [...self.map.values()].filter((item) => !sets.some((each) => each.has(item))),
      self.cls,
    )
  },
  'symmetric_difference(other)': (vm, self: PySet, other: Value) => {
    const set = asSet(vm, other)
    return new PySet(
      [
        ...[...self.map.values()].filter((item) => !set.has(item)),
        ...[...set.map.values()].filter((item) => !self.has(item)),
      ],
      self.cls,
    )
  },
  'issubset(other)': (vm, self: PySet, other: Value) => {
    const set = asSet(vm, other)
    return [...self.map.values()].every((item) => set.has(item))
  },
  'issuperset(other)': (vm, self: PySet, other: Value) =>
    [...asSet(vm, other).map.values()].every((item) => self.has(item)),
  'isdisjoint(other)': (vm, self: PySet, other: Value) =>
    ![...asSet(vm, other).map.values()].some((item) => self.has(item)),
}
methods(frozensetClass, {
  ...setReads,
  '__new__(cls iterable!?)': (vm, cls: PyClass, iterable?: Value) =>
    new PySet(iterable === undefined ? [] : valuesOf(vm, iterable), cls),
})
methods(setClass, {
  ...setReads,
  '__init__(iterable!?)': (vm, self: PySet, iterable?: Value) => {
    if (iterable !== undefined) for (const item of valuesOf(vm, iterable)) self.add(item)
    return null
  },
  'add(item)': (vm, self: PySet, item: Value) => {
    self.add(item)
    vm.allocated += 32
    return null
  },
  'remove(item)': (_vm, self: PySet, item: Value) => {
    if (!self.has(item)) throw error('KeyError', item)
    discard(self, item)
    return null
  },
  'discard(item)': (_vm, self: PySet, item: Value) => {
    discard(self, item)
    return null
  },
  pop: (_vm, self: PySet) => {
    for (const item of self.values()) {
      discard(self, item)
      return item
    }
    throw error('KeyError', 'pop from an empty set')
  },
  clear: (_vm, self: PySet) => {
    self.map.clear()
    return null
  },
  'update(*others)': (vm, self: PySet, others: Value[]) => {
    for (const each of others) for (const item of [...valuesOf(vm, each)]) self.add(item)
    return null
  },
  'difference_update(other)': (vm, self: PySet, other: Value) => {
    for (const item of [...valuesOf(vm, other)]) discard(self, item)
    return null
  },
  'intersection_update(other)': (vm, self: PySet, other: Value) => {
    const kept = asSet(vm, other)
    for (const item of [...self.map.values()]) if (!kept.has(item)) discard(self, item)
    return null
  },
})

function discard(set: PySet, item: Value): void {
  for (const [key, value] of new PySet([item]).map) {
    void value
    set.map.delete(key)
  }
}

methods(rangeClass, {
  '__new__(cls start stop? step?)': (_vm, _cls, start: Value, stop?: Value, step?: Value) => {
    const by = step === undefined ? 1 : toIndex(step)
    if (by === 0) throw valueError('range() arg 3 must not be zero')
    return stop === undefined ? new PyRange(0, toIndex(start), 1) : new PyRange(toIndex(start), toIndex(stop), by)
  },
  __len__: (_vm, self: PyRange) => self.length,
  '__getitem__(index)': (vm, self, index) => getItem(vm, self, index),
  'index(value)': (_vm, self: PyRange, value: Value) => {
    const at = (toIndex(value) - self.start) / self.step
    if (!Number.isInteger(at) || at < 0 || at >= self.length) throw valueError(`${toIndex(value)} is not in range`)
    return at
  },
  'count(value)': (vm, self: PyRange, value: Value) => valuesOf(vm, self).filter((each) => each === value).length,
})
for (const part of ['start', 'stop', 'step'] as const) {
  rangeClass.dict.set(part, new PyGetSet((self: PyRange) => self[part]))
  sliceClass.dict.set(part, new PyGetSet((self: PySlice) => self[part]))
}
methods(sliceClass, {
  '__new__(cls start stop? step?)': (_vm, _cls, start: Value, stop?: Value, step?: Value) =>
    stop === undefined ? new PySlice(null, start, null) : new PySlice(start, stop, step ?? null),
})
