/** An awk value: a number, a string, or a string from input that may count as a number. */
export type Value = number | string | Numeric

/** Input that looks like a number: compares as one, prints as it was. */
export class Numeric {
  readonly text: string
  readonly number: number
  constructor(text: string, number: number) {
    this.text = text
    this.number = number
  }
}

const LOOKS_NUMERIC = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/

/** A field, a getline variable, FS-split element, or command-line assignment. */
export function fromInput(text: string): Value {
  return LOOKS_NUMERIC.test(text) ? new Numeric(text, Number(text)) : text
}

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value
  if (value instanceof Numeric) return value.number
  const m = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/.exec(value)
  return m ? Number(m[0]) : 0
}

export function numberToText(n: number, format = '%.6g'): string {
  if (Number.isInteger(n) && Math.abs(n) < 1e18) return String(n)
  if (Number.isNaN(n)) return 'nan'
  if (!Number.isFinite(n)) return n > 0 ? 'inf' : '-inf'
  const digits = /^%\.(\d+)g$/.exec(format)?.[1]
  return digits ? general(n, Number(digits)) : String(n)
}

export function toText(value: Value, format?: string): string {
  if (typeof value === 'string') return value
  return value instanceof Numeric ? value.text : numberToText(value, format)
}

export function isTrue(value: Value): boolean {
  if (typeof value === 'number') return value !== 0
  return value instanceof Numeric ? value.number !== 0 : value !== ''
}

/** Numbers compare as numbers, anything else as text. */
export function compare(a: Value, b: Value): number {
  if (typeof a !== 'string' && typeof b !== 'string') return toNumber(a) - toNumber(b)
  const [x, y] = [toText(a), toText(b)]
  return x < y ? -1 : x > y ? 1 : 0
}

/** C's %g. */
export function general(n: number, precision: number, keepZeros = false): string {
  if (n === 0) return '0'
  const p = precision === 0 ? 1 : precision
  const exponent = Math.floor(Math.log10(Math.abs(Number(n.toExponential(p - 1)))))
  if (exponent < -4 || exponent >= p) {
    const [mantissa = '', power = ''] = n.toExponential(p - 1).split('e')
    const trimmed = keepZeros ? mantissa : mantissa.replace(/\.?0+$/, '')
    return `${trimmed}e${power[0]}${power.slice(1).padStart(2, '0')}`
  }
  const fixed = n.toFixed(Math.max(0, p - 1 - exponent))
  return keepZeros || !fixed.includes('.') ? fixed : fixed.replace(/\.?0+$/, '')
}
