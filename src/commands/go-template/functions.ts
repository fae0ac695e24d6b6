import { formatValue, sprint, sprintf, sprintln } from './format.ts'
import { GoNil, GoText, isMap, isNil, isTrue, toJson, typeName } from './value.ts'

/** A function a template may call. A thrown Error's message is Go's. */
export type TemplateFunction = (...args: unknown[]) => unknown

function unwrap(value: unknown): unknown {
  return value instanceof GoText ? value.text : value
}

function length(value: unknown): number {
  if (typeof value === 'string') return new TextEncoder().encode(value).length
  if (Array.isArray(value)) return value.length
  if (value instanceof GoNil) return 0
  if (isMap(value)) return Object.keys(value).length
  if (isNil(value)) throw new Error('len of nil pointer')
  throw new Error(`len of type ${typeName(value)}`)
}

function index(value: unknown, ...keys: unknown[]): unknown {
  let current = value
  for (const key of keys) {
    if (current === undefined || current === null) throw new Error('index of untyped nil')
    if (Array.isArray(current) || typeof current === 'string') {
      if (typeof key !== 'number') throw new Error(`cannot index slice/array with type ${typeName(key)}`)
      if (key < 0 || key >= current.length) throw new Error(`index out of range: ${key}`)
      current = typeof current === 'string' ? current.charCodeAt(key) : current[key]
    } else if (current instanceof GoNil) {
      if (current.kind === 'slice') throw new Error('reflect: slice index out of range')
      current = undefined
    } else if (isMap(current)) {
      if (typeof key !== 'string') throw new Error(`value has type ${typeName(key)}; should be string`)
      // A missing key of a map of strings is the empty string.
      current = current[key] ?? (Object.values(current).every((v) => typeof v === 'string') ? '' : undefined)
    } else throw new Error(`can't index item of type ${typeName(current)}`)
  }
  return current
}

function slice(value: unknown, ...indexes: unknown[]): unknown {
  if (typeof value !== 'string' && !Array.isArray(value)) throw new Error(`can't slice item of type ${typeName(value)}`)
  const [from = 0, to = value.length] = indexes as number[]
  if (from < 0 || from > value.length || to > value.length)
    throw new Error(`index out of range: ${from > value.length ? from : to}`)
  if (from > to) throw new Error(`invalid slice index: ${from} > ${to}`)
  return value.slice(from, to)
}

function kind(value: unknown): string {
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'string') return 'string'
  if (isNil(value)) return 'nil'
  throw new Error('invalid type for comparison')
}

function equal(first: unknown, second: unknown): boolean {
  const a = unwrap(first)
  const b = unwrap(second)
  if (kind(a) !== kind(b)) {
    if (isNil(a) || isNil(b)) return false
    throw new Error('incompatible types for comparison')
  }
  return isNil(a) ? isNil(b) : a === b
}

function less(first: unknown, second: unknown): boolean {
  const a = unwrap(first)
  const b = unwrap(second)
  if (kind(a) !== kind(b)) throw new Error('incompatible types for comparison')
  if (typeof a !== 'number' && typeof a !== 'string') throw new Error('invalid type for comparison')
  return (a as string) < (b as string)
}

const ESCAPES: Record<string, string> = { '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&#34;' }

/** text/template's own functions. `and` and `or` are here for their names; execution evaluates them lazily. */
export const BUILTINS: Readonly<Record<string, TemplateFunction>> = {
  and: (...args) => args.find((arg) => !isTrue(arg)) ?? args.at(-1),
  or: (...args) => args.find((arg) => isTrue(arg)) ?? args.at(-1),
  not: (value) => !isTrue(value),
  len: length,
  index,
  slice,
  print: (...args) => sprint(args),
  printf: (format, ...args) => sprintf(formatValue(format), args.map(unwrap)),
  println: (...args) => sprintln(args),
  html: (...args) => sprint(args).replace(/[<>&'"]/g, (c) => ESCAPES[c]!),
  js: (...args) =>
    sprint(args)
      .replace(/[\\'"]/g, (c) => `\\${c}`)
      .replace(/[<>&=]/g, (c) => `\\u00${c.charCodeAt(0).toString(16).toUpperCase()}`),
  urlquery: (...args) => encodeURIComponent(sprint(args)).replace(/%20/g, '+'),
  call: (target, ...args) => {
    if (typeof target !== 'function') throw new Error(`non-function of type ${typeName(target)}`)
    return target(...args)
  },
  eq: (first, ...others) => {
    if (others.length === 0) throw new Error('missing argument for comparison')
    return others.some((other) => equal(first, other))
  },
  ne: (a, b) => !equal(a, b),
  lt: less,
  le: (a, b) => less(a, b) || equal(a, b),
  gt: (a, b) => !less(a, b) && !equal(a, b),
  ge: (a, b) => !less(a, b),
}

/** What the docker command adds (github.com/docker/cli/templates). */
export const DOCKER_FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  json: (value) => toJson(value),
  split: (text, separator) => String(text).split(String(separator)),
  join: (list, separator) => (Array.isArray(list) ? list.map((v) => formatValue(v)).join(String(separator)) : ''),
  title: (text) => String(text).replace(/(^|\s)(\S)/g, (_, gap, c) => gap + c.toUpperCase()),
  lower: (text) => formatValue(text).toLowerCase(),
  upper: (text) => formatValue(text).toUpperCase(),
  pad: (text, before, after) =>
    text === '' ? '' : ' '.repeat(Number(before)) + formatValue(text) + ' '.repeat(Number(after)),
  truncate: (text, size) => String(text).slice(0, Number(size)),
}
