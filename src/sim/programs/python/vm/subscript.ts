import { PyDict } from '../objects/dict.ts'
import { error, typeError, valueError } from '../objects/errors.ts'
import { asInt, toIndex } from '../objects/numbers.ts'
import { isWide } from '../objects/text.ts'
import { PyBytes, PyClass, PyList, PyRange, PySlice, PyTuple, typeName, type Value } from '../objects/value.ts'
import { findAttribute, getSpecial, userMethod } from './attributes.ts'
import type { Interpreter } from './interpreter.ts'
import { valuesOf } from './iterate.ts'

/** Start, stop and step of a slice over so many items. */
export function sliceBounds(slice: PySlice, length: number): { start: number; stop: number; step: number } {
  const part = (value: Value, what: number): number => {
    if (value === null) return what
    const whole = asInt(value)
    if (whole === undefined) throw typeError('slice indices must be integers or None or have an __index__ method')
    return Number(whole)
  }
  const step = part(slice.step, 1)
  if (step === 0) throw valueError('slice step cannot be zero')
  const clamp = (value: number, low: number, high: number) =>
    Math.max(low, Math.min(high, value < 0 ? value + length : value))
  if (step > 0)
    return { start: clamp(part(slice.start, 0), 0, length), stop: clamp(part(slice.stop, length), 0, length), step }
  return {
    start: slice.start === null ? length - 1 : clamp(part(slice.start, 0), -1, length - 1),
    stop: slice.stop === null ? -1 : clamp(part(slice.stop, 0), -1, length - 1),
    step,
  }
}

function pick<T>(items: ArrayLike<T>, slice: PySlice): T[] {
  const { start, stop, step } = sliceBounds(slice, items.length)
  const picked: T[] = []
  if (step > 0) for (let i = start; i < stop; i += step) picked.push(items[i]!)
  else for (let i = start; i > stop; i += step) picked.push(items[i]!)
  return picked
}

function position(index: Value, length: number, what: string): number {
  const whole = asInt(index)
  if (whole === undefined) throw typeError(`${what} indices must be integers or slices, not ${typeName(index)}`)
  const at = Number(whole) < 0 ? Number(whole) + length : Number(whole)
  if (at < 0 || at >= length)
    throw error(
      'IndexError',
      `${what === 'string' || what === 'byte' ? what.replace('byte', '') : what}${what === 'byte' ? '' : ' '}index out of range`,
    )
  return at
}

/** `object[index]` */
export function getItem(vm: Interpreter, object: Value, index: Value): Value {
  if (typeof object === 'string') {
    const units: ArrayLike<string> = isWide(object) ? [...object] : object
    if (index instanceof PySlice) {
      const { start, stop, step } = sliceBounds(index, units.length)
      if (step === 1 && typeof units === 'string') return units.slice(start, Math.max(start, stop))
      return pick(units, index).join('')
    }
    return units[position(index, units.length, 'string')]!
  }
  const method = userMethod(object, '__getitem__')
  if (method !== undefined) return vm.call(method, [object, index])
  if (object instanceof PyList || object instanceof PyTuple) {
    const { items } = object
    const isList = object instanceof PyList
    if (index instanceof PySlice) return isList ? new PyList(pick(items, index)) : new PyTuple(pick(items, index))
    return items[position(index, items.length, isList ? 'list' : 'tuple')]!
  }
  if (object instanceof PyDict) {
    const found = object.get(index)
    if (found !== undefined) return found
    const missing = getSpecial(vm, object, '__missing__')
    if (missing !== undefined) return vm.call(missing, [index])
    throw error('KeyError', index)
  }
  if (object instanceof PyBytes) {
    if (index instanceof PySlice) return new PyBytes(Uint8Array.from(pick(object.data, index)), object.cls)
    return object.data[position(index, object.data.length, 'byte')]!
  }
  if (object instanceof PyRange) {
    const { length } = object
    if (index instanceof PySlice) {
      const { start, stop, step } = sliceBounds(index, length)
      return new PyRange(object.start + start * object.step, object.start + stop * object.step, object.step * step)
    }
    return object.start + position(index, length, 'range object') * object.step
  }
  if (object instanceof PyClass) {
    const meta = object.cls.lookup('__getitem__')
    if (meta !== undefined && meta !== null) return vm.call(meta, [object, index])
    const generic = findAttribute(vm, object, '__class_getitem__')
    if (generic !== undefined) return vm.call(generic, [index])
    // `list[int]`: a type for annotations, which nobody evaluates.
    if (['list', 'dict', 'tuple', 'set', 'frozenset', 'type'].includes(object.name)) return object
    throw typeError(`type '${object.name}' is not subscriptable`)
  }
  const special = getSpecial(vm, object, '__getitem__')
  if (special !== undefined) return vm.call(special, [index])
  throw typeError(`'${typeName(object)}' object is not subscriptable`)
}

export function setItem(vm: Interpreter, object: Value, index: Value, value: Value): void {
  const method = userMethod(object, '__setitem__')
  if (method !== undefined) {
    vm.call(method, [object, index, value])
    return
  }
  if (object instanceof PyList) {
    const { items } = object
    if (index instanceof PySlice) {
      const { start, stop, step } = sliceBounds(index, items.length)
      const values = valuesOf(vm, value, 'can only assign an iterable')
      if (step === 1) {
        object.items = [...items.slice(0, start), ...values, ...items.slice(Math.max(start, stop))]
        return
      }
      const places = pick(
        items.map((_, i) => i),
        index,
      )
      if (places.length !== values.length)
        throw valueError(
          `attempt to assign sequence of size ${values.length} to extended slice of size ${places.length}`,
        )
      places.forEach((place, i) => {
        items[place] = values[i]!
      })
      return
    }
    const whole = asInt(index)
    if (whole === undefined) throw typeError(`list indices must be integers or slices, not ${typeName(index)}`)
    const at = Number(whole) < 0 ? Number(whole) + items.length : Number(whole)
    if (at < 0 || at >= items.length) throw error('IndexError', 'list assignment index out of range')
    items[at] = value
    return
  }
  if (object instanceof PyDict) {
    object.set(index, value)
    vm.allocated += 100
    return
  }
  if (object instanceof PyBytes && object.cls.name === 'bytearray') {
    object.data[position(index, object.data.length, 'bytearray')] = toIndex(value)
    return
  }
  const special = getSpecial(vm, object, '__setitem__')
  if (special === undefined) throw typeError(`'${typeName(object)}' object does not support item assignment`)
  vm.call(special, [index, value])
}

export function deleteItem(vm: Interpreter, object: Value, index: Value): void {
  const method = userMethod(object, '__delitem__')
  if (method !== undefined) {
    vm.call(method, [object, index])
    return
  }
  if (object instanceof PyList) {
    const { items } = object
    if (index instanceof PySlice) {
      const gone = new Set(
        pick(
          items.map((_, i) => i),
          index,
        ),
      )
      object.items = items.filter((_, i) => !gone.has(i))
      return
    }
    const whole = toIndex(index, `list indices must be integers or slices, not ${typeName(index)}`)
    const at = whole < 0 ? whole + items.length : whole
    if (at < 0 || at >= items.length) throw error('IndexError', 'list assignment index out of range')
    items.splice(at, 1)
    return
  }
  if (object instanceof PyDict) {
    object.delete(index)
    return
  }
  const special = getSpecial(vm, object, '__delitem__')
  if (special === undefined) throw typeError(`'${typeName(object)}' object doesn't support item deletion`)
  vm.call(special, [index])
}
