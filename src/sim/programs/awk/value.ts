import { formatFloat } from '../../linux/shell/builtins/printf-format.ts'

/** A value: a number, a text, or input that may be either (`strnum`). */
export type Value = number | string | StrNum

/** Text from the input that looks like a number compares as one. */
export class StrNum {
  readonly text: string
  readonly number: number
  constructor(text: string, number: number) {
    this.text = text
    this.number = number
  }
}

/** Never assigned: equal to 0 and to "". */
export const UNSET = new StrNum('', 0)

const NUMBER = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/

/** Input text as a value. */
export function fromInput(text: string): Value {
  return NUMBER.test(text) ? new StrNum(text, Number(text)) : text
}

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value
  if (value instanceof StrNum) return value.number
  const match = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?/.exec(value)
  return match ? Number(match[0]) : 0
}

/** `integers`: whole numbers up to this are printed as they are (mawk: 2³¹ - 1). */
export function toText(value: Value, format = '%.6g', integers = 1e16): string {
  if (typeof value === 'string') return value
  if (value instanceof StrNum) return value.text
  if (Number.isInteger(value) && Math.abs(value) <= integers) return String(value)
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  const match = /^%\.?(\d*)([gGeEf])$/.exec(format)
  if (!match) return String(value)
  const sign = value < 0 ? '-' : ''
  return sign + formatFloat(Math.abs(value), match[2]!, match[1] === '' ? 6 : Number(match[1]))
}

export function toBoolean(value: Value): boolean {
  if (typeof value === 'number') return value !== 0
  if (value instanceof StrNum) return value === UNSET ? false : value.number !== 0 || false
  return value !== ''
}

export function compareValues(a: Value, b: Value): number {
  const numeric = (value: Value) => typeof value === 'number' || value instanceof StrNum
  if (numeric(a) && numeric(b)) {
    // An unset value beside a text-like one compares as text.
    const [x, y] = [toNumber(a), toNumber(b)]
    return x < y ? -1 : x > y ? 1 : 0
  }
  const [x, y] = [a === UNSET ? '' : toText(a), b === UNSET ? '' : toText(b)]
  return x < y ? -1 : x > y ? 1 : 0
}
