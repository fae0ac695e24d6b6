/** fmt.Sprint of a float64: `80`, `2e+09`, `1.5`. */
export function goFloat(value: number): string {
  if (value === 0) return '0'
  const [digits, exponent] = value.toExponential().split('e') as [string, string]
  const e = Number(exponent)
  return e < -4 || e >= 6 ? scientific(digits, e) : String(value)
}

function scientific(digits: string, exponent: number): string {
  const sign = exponent < 0 ? '-' : '+'
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/** fmt.Sprint of a decoded JSON value: `map[a:1 b:[x y]]`. */
export function goPrint(value: unknown): string {
  if (value === null || value === undefined) return '<nil>'
  if (Array.isArray(value)) return `[${value.map(goPrint).join(' ')}]`
  if (typeof value === 'object') {
    const map = value as Record<string, unknown>
    return `map[${Object.keys(map)
      .sort()
      .map((key) => `${key}:${goPrint(map[key])}`)
      .join(' ')}]`
  }
  return String(value)
}

/** `%#v` of a decoded JSON value, as jsonpath's error shows the object. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)'
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`
  if (typeof value === 'object') {
    const map = value as Record<string, unknown>
    const parts = Object.keys(map)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${goSyntax(map[key])}`)
    return `map[string]interface {}{${parts.join(', ')}}`
  }
  if (typeof value === 'string') return JSON.stringify(value)
  return String(value)
}
