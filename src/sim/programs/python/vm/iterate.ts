import { PyDict, PySet } from '../objects/dict.ts'
import { error, notSimulated, PyError, typeError } from '../objects/errors.ts'
import { isWide } from '../objects/text.ts'
import {
  Control,
  Obj,
  PyBytes,
  PyGenerator,
  PyIterator,
  PyList,
  PyRange,
  PyTuple,
  typeName,
  type Value,
} from '../objects/value.ts'
import { getSpecial } from './attributes.ts'
import type { Interpreter } from './interpreter.ts'

/** An iterator over a built-in object; undefined for others. */
export function builtinIterator(value: Value): PyIterator | PyGenerator | undefined {
  if (typeof value === 'string') {
    if (isWide(value)) return over([...value])
    let at = 0
    return new PyIterator(() => (at < value.length ? value[at++] : undefined))
  }
  if (!(value instanceof Obj)) return undefined
  if (value instanceof PyIterator || value instanceof PyGenerator) return value
  if (
    value.cls.user &&
    value.cls.lookup('__iter__') !== undefined &&
    !(value.cls.lookup('__iter__') as Obj).cls.name.startsWith('builtin')
  )
    return undefined
  if (value instanceof PyList || value instanceof PyTuple) {
    let at = 0
    const { items } = value
    return new PyIterator(() => items[at++])
  }
  if (value instanceof PyRange) {
    let at = value.start
    const { stop, step } = value
    return new PyIterator(() => {
      if (step > 0 ? at >= stop : at <= stop) return undefined
      const current = at
      at += step
      return current
    })
  }
  if (value instanceof PyDict) {
    const { size } = value
    const entries = value.entries()
    return new PyIterator(() => {
      if (value.size !== size) throw error('RuntimeError', 'dictionary changed size during iteration')
      return entries.next().value?.[0]
    })
  }
  if (value instanceof PySet) {
    const { size } = value
    const values = value.values()
    return new PyIterator(() => {
      if (value.size !== size) throw error('RuntimeError', 'Set changed size during iteration')
      const { value: next } = values.next()
      return next as Value | undefined
    })
  }
  if (value instanceof PyBytes) {
    let at = 0
    return new PyIterator(() => value.data[at++])
  }
  return undefined
}

export function over(values: Iterable<Value>): PyIterator {
  const iterator = values[Symbol.iterator]()
  return new PyIterator(() => {
    const { done, value } = iterator.next()
    return done ? undefined : value
  })
}

/** iter(): calls `__iter__` where there is one. */
export function getIterator(vm: Interpreter, value: Value, message?: string): Value {
  const builtin = builtinIterator(value)
  if (builtin) return builtin
  const method = getSpecial(vm, value, '__iter__')
  if (method !== undefined) return vm.call(method, [])
  const item = getSpecial(vm, value, '__getitem__')
  if (item === undefined) throw typeError(message ?? `'${typeName(value)}' object is not iterable`)
  let at = 0
  return new PyIterator(() => {
    try {
      return vm.call(item, [at++])
    } catch (thrown) {
      if (thrown instanceof PyError && thrown.exception.cls.name === 'IndexError') return undefined
      throw thrown
    }
  })
}

/** The next value of an iterator at once, or undefined at its end. */
export function nextValue(vm: Interpreter, iterator: Value): Value | undefined {
  if (iterator instanceof PyIterator) {
    const value = iterator.next()
    if (value instanceof Control) throw notSimulated('waiting for input inside a conversion')
    return value
  }
  try {
    if (iterator instanceof PyGenerator) return vm.call(vm.builtins.get('next')!, [iterator])
    const method = getSpecial(vm, iterator, '__next__') ?? getSpecial(vm, iterator, 'next')
    if (method === undefined) throw typeError(`'${typeName(iterator)}' object is not an iterator`)
    return vm.call(method, [])
  } catch (thrown) {
    if (thrown instanceof PyError && thrown.exception.cls.name === 'StopIteration') return undefined
    throw thrown
  }
}

/** All values of an iterable. */
export function valuesOf(vm: Interpreter, value: Value, message?: string): readonly Value[] {
  if (value instanceof PyList || value instanceof PyTuple) {
    if (!value.cls.user) return value.items
  }
  const iterator = getIterator(vm, value, message)
  const values: Value[] = []
  for (let next = nextValue(vm, iterator); next !== undefined; next = nextValue(vm, iterator)) {
    values.push(next)
    if (values.length > 40_000_000) throw error('MemoryError')
  }
  vm.allocated += values.length * 8
  return values
}
