import { PyDict, PySet } from '../objects/dict.ts'
import {
  Cell,
  Obj,
  PyBytes,
  PyClass,
  PyException,
  PyFunction,
  PyGenerator,
  PyList,
  PyMethod,
  PyModule,
  PyTuple,
  type Value,
} from '../objects/value.ts'
import type { Frame } from '../vm/frame.ts'

/** Bytes of everything that can be reached, as CPython would hold it; and what of `wanted` was met on the way. */
export function liveBytes(frames: Iterable<Frame>, roots: Iterable<Value>, wanted?: Set<Value>): number {
  const seen = new Set<object>()
  const strings = new Set<string>()
  const pending: (Value | undefined)[] = [...roots]
  let total = 0
  const frame = (start: Frame | undefined) => {
    for (let at = start; at && !seen.has(at); at = at.back) {
      seen.add(at)
      pending.push(...at.locals, ...at.cells, ...at.stack, ...at.handled)
      maps(at.globals)
      if (at.names) maps(at.names)
    }
  }
  const maps = (map: ReadonlyMap<string, Value>) => {
    if (seen.has(map)) return
    seen.add(map)
    total += 64 + map.size * 100
    for (const value of map.values()) if (typeof value === 'object' || typeof value === 'string') pending.push(value)
  }
  for (const each of frames) frame(each)
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value === 'string') {
      // Long strings are objects of their own; short ones are mostly shared.
      if (value.length > 64 && value.length < 512 && strings.has(value)) continue
      if (value.length > 64 && value.length < 512) strings.add(value)
      if (value.length > 20) total += 49 + value.length
      continue
    }
    if (!(value instanceof Obj) || seen.has(value)) continue
    seen.add(value)
    wanted?.delete(value)
    total += 48
    if (value.attrs) maps(value.attrs)
    if (value instanceof PyList || value instanceof PyTuple) {
      total += value.items.length * 8
      for (const item of value.items) {
        if (typeof item === 'object' || typeof item === 'string') pending.push(item)
        else if (typeof item === 'number' && (item > 256 || item < -5)) total += 28
      }
    } else if (value instanceof PyDict) {
      total += value.size * 100
      for (const [key, item] of value.map.values()) pending.push(key, item)
    } else if (value instanceof PySet) {
      total += value.size * 64
      for (const item of value.map.values()) pending.push(item)
    } else if (value instanceof PyBytes) total += value.data.length
    else if (value instanceof PyFunction) {
      total += 100
      pending.push(...value.closure, ...value.defaults)
      maps(value.globals)
    } else if (value instanceof PyMethod) pending.push(value.self, value.callee)
    else if (value instanceof PyGenerator) frame(value.frame)
    else if (value instanceof Cell) pending.push(value.value)
    else if (value instanceof PyClass) {
      if (value.user) maps(value.dict)
    } else if (value instanceof PyModule) maps(value.attrs)
    else if (value instanceof PyException) pending.push(...value.args)
  }
  return total
}
