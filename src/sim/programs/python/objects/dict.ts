import { error, typeError } from './errors.ts'
import {
  bytesClass,
  classOf,
  dictClass,
  frozensetClass,
  Obj,
  PyBytes,
  type PyClass,
  PyFloat,
  PyFunction,
  PyNative,
  PyTuple,
  setClass,
  typeName,
  type Value,
} from './value.ts'

/** How a user's class hashes: set by the interpreter that runs. */
export type UserHash = (value: Obj, method: Value) => Value

let userHash: UserHash = () => 0

/** Runs `__hash__` of users' classes; whoever runs says how before it does. */
export function setUserHash(hash: UserHash): void {
  userHash = hash
}

/** A key of a JavaScript map that is equal where Python's values are equal and hash alike. */
export type Key = null | number | bigint | string | Obj

export function keyOf(value: Value): Key {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
      return value
    case 'boolean':
      return value ? 1 : 0
  }
  if (value === null) return null
  if (value instanceof PyFloat) return value.value === 0 ? 0 : value.value
  if (value instanceof PyTuple) {
    let key = '\0('
    for (const item of value.items) key += tupleKey(item)
    return key
  }
  if (value instanceof PyBytes && value.cls === bytesClass)
    return `\0b${String.fromCharCode(...value.data.subarray(0, 60_000))}`
  if (value instanceof PySet && value.cls === frozensetClass)
    return `\0f${[...value.map.keys()]
      .map((key) => tupleKey(key as Value))
      .sort()
      .join('')}`
  if (value instanceof PyFunction || value instanceof PyNative) return value
  const method = classOf(value).lookup('__hash__')
  if (method === null) throw typeError(`unhashable type: '${typeName(value)}'`)
  if (method !== undefined && !(method instanceof PyNative))
    return `\0h${value.cls.name} ${String(userHash(value, method))}`
  if (method === undefined) throw typeError(`unhashable type: '${typeName(value)}'`)
  return value
}

const identities = new WeakMap<Obj, number>()
let identityCount = 0

/** A number that tells objects apart; never shown. */
function identity(object: Obj): number {
  let known = identities.get(object)
  if (known === undefined) {
    known = ++identityCount
    identities.set(object, known)
  }
  return known
}

function tupleKey(item: Value): string {
  const key = keyOf(item)
  if (typeof key === 'string') return `s${key.length}:${key}`
  if (key instanceof Obj) return `o${identity(key)};`
  return `n${String(key)};`
}

export class PyDict extends Obj {
  readonly map = new Map<Key, [key: Value, value: Value]>()
  /** `__missing__` of defaultdict. */
  constructor(cls: PyClass = dictClass) {
    super(cls)
  }
  static of(entries: Iterable<readonly [Value, Value]>): PyDict {
    const made = new PyDict()
    for (const [key, value] of entries) made.set(key, value)
    return made
  }
  /** A dict over names, as of a module or an object: what is set in it reaches them. */
  static over(names: Map<string, Value>): PyDict {
    const dict = PyDict.of(names)
    const { map } = dict
    const set = map.set.bind(map)
    map.set = (key, entry) => {
      names.set(String(entry[0]), entry[1])
      return set(key, entry)
    }
    return dict
  }
  get(key: Value): Value | undefined {
    return this.map.get(keyOf(key))?.[1]
  }
  set(key: Value, value: Value): void {
    const hashed = keyOf(key)
    const entry = this.map.get(hashed)
    if (entry) entry[1] = value
    else this.map.set(hashed, [key, value])
  }
  has(key: Value): boolean {
    return this.map.has(keyOf(key))
  }
  delete(key: Value): Value {
    const hashed = keyOf(key)
    const entry = this.map.get(hashed)
    if (!entry) throw error('KeyError', key)
    this.map.delete(hashed)
    return entry[1]
  }
  get size(): number {
    return this.map.size
  }
  entries(): IterableIterator<[Value, Value]> {
    return this.map.values()
  }
}

/** set, or frozenset. */
export class PySet extends Obj {
  readonly map = new Map<Key, Value>()
  constructor(items: Iterable<Value> = [], cls: PyClass = setClass) {
    super(cls)
    for (const item of items) this.add(item)
  }
  add(item: Value): void {
    const key = keyOf(item)
    if (!this.map.has(key)) this.map.set(key, item)
  }
  has(item: Value): boolean {
    return this.map.has(keyOf(item))
  }
  get size(): number {
    return this.map.size
  }
  /** In the order of CPython's table where it is known: small integers go by their value. */
  *values(): IterableIterator<Value> {
    let sorted = this.map.size > 1
    let most = 0
    for (const value of this.map.values()) {
      if (typeof value !== 'number' || value < 0) {
        sorted = false
        break
      }
      most = Math.max(most, value)
    }
    if (!sorted || most >= tableSize(this.map.size)) yield* this.map.values()
    else yield* [...this.map.values()].sort((a, b) => (a as number) - (b as number))
  }
}

function tableSize(used: number): number {
  let size = 8
  while (used * 5 >= size * 3) size *= 4
  return size
}
