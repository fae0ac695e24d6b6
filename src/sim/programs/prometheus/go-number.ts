/** As Go's strconv.FormatFloat(v, 'f', -1, 64): no exponent, `+Inf`, `NaN`. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0'
  const text = String(value)
  const m = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text)
  if (!m) return text
  const digits = `${m[2]}${m[3] ?? ''}`
  const exponent = Number(m[4])
  if (exponent < 0) return `${m[1]}0.${'0'.repeat(-exponent - 1)}${digits}`
  return `${m[1]}${digits.padEnd(exponent + 1, '0')}`
}

/** As 'g' with the shortest digits: exponents from 1e+21 and below 1e-04. */
export function formatShort(value: number): string {
  if (!Number.isFinite(value)) return formatFloat(value)
  const magnitude = Math.abs(value)
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e21)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  }
  return formatFloat(value)
}

/** Numbers as exposition and PromQL write them. Undefined when it is none. */
export function parseFloatText(text: string): number | undefined {
  const plain = Number(text)
  if (!Number.isNaN(plain) && text !== '' && !/^[+-]?Infinity$/.test(text)) return plain
  switch (text.toLowerCase()) {
    case 'nan':
      return Number.NaN
    case 'inf':
    case '+inf':
    case 'infinity':
    case '+infinity':
      return Number.POSITIVE_INFINITY
    case '-inf':
    case '-infinity':
      return Number.NEGATIVE_INFINITY
    default: {
      const hex = /^([+-]?)0x([\da-f]+)$/i.exec(text)
      return hex ? (hex[1] === '-' ? -1 : 1) * Number.parseInt(hex[2]!, 16) : undefined
    }
  }
}
