/** Kubernetes quantities (`500m`, `1Gi`, `1e3`), exact, as resource.Quantity reads and prints them. */

const BINARY: Record<string, bigint> = {
  Ki: 1n << 10n,
  Mi: 1n << 20n,
  Gi: 1n << 30n,
  Ti: 1n << 40n,
  Pi: 1n << 50n,
  Ei: 1n << 60n,
}
const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const DECIMAL_BY_EXPONENT = new Map(Object.entries(DECIMAL).map(([suffix, exponent]) => [exponent, suffix]))
const NANO = 1_000_000_000n

export const QUANTITY_ERROR =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

export type QuantityFormat = 'DecimalSI' | 'BinarySI' | 'DecimalExponent'

interface Parsed {
  /** billionths, rounded up */
  nano: bigint
  format: QuantityFormat
}

const cache = new Map<string, Parsed | undefined>()
const canonical = new Map<string, string>()

/** Undefined when the text is no quantity. */
export function parseQuantity(text: string | number): Parsed | undefined {
  const key = String(text)
  if (cache.has(key)) return cache.get(key)
  const parsed = parse(key)
  if (cache.size > 10_000) cache.clear()
  cache.set(key, parsed)
  return parsed
}

function parse(text: string): Parsed | undefined {
  const m = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?\d+)?$/.exec(text)
  if (!m || (m[2] === '' && !m[3])) return undefined
  const [, sign, whole = '', fraction = '', suffix = ''] = m
  const digits = BigInt(`${whole}${fraction}` || '0')
  let nano: bigint
  let format: QuantityFormat = 'DecimalSI'
  const binary = BINARY[suffix]
  if (binary) {
    format = 'BinarySI'
    nano = divideUp(digits * binary * NANO, 10n ** BigInt(fraction.length))
  } else {
    let exponent = DECIMAL[suffix]
    if (exponent === undefined) {
      format = 'DecimalExponent'
      exponent = Number(suffix.slice(1))
    }
    const power = exponent + 9 - fraction.length
    if (power > 100) return undefined
    nano = power >= 0 ? digits * 10n ** BigInt(power) : divideUp(digits, 10n ** BigInt(-power))
  }
  return { nano: sign === '-' ? -nano : nano, format }
}

function divideUp(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b
}

/** The printed form: `1000m` → `1`, `0.5` → `500m`, `1024Mi` → `1Gi`. What is no quantity comes back unchanged. */
export function canonicalQuantity(text: string | number): string {
  const key = String(text)
  const known = canonical.get(key)
  if (known !== undefined) return known
  const parsed = parseQuantity(key)
  const result = parsed ? printQuantity(parsed.nano, parsed.format) : key
  if (canonical.size > 10_000) canonical.clear()
  canonical.set(key, result)
  return result
}

/** Prints billionths in the given format. */
export function printQuantity(nano: bigint, format: QuantityFormat = 'DecimalSI'): string {
  if (nano === 0n) return '0'
  const sign = nano < 0n ? '-' : ''
  const magnitude = nano < 0n ? -nano : nano
  if (format === 'BinarySI' && magnitude % NANO === 0n && magnitude >= 1024n * NANO) {
    const value = magnitude / NANO
    let suffix = ''
    for (const [name, factor] of Object.entries(BINARY)) if (value % factor === 0n) suffix = name
    return suffix === '' ? `${sign}${value}` : `${sign}${value / BINARY[suffix]!}${suffix}`
  }
  let exponent = -9
  let digits = magnitude
  while (digits % 1000n === 0n && exponent < 18) {
    digits /= 1000n
    exponent += 3
  }
  if (format === 'DecimalExponent') return exponent === 0 ? `${sign}${digits}` : `${sign}${digits}e${exponent}`
  return `${sign}${digits}${DECIMAL_BY_EXPONENT.get(exponent) ?? ''}`
}

/** Thousandths, rounded up: `0.5` → 500. */
export function milliValue(text: string | number | undefined): number {
  const parsed = text === undefined ? undefined : parseQuantity(text)
  return parsed ? Number(roundUp(parsed.nano, 1_000_000n)) : 0
}

/** Whole units, rounded up: `1Ki` → 1024. */
export function quantityValue(text: string | number | undefined): number {
  const parsed = text === undefined ? undefined : parseQuantity(text)
  return parsed ? Number(roundUp(parsed.nano, NANO)) : 0
}

function roundUp(nano: bigint, unit: bigint): bigint {
  return nano >= 0n ? divideUp(nano, unit) : -(-nano / unit)
}

/** Negative, zero or positive, as a is less than, equal to or greater than b. */
export function compareQuantities(a: string | number, b: string | number): number {
  const left = parseQuantity(a)?.nano ?? 0n
  const right = parseQuantity(b)?.nano ?? 0n
  return left < right ? -1 : left > right ? 1 : 0
}

/** Printed in the format of the first that isn't zero. */
export function addQuantities(...items: (string | number)[]): string {
  let nano = 0n
  let format: QuantityFormat | undefined
  for (const item of items) {
    const parsed = parseQuantity(item)
    if (!parsed) continue
    if (parsed.nano !== 0n) format ??= parsed.format
    nano += parsed.nano
  }
  return printQuantity(nano, format)
}

export function subtractQuantities(a: string | number, b: string | number): string {
  const left = parseQuantity(a) ?? { nano: 0n, format: 'DecimalSI' as const }
  const right = parseQuantity(b) ?? { nano: 0n, format: 'DecimalSI' as const }
  return printQuantity(left.nano - right.nano, left.nano === 0n ? right.format : left.format)
}
