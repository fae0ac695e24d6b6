import { PyDict, PySet } from '../../objects/dict.ts'
import { typeError, valueError } from '../../objects/errors.ts'
import { asciiOnly } from '../../objects/text.ts'
import { PyList, PySlice, PyTuple, typeName, type Value } from '../../objects/value.ts'
import { findAttribute } from '../attributes.ts'
import type { Frame } from '../frame.ts'
import type { Interpreter } from '../interpreter.ts'
import { getIterator, nextValue, valuesOf } from '../iterate.ts'
import { format, repr, str } from '../text.ts'
import type { Handler } from './handler.ts'

/** Takes the top values off the stack. */
export function popMany({ stack }: Frame, count: number): Value[] {
  return count === 0 ? [] : stack.splice(stack.length - count, count)
}

function update(vm: Interpreter, target: PyDict, from: Value): void {
  if (from instanceof PyDict) for (const [key, value] of from.entries()) target.set(key, value)
  else {
    const keys = findAttribute(vm, from, 'keys')
    if (keys === undefined) throw typeError(`'${typeName(from)}' object is not a mapping`)
    for (const key of valuesOf(vm, vm.call(keys, [])))
      target.set(key, vm.call(findAttribute(vm, from, '__getitem__')!, [key]))
  }
}

/** Building and taking apart tuples, lists, sets, dicts and strings. */
export const collections = {
  BUILD_TUPLE: (vm, frame, count) => {
    vm.allocated += 48 + count * 8
    const items = popMany(frame, count)
    frame.stack.push(new PyTuple(items))
  },
  BUILD_LIST: (vm, frame, count) => {
    vm.allocated += 64 + count * 8
    const items = popMany(frame, count)
    frame.stack.push(new PyList(items))
  },
  BUILD_SET: (vm, frame, count) => {
    vm.allocated += 216 + count * 32
    const items = popMany(frame, count)
    frame.stack.push(new PySet(items))
  },
  BUILD_MAP: (vm, frame, count) => {
    vm.allocated += 64 + count * 100
    const made = new PyDict()
    const items = popMany(frame, count * 2)
    for (let i = 0; i < items.length; i += 2) made.set(items[i]!, items[i + 1]!)
    frame.stack.push(made)
  },
  BUILD_SLICE: (_vm, frame) => {
    const [start = null, stop = null, step = null] = popMany(frame, 3)
    frame.stack.push(new PySlice(start, stop, step))
  },
  BUILD_STRING: (vm, frame, count) => {
    const text = popMany(frame, count).join('')
    vm.allocated += text.length
    frame.stack.push(text)
  },
  FORMAT: (vm, { stack }, flags) => {
    const spec = flags & 1 ? (stack.pop() as string) : ''
    let value = stack.pop()!
    const conversion = flags >> 1
    if (conversion === 1) value = str(vm, value)
    else if (conversion === 2) value = repr(vm, value)
    else if (conversion === 3) value = asciiOnly(repr(vm, value))
    stack.push(format(vm, value, spec))
  },
  LIST_APPEND: (vm, { stack }, depth) => {
    const value = stack.pop()!
    vm.allocated += 8
    ;(stack[stack.length - depth] as PyList).items.push(value)
  },
  SET_ADD: (vm, { stack }, depth) => {
    const value = stack.pop()!
    vm.allocated += 32
    ;(stack[stack.length - depth] as PySet).add(value)
  },
  MAP_ADD: (vm, { stack }, depth) => {
    const value = stack.pop()!
    const key = stack.pop()!
    vm.allocated += 100
    ;(stack[stack.length - depth] as PyDict).set(key, value)
  },
  LIST_EXTEND: (vm, { stack }) => {
    const more = stack.pop()!
    const list = stack[stack.length - 1] as PyList
    const values = valuesOf(vm, more, `Value after * must be an iterable, not ${typeName(more)}`)
    for (const value of values) list.items.push(value)
  },
  SET_UPDATE: (vm, { stack }) => {
    const more = stack.pop()!
    for (const value of valuesOf(vm, more)) (stack[stack.length - 1] as PySet).add(value)
  },
  DICT_UPDATE: (vm, { stack }) => {
    const more = stack.pop()!
    update(vm, stack[stack.length - 1] as PyDict, more)
  },
  /** Keyword arguments of a call: no name twice. */
  DICT_MERGE: (vm, { stack }) => {
    const more = stack.pop()!
    const target = stack[stack.length - 1] as PyDict
    if (!(more instanceof PyDict) && findAttribute(vm, more, 'keys') === undefined)
      throw typeError(`argument after ** must be a mapping, not ${typeName(more)}`)
    if (more instanceof PyDict)
      for (const [key] of more.entries())
        if (target.has(key)) throw typeError(`got multiple values for keyword argument '${String(key)}'`)
    update(vm, target, more)
  },
  LIST_TO_TUPLE: (_vm, { stack }) => {
    stack.push(new PyTuple((stack.pop() as PyList).items))
  },
  UNPACK: (vm, { stack }, count) => {
    const value = stack.pop()!
    let items: readonly Value[]
    if (value instanceof PyTuple || value instanceof PyList) items = value.items
    else {
      const iterator = getIterator(vm, value, `cannot unpack non-iterable ${typeName(value)} object`)
      const taken: Value[] = []
      for (let next = nextValue(vm, iterator); next !== undefined; next = nextValue(vm, iterator)) {
        taken.push(next)
        if (taken.length > count) break
      }
      items = taken
    }
    if (items.length > count) throw valueError(`too many values to unpack (expected ${count})`)
    if (items.length < count) throw valueError(`not enough values to unpack (expected ${count}, got ${items.length})`)
    for (let i = count - 1; i >= 0; i--) stack.push(items[i]!)
  },
  UNPACK_STAR: (vm, { stack }, counts) => {
    const before = counts & 255
    const after = counts >> 8
    const items = valuesOf(vm, stack.pop()!)
    if (items.length < before + after)
      throw valueError(`not enough values to unpack (expected at least ${before + after}, got ${items.length})`)
    for (let i = items.length - 1; i >= items.length - after; i--) stack.push(items[i]!)
    stack.push(new PyList(items.slice(before, items.length - after)))
    for (let i = before - 1; i >= 0; i--) stack.push(items[i]!)
  },
} satisfies Record<string, Handler>
