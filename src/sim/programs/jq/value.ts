export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** An error of the program, or raised by `error(…)`: it carries a value. */
export class JqError extends Error {
  readonly value: Json
  constructor(value: Json) {
    super(typeof value === 'string' ? value : `${JSON.stringify(value)} (not a string)`)
    this.value = value
  }
}

export const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export function typeOf(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

export const truthy = (value: Json): boolean => value !== null && value !== false

const ORDER = ['null', 'false', 'true', 'number', 'string', 'array', 'object']
const rank = (value: Json) => ORDER.indexOf(typeof value === 'boolean' ? String(value) : typeOf(value))

/** jq's total order. */
export function compare(a: Json, b: Json): number {
  const difference = rank(a) - rank(b)
  if (difference !== 0) return Math.sign(difference)
  if (typeof a === 'number' && typeof b === 'number') return Math.sign(a - b)
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const order = compare(a[i]!, b[i]!)
      if (order !== 0) return order
    }
    return Math.sign(a.length - b.length)
  }
  if (!isObject(a) || !isObject(b)) return 0
  const keys = Object.keys(a).sort()
  const order = compare(keys, Object.keys(b).sort())
  if (order !== 0) return order
  for (const key of keys) {
    const inner = compare(a[key]!, b[key]!)
    if (inner !== 0) return inner
  }
  return 0
}

/** Short text of a value for error messages. */
export function brief(value: Json): string {
  const text = JSON.stringify(value)
  return text.length > 11 ? `${text.slice(0, 10)}...` : text
}

export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'null'
  if (!Number.isFinite(value)) return `${value < 0 ? '-' : ''}1.7976931348623157e+308`
  if (Number.isInteger(value) && Math.abs(value) < 1e17) return String(value)
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2')
}

export interface PrintOptions {
  indent: number | '\t'
  sortKeys: boolean
  color: boolean
  ascii: boolean
}

/** JSON as jq prints it. */
export function print(value: Json, options: PrintOptions, depth = 0): string {
  const pad = (level: number) => (options.indent === '\t' ? '\t'.repeat(level) : ' '.repeat(options.indent * level))
  const paint = (code: string, text: string) => (options.color ? `\x1b[${code}m${text}\x1b[0m` : text)
  if (value === null) return paint('1;30', 'null')
  if (typeof value === 'boolean') return paint('0;39', String(value))
  if (typeof value === 'number') return paint('0;39', numberText(value))
  if (typeof value === 'string') return paint('0;32', quote(value, options.ascii))
  const list = Array.isArray(value)
  const [open, close] = list ? ['[', ']'] : ['{', '}']
  const keys = list ? [] : options.sortKeys ? Object.keys(value).sort() : Object.keys(value)
  const items = list
    ? value.map((item) => print(item, options, depth + 1))
    : keys.map(
        (key) =>
          `${paint('34;1', quote(key, options.ascii))}:${options.indent === 0 ? '' : ' '}${print(value[key]!, options, depth + 1)}`,
      )
  if (items.length === 0) return paint('1;39', open + close)
  if (options.indent === 0) return `${paint('1;39', open)}${items.join(',')}${paint('1;39', close)}`
  return `${paint('1;39', open)}\n${items.map((item) => pad(depth + 1) + item).join(',\n')}\n${pad(depth)}${paint('1;39', close)}`
}

function quote(text: string, ascii: boolean): string {
  const body = JSON.stringify(text).replace(/\x7f/g, '\\u007f')
  return ascii
    ? body.replace(/[\u0080-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : body
}
