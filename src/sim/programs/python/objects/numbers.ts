import { error, typeError } from './errors.ts'
import { PyFloat, PyInstance, type Value } from './value.ts'

/** A bigint as a value: a number where that is exact. */
export function int(value: bigint): number | bigint {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value
}

/** An int or a bool as a number or bigint; undefined for anything else. */
export function asInt(value: Value): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  return typeof value === 'boolean' ? Number(value) : undefined
}

/** A real number as a float; undefined for anything else. */
export function asFloat(value: Value): number | undefined {
  if (value instanceof PyFloat) return value.value
  const whole = asInt(value)
  return whole === undefined ? undefined : Number(whole)
}

/** A small int as sizes and indices need it. */
export function toIndex(value: Value, what?: string): number {
  const whole = asInt(value) ?? enumValue(value)
  if (whole === undefined)
    throw typeError(
      what ?? `'${value instanceof PyFloat ? 'float' : nameOf(value)}' object cannot be interpreted as an integer`,
    )
  if (typeof whole === 'bigint') throw error('OverflowError', 'Python int too large to convert to C ssize_t')
  return whole
}

/** A member of an IntEnum counts as its number. */
function enumValue(value: Value): number | bigint | undefined {
  const own = value instanceof PyInstance ? value.attrs.get('_value_') : undefined
  return own === undefined ? undefined : asInt(own)
}

const nameOf = (value: Value): string =>
  value === null
    ? 'NoneType'
    : typeof value === 'string'
      ? 'str'
      : ((value as { cls?: { name: string } }).cls?.name ?? 'object')

export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient
}

export function floorModulo(a: bigint, b: bigint): bigint {
  const rest = a % b
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest
}

/** Rounds to even, as Python does. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest < 0.5) return floor
  if (rest > 0.5) return floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}

/** A float rounded to so many decimals, by its exact decimal value. */
export function roundTo(value: number, digits: number): number {
  if (!Number.isFinite(value)) return value
  if (digits > 15) return value
  if (digits < 0) {
    const unit = 10 ** -digits
    return roundHalfEven(value / unit) * unit
  }
  return Number(toFixed(value, digits))
}

/** toFixed of any size, ties to even by the exact binary value. */
export function toFixed(value: number, digits: number): string {
  if (Math.abs(value) < 1e21 && digits <= 100) {
    const text = value.toFixed(digits)
    // toFixed rounds exact ties away from zero; Python to even.
    const scaled = Math.abs(value) * 10 ** digits
    if (scaled < 2 ** 50 && scaled - Math.floor(scaled) === 0.5 && digits <= 3 && isExactTie(value, digits)) {
      const even = Math.floor(scaled) % 2 === 0 ? Math.floor(scaled) : Math.floor(scaled) + 1
      return `${value < 0 ? '-' : ''}${(even / 10 ** digits).toFixed(digits)}`
    }
    return text
  }
  return `${BigInt(value)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`
}

/** Whether value × 10^digits ends in exactly .5 (then value has few binary places). */
function isExactTie(value: number, digits: number): boolean {
  const denominator = 2 ** (digits + 1)
  return Number.isInteger(value * denominator)
}

/** repr(float): the shortest digits that read back the same. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [mantissa = '', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  if (exponent < -4 || exponent >= 16)
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace(/[-.]/g, '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  if (digits.length <= exponent + 1) return `${sign}${digits}${'0'.repeat(exponent + 1 - digits.length)}.0`
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}
