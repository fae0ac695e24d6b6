import { compare, isObject, JqError, type Json, typeOf } from './value.ts'

export type Path = readonly Json[]

export function index(value: Json, key: Json): Json {
  if (isObject(value) && typeof key === 'string') return Object.hasOwn(value, key) ? value[key]! : null
  if (Array.isArray(value) && typeof key === 'number')
    return value[key < 0 ? value.length + Math.floor(key) : Math.floor(key)] ?? null
  if (value === null && (typeof key === 'string' || typeof key === 'number' || key === null)) return null
  if (isObject(key) && (Array.isArray(value) || value === null)) return slice(value, key.start ?? null, key.end ?? null)
  if (Array.isArray(value) && Array.isArray(key))
    return value.flatMap((_, i) => (key.every((each, k) => compare(value[i + k] ?? null, each) === 0) ? [i] : []))
  throw new JqError(`Cannot index ${typeOf(value)} with ${typeof key === 'string' ? `"${key}"` : typeOf(key)}`)
}

export function slice(value: Json, from: Json, to: Json): Json {
  if (value === null) return null
  if (typeof value !== 'string' && !Array.isArray(value)) throw new JqError(`Cannot index ${typeOf(value)} with object`)
  const items = typeof value === 'string' ? [...value] : value
  const [start, end] = bounds(items.length, from, to)
  const taken = items.slice(start, end)
  return typeof value === 'string' ? (taken as string[]).join('') : (taken as Json[])
}

function bounds(length: number, from: Json, to: Json): [number, number] {
  const clamp = (at: number) => Math.max(0, Math.min(length, at < 0 ? length + at : at))
  return [
    typeof from === 'number' ? clamp(Math.floor(from)) : 0,
    typeof to === 'number' ? clamp(Math.ceil(to)) : length,
  ]
}

export function getPath(value: Json, path: Path): Json {
  let out = value
  for (const key of path) {
    if (out === null) return null
    out = index(out, key)
  }
  return out
}

export function setPath(value: Json, path: Path, to: Json): Json {
  const [key, ...rest] = path
  if (key === undefined) return to
  if (typeof key === 'string') {
    if (value !== null && !isObject(value)) throw new JqError(`Cannot index ${typeOf(value)} with "${key}"`)
    return { ...value, [key]: setPath(value === null ? null : (value[key] ?? null), rest, to) }
  }
  if (value !== null && !Array.isArray(value)) throw new JqError(`Cannot index ${typeOf(value)} with ${typeOf(key)}`)
  const copy = [...(value ?? [])]
  if (typeof key === 'number') {
    const at = key < 0 ? copy.length + key : key
    if (at < 0) throw new JqError('Out of bounds negative array index')
    if (at > 1_000_000) throw new JqError('Array index too large')
    while (copy.length < at) copy.push(null)
    copy[at] = setPath(copy[at] ?? null, rest, to)
    return copy
  }
  if (!isObject(key)) throw new JqError('Invalid path component')
  const [start, end] = bounds(copy.length, key.start ?? null, key.end ?? null)
  return [...copy.slice(0, start), ...(setPath(copy.slice(start, end), rest, to) as Json[]), ...copy.slice(end)]
}

export function deletePaths(value: Json, list: readonly Path[]): Json {
  let out = value
  for (const path of [...list].sort((a, b) => compare(b as Json[], a as Json[]))) out = deletePath(out, path)
  return out
}

function deletePath(value: Json, path: Path): Json {
  const [key, ...rest] = path
  if (value === null || key === undefined) return null
  if (rest.length > 0) {
    const inner = index(value, key)
    return inner === null ? value : setPath(value, [key], deletePath(inner, rest))
  }
  if (isObject(value) && typeof key === 'string')
    return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
  if (Array.isArray(value) && typeof key === 'number')
    return value.filter((_, i) => i !== (key < 0 ? value.length + key : key))
  if (Array.isArray(value) && isObject(key)) {
    const [start, end] = bounds(value.length, key.start ?? null, key.end ?? null)
    return value.filter((_, i) => i < start || i >= end)
  }
  throw new JqError(`Cannot delete field at ${typeof key === 'string' ? 'object' : 'array'} index of ${typeOf(value)}`)
}

export function* iterate(value: Json, path: Path | undefined): Generator<[Json, Path | undefined]> {
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield [item, path && [...path, i]]
  else if (isObject(value)) for (const key of Object.keys(value)) yield [value[key]!, path && [...path, key]]
  else throw new JqError(`Cannot iterate over ${typeOf(value)}${value === null ? '' : ` (${JSON.stringify(value)})`}`)
}

export function* recurse(input: Json, path: Path | undefined): Generator<[Json, Path | undefined]> {
  yield [input, path]
  if (typeof input !== 'object' || input === null) return
  for (const [value, at] of iterate(input, path)) yield* recurse(value, at)
}
