import { BINARY, COMPARISONS } from '../compile/operators.ts'
import { PyDict, PySet } from '../objects/dict.ts'
import { error, typeError, valueError } from '../objects/errors.ts'
import { asFloat, asInt, floorDivide, floorModulo, int, toIndex } from '../objects/numbers.ts'
import {
  bytearrayClass,
  NotImplemented,
  Obj,
  PyBytes,
  PyClass,
  PyFloat,
  PyInstance,
  PyList,
  PyMethod,
  PyRange,
  PyTuple,
  typeName,
  type Value,
} from '../objects/value.ts'
import { getSpecial, userMethod } from './attributes.ts'
import type { Interpreter } from './interpreter.ts'
import { valuesOf } from './iterate.ts'
import { percentFormat } from './percent.ts'

const METHODS: readonly string[] = [
  'add',
  'sub',
  'mul',
  'truediv',
  'floordiv',
  'mod',
  'pow',
  'lshift',
  'rshift',
  'and',
  'or',
  'xor',
  'matmul',
  'truediv',
]

/** `a op b`; `inPlace` tries the changing method first. */
export function binary(vm: Interpreter, op: number, a: Value, b: Value, inPlace = false): Value {
  const x = asInt(a)
  const y = asInt(b)
  if (x !== undefined && y !== undefined) {
    if (typeof a === 'boolean' && typeof b === 'boolean' && op >= 9 && op <= 11)
      return op === 9 ? a && b : op === 10 ? a || b : a !== b
    return typeof x === 'number' && typeof y === 'number' ? smallInts(op, x, y) : bigInts(op, BigInt(x), BigInt(y))
  }
  const f = asFloat(a)
  const g = asFloat(b)
  if (f !== undefined && g !== undefined) {
    const result = floats(op, f, g)
    if (result !== undefined) return result
  } else {
    const result = sequences(vm, op, a, b, inPlace)
    if (result !== undefined) return result
  }
  return overloaded(vm, op, a, b, inPlace)
}

function overloaded(vm: Interpreter, op: number, a: Value, b: Value, inPlace: boolean): Value {
  const name = METHODS[op]!
  const attempts: [Value, string, Value][] = []
  if (inPlace) attempts.push([a, `__i${name}__`, b])
  attempts.push([a, `__${name}__`, b], [b, `__r${name}__`, a])
  for (const [self, method, other] of attempts) {
    const found = userMethod(self, method)
    if (found === undefined) continue
    const result = vm.call(found, [self, other])
    if (result !== NotImplemented) return result
  }
  const symbol = BINARY[op] === '/2' ? '/' : BINARY[op]!
  if (op === 0 && !inPlace) {
    if (typeof a === 'string') throw typeError(`can only concatenate str (not "${typeName(b)}") to str`)
    if (a instanceof PyList) throw typeError(`can only concatenate list (not "${typeName(b)}") to list`)
    if (a instanceof PyTuple) throw typeError(`can only concatenate tuple (not "${typeName(b)}") to tuple`)
    if (a instanceof PyBytes) throw typeError(`can't concat ${typeName(b)} to ${typeName(a)}`)
  }
  if (op === 0 && typeof a === 'string') throw typeError(`can only concatenate str (not "${typeName(b)}") to str`)
  if (op === 2 && [a, b].some((each) => typeof each === 'string' || each instanceof PyList || each instanceof PyTuple))
    throw typeError(
      `can't multiply sequence by non-int of type '${typeName(typeof a === 'string' || a instanceof PyList || a instanceof PyTuple ? b : a)}'`,
    )
  throw typeError(
    `unsupported operand type(s) for ${op === 6 ? '** or pow()' : symbol}${inPlace ? '=' : ''}: '${typeName(a)}' and '${typeName(b)}'`,
  )
}

function smallInts(op: number, a: number, b: number): Value {
  let result: number
  switch (op) {
    case 0:
      result = a + b
      break
    case 1:
      result = a - b
      break
    case 2:
      result = a * b
      break
    case 3:
      if (b === 0) throw error('ZeroDivisionError', 'division by zero')
      return new PyFloat(a / b)
    case 4:
    case 13:
      if (b === 0)
        throw error(
          'ZeroDivisionError',
          op === 4 ? 'integer division or modulo by zero' : 'integer division or modulo by zero',
        )
      result = Math.floor(a / b)
      // The quotient of large numbers may have been rounded.
      if (Math.abs(a) > 2 ** 51) return int(floorDivide(BigInt(a), BigInt(b)))
      break
    case 5:
      if (b === 0) throw error('ZeroDivisionError', 'integer modulo by zero')
      result = a % b
      if (result !== 0 && result < 0 !== b < 0) result += b
      return result === 0 ? 0 : result
    case 6:
      if (b < 0) {
        if (a === 0) throw error('ZeroDivisionError', '0.0 cannot be raised to a negative power')
        return new PyFloat(a ** b)
      }
      result = a ** b
      break
    case 7:
      if (b < 0) throw valueError('negative shift count')
      if (b < 31 && Math.abs(a) < 2 ** 21) return a * 2 ** b
      return bigInts(op, BigInt(a), BigInt(b))
    case 8:
      if (b < 0) throw valueError('negative shift count')
      return Math.floor(a / 2 ** b)
    default:
      if (a === (a | 0) && b === (b | 0)) {
        if (op === 9) return a & b
        if (op === 10) return a | b
        if (op === 11) return a ^ b
      }
      return bigInts(op, BigInt(a), BigInt(b))
  }
  if (Number.isSafeInteger(result)) return result === 0 ? 0 : result
  return bigInts(op, BigInt(a), BigInt(b))
}

function bigInts(op: number, a: bigint, b: bigint): Value {
  switch (op) {
    case 0:
      return int(a + b)
    case 1:
      return int(a - b)
    case 2:
      return int(a * b)
    case 3:
      if (b === 0n) throw error('ZeroDivisionError', 'division by zero')
      if (!Number.isFinite(Number(a)) && !Number.isFinite(Number(a / b)))
        throw error('OverflowError', 'integer division result too large for a float')
      return new PyFloat(Number.isFinite(Number(a)) ? Number(a) / Number(b) : Number(a / b))
    case 4:
    case 13:
      if (b === 0n) throw error('ZeroDivisionError', 'integer division or modulo by zero')
      return int(floorDivide(a, b))
    case 5:
      if (b === 0n) throw error('ZeroDivisionError', 'integer modulo by zero')
      return int(floorModulo(a, b))
    case 6:
      return b < 0n ? new PyFloat(Number(a) ** Number(b)) : int(a ** b)
    case 7:
      return int(a << b)
    case 8:
      return int(a >> b)
    case 9:
      return int(a & b)
    case 10:
      return int(a | b)
    case 11:
      return int(a ^ b)
  }
  throw typeError(`unsupported operand type(s) for @: 'int' and 'int'`)
}

function floats(op: number, a: number, b: number): Value | undefined {
  switch (op) {
    case 0:
      return new PyFloat(a + b)
    case 1:
      return new PyFloat(a - b)
    case 2:
      return new PyFloat(a * b)
    case 3:
    case 13:
      if (b === 0) throw error('ZeroDivisionError', 'float division by zero')
      return new PyFloat(a / b)
    case 4:
      if (b === 0) throw error('ZeroDivisionError', 'float floor division by zero')
      return new PyFloat(Math.floor(a / b))
    case 5: {
      if (b === 0) throw error('ZeroDivisionError', 'float modulo')
      const rest = a % b
      return new PyFloat(rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest)
    }
    case 6: {
      if (a === 0 && b < 0) throw error('ZeroDivisionError', '0.0 cannot be raised to a negative power')
      const power = a ** b
      if (!Number.isFinite(power) && Number.isFinite(a) && Number.isFinite(b))
        throw error('OverflowError', 34, 'Numerical result out of range')
      return new PyFloat(power)
    }
  }
  return undefined
}

function sequences(vm: Interpreter, op: number, a: Value, b: Value, inPlace: boolean): Value | undefined {
  if (op === 0) {
    if (typeof a === 'string' && typeof b === 'string') {
      vm.allocated += a.length + b.length
      return a + b
    }
    if (a instanceof PyList && inPlace && !userMethod(a, '__iadd__')) {
      const more = b instanceof PyList ? b.items : valuesOf(vm, b)
      for (const item of [...more]) a.items.push(item)
      vm.allocated += more.length * 8
      return a
    }
    if (a instanceof PyList && b instanceof PyList) return new PyList([...a.items, ...b.items])
    if (a instanceof PyTuple && b instanceof PyTuple) return new PyTuple([...a.items, ...b.items])
    if (a instanceof PyBytes && b instanceof PyBytes) {
      const joined = new Uint8Array(a.data.length + b.data.length)
      joined.set(a.data)
      joined.set(b.data, a.data.length)
      vm.allocated += joined.length
      if (inPlace && a.cls === bytearrayClass) {
        a.data = joined
        return a
      }
      return new PyBytes(joined, a.cls)
    }
  }
  if (op === 2) return repeated(vm, a, b) ?? repeated(vm, b, a)
  if (op === 5 && typeof a === 'string') return percentFormat(vm, a, b)
  if (a instanceof PySet && b instanceof PySet) {
    const pick = (items: Iterable<Value>) => new PySet(items, a.cls)
    if (op === 10) return changed(a, pick([...a.map.values(), ...b.map.values()]), inPlace)
    if (op === 9) return changed(a, pick([...a.map.values()].filter((item) => b.has(item))), inPlace)
    if (op === 1) return changed(a, pick([...a.map.values()].filter((item) => !b.has(item))), inPlace)
    if (op === 11) {
      const both = [
        ...[...a.map.values()].filter((item) => !b.has(item)),
        ...[...b.map.values()].filter((item) => !a.has(item)),
      ]
      return changed(a, pick(both), inPlace)
    }
  }
  if (op === 10 && a instanceof PyDict && b instanceof PyDict) {
    const target = inPlace ? a : PyDict.of(a.entries())
    for (const [key, value] of b.entries()) target.set(key, value)
    return target
  }
  // Types joined: `int | None`.
  if (op === 10 && (a instanceof PyClass || a === null) && (b instanceof PyClass || b === null))
    return new PyTuple([a, b])
  return undefined
}

function changed(target: PySet, result: PySet, inPlace: boolean): PySet {
  if (!inPlace || target.cls.name === 'frozenset') return result
  target.map.clear()
  for (const item of result.map.values()) target.add(item)
  return target
}

/** `sequence * count` */
function repeated(vm: Interpreter, sequence: Value, count: Value): Value | undefined {
  const size = asInt(count)
  if (size === undefined) return undefined
  const times = size < 0 ? 0 : toIndex(size)
  if (typeof sequence === 'string') {
    reserve(vm, sequence.length * times)
    return sequence.repeat(times)
  }
  if (sequence instanceof PyList || sequence instanceof PyTuple) {
    reserve(vm, sequence.items.length * times * 8)
    const items: Value[] = []
    if (sequence.items.length * times > 40_000_000) throw error('MemoryError')
    for (let i = 0; i < times; i++) for (const item of sequence.items) items.push(item)
    return sequence instanceof PyList ? new PyList(items) : new PyTuple(items)
  }
  if (sequence instanceof PyBytes) {
    reserve(vm, sequence.data.length * times)
    const data = new Uint8Array(sequence.data.length * times)
    if (sequence.data.some((byte) => byte !== 0))
      for (let i = 0; i < times; i++) data.set(sequence.data, i * sequence.data.length)
    return new PyBytes(data, sequence.cls)
  }
  return undefined
}

function reserve(vm: Interpreter, bytes: number): void {
  vm.allocated += bytes
  if (bytes > 1_000_000) vm.host.reserve(bytes)
}

export function unary(vm: Interpreter, op: number, value: Value): Value {
  const whole = asInt(value)
  if (whole !== undefined) {
    if (op === 1) return whole
    if (op === 0) return typeof whole === 'bigint' ? int(-whole) : whole === 0 ? 0 : -whole
    return typeof whole === 'bigint' ? int(~whole) : -whole - 1
  }
  if (value instanceof PyFloat && op !== 2) return op === 0 ? new PyFloat(-value.value) : value
  const method = userMethod(value, ['__neg__', '__pos__', '__invert__'][op]!)
  if (method !== undefined) return vm.call(method, [value])
  throw typeError(`bad operand type for unary ${['-', '+', '~'][op]}: '${typeName(value)}'`)
}

/** `==` */
export function equal(vm: Interpreter, a: Value, b: Value): boolean {
  if (a === b) return !(a instanceof PyFloat && Number.isNaN(a.value))
  if (typeof a === 'string' || a === null) {
    if (typeof b !== 'object' || b === null) return false
  } else {
    const f = typeof a === 'object' ? (a instanceof PyFloat ? a.value : undefined) : a
    if (f !== undefined) {
      const g = typeof b === 'object' ? (b instanceof PyFloat ? b.value : undefined) : b
      // Loose equality compares bigint, number and boolean by value.
      // biome-ignore lint/suspicious/noDoubleEquals: by value
      if (g !== undefined && typeof g !== 'string') return f == g
    }
  }
  if (a instanceof Obj) {
    const own = userMethod(a, '__eq__')
    if (own !== undefined) {
      const result = vm.call(own, [a, b])
      if (result !== NotImplemented) return truth(vm, result)
    }
  }
  if (b instanceof Obj) {
    const own = userMethod(b, '__eq__')
    if (own !== undefined) {
      const result = vm.call(own, [b, a])
      if (result !== NotImplemented) return truth(vm, result)
    }
  }
  if (a instanceof PyList || a instanceof PyTuple) {
    if (!(a instanceof PyList ? b instanceof PyList : b instanceof PyTuple)) return false
    const x = a.items
    const y = (b as PyList).items
    return x.length === y.length && x.every((item, i) => item === y[i] || equal(vm, item, y[i]!))
  }
  if (a instanceof PyDict) {
    if (!(b instanceof PyDict) || a.size !== b.size) return false
    for (const [key, [, value]] of a.map) {
      const other = b.map.get(key)
      if (!other || !equal(vm, value, other[1])) return false
    }
    return true
  }
  if (a instanceof PySet)
    return b instanceof PySet && a.size === b.size && [...a.map.keys()].every((key) => b.map.has(key))
  if (a instanceof PyBytes)
    return b instanceof PyBytes && a.data.length === b.data.length && a.data.every((byte, i) => byte === b.data[i])
  if (a instanceof PyRange && b instanceof PyRange)
    return a.length === b.length && (a.length === 0 || (a.start === b.start && (a.length === 1 || a.step === b.step)))
  if (a instanceof PyMethod && b instanceof PyMethod) return a.self === b.self && a.callee === b.callee
  return false
}

const ORDER = ['__lt__', '__le__', '__gt__', '__ge__', '__eq__', '__ne__'] as const
const MIRROR = ['__gt__', '__ge__', '__lt__', '__le__', '__eq__', '__ne__'] as const

/** A comparison; its result is what the operator gives. */
export function compare(vm: Interpreter, op: number, a: Value, b: Value): Value {
  if (op >= 4) {
    const method = userMethod(a, ORDER[op]!)
    if (method !== undefined) {
      const result = vm.call(method, [a, b])
      if (result !== NotImplemented) return result
    }
    return equal(vm, a, b) === (op === 4)
  }
  const x = typeof a === 'number' ? a : (asInt(a) ?? (a instanceof PyFloat ? a.value : undefined))
  const y = typeof b === 'number' ? b : (asInt(b) ?? (b instanceof PyFloat ? b.value : undefined))
  if (x !== undefined && y !== undefined) return ordered(op, x, y)
  if (typeof a === 'string' && typeof b === 'string') return ordered(op, a, b)
  if ((a instanceof PyList && b instanceof PyList) || (a instanceof PyTuple && b instanceof PyTuple)) {
    const length = Math.min(a.items.length, b.items.length)
    for (let i = 0; i < length; i++)
      if (!equal(vm, a.items[i]!, b.items[i]!)) return compare(vm, op, a.items[i]!, b.items[i]!)
    return ordered(op, a.items.length, b.items.length)
  }
  if (a instanceof PySet && b instanceof PySet) {
    const within = (p: PySet, q: PySet) => [...p.map.keys()].every((key) => q.map.has(key))
    if (op === 0) return a.size < b.size && within(a, b)
    if (op === 1) return within(a, b)
    return op === 2 ? b.size < a.size && within(b, a) : within(b, a)
  }
  if (a instanceof PyBytes && b instanceof PyBytes)
    return ordered(op, String.fromCharCode(...a.data), String.fromCharCode(...b.data))
  for (const [self, method, other] of [
    [a, ORDER[op]!, b],
    [b, MIRROR[op]!, a],
  ] as const) {
    const found = userMethod(self, method)
    if (found === undefined) continue
    const result = vm.call(found, [self, other])
    if (result !== NotImplemented) return result
  }
  throw typeError(`'${COMPARISONS[op]}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`)
}

function ordered<T extends number | bigint | string>(op: number, a: T | bigint, b: T | bigint): boolean {
  return op === 0 ? a < b : op === 1 ? a <= b : op === 2 ? a > b : a >= b
}

export const less = (vm: Interpreter, a: Value, b: Value): boolean => truth(vm, compare(vm, 0, a, b))

/** bool() */
export function truth(vm: Interpreter, value: Value): boolean {
  switch (typeof value) {
    case 'boolean':
      return value
    case 'number':
      return value !== 0
    case 'string':
      return value !== ''
    case 'bigint':
      return true
  }
  if (value === null) return false
  if (value instanceof PyInstance || value.cls.user) {
    const bool = getSpecial(vm, value, '__bool__') ?? getSpecial(vm, value, '__nonzero__')
    if (bool !== undefined) return truth(vm, vm.call(bool, []))
    const length = getSpecial(vm, value, '__len__')
    if (length !== undefined) return vm.call(length, []) !== 0
    return true
  }
  if (value instanceof PyFloat) return value.value !== 0
  if (value instanceof PyList || value instanceof PyTuple) return value.items.length > 0
  if (value instanceof PyDict || value instanceof PySet) return value.size > 0
  if (value instanceof PyBytes) return value.data.length > 0
  if (value instanceof PyRange) return value.length > 0
  return true
}

/** `item in container` */
export function contains(vm: Interpreter, container: Value, item: Value): boolean {
  const method = userMethod(container, '__contains__')
  if (method !== undefined) return truth(vm, vm.call(method, [container, item]))
  if (typeof container === 'string') {
    if (typeof item !== 'string')
      throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`)
    return container.includes(item)
  }
  if (container instanceof PyDict || container instanceof PySet) return container.has(item)
  if (container instanceof PyRange) {
    const whole = asInt(item)
    if (typeof whole !== 'number') return false
    const { start, stop, step } = container
    return (step > 0 ? whole >= start && whole < stop : whole <= start && whole > stop) && (whole - start) % step === 0
  }
  if (container instanceof PyBytes) {
    if (item instanceof PyBytes) return latin(container.data).includes(latin(item.data))
    return container.data.includes(toIndex(item))
  }
  const items = container instanceof PyList || container instanceof PyTuple ? container.items : undefined
  for (const each of items ?? valuesOf(vm, container, `argument of type '${typeName(container)}' is not iterable`))
    if (each === item || equal(vm, each, item)) return true
  return false
}

export function latin(data: Uint8Array): string {
  let text = ''
  for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192))
  return text
}
