import { GoNil, GoStruct, GoText, isMap, sortedKeys } from './value.ts'

/** What fmt's %v prints. */
export function formatValue(value: unknown, plus = false): string {
  if (value === undefined) return '<no value>'
  if (value === null) return '<nil>'
  if (value instanceof GoNil) return value.kind === 'slice' ? '[]' : value.kind === 'map' ? 'map[]' : '<nil>'
  if (value instanceof GoText) return value.text
  if (Array.isArray(value)) return `[${value.map((v) => formatValue(v ?? null, plus)).join(' ')}]`
  if (value instanceof GoStruct) {
    const fields = Object.entries(value.fields)
      .filter(([, v]) => typeof v !== 'function')
      .map(([k, v]) => (plus ? `${k}:` : '') + formatValue(v ?? null, plus))
    return `{${fields.join(' ')}}`
  }
  if (isMap(value))
    return `map[${sortedKeys(value)
      .map((k) => `${k}:${formatValue(value[k] ?? null, plus)}`)
      .join(' ')}]`
  if (typeof value === 'number') return formatNumber(value)
  return String(value)
}

function formatNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return value.toFixed(0)
  const exponent = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)))
  if (exponent < -4 || exponent >= 21) {
    const [digits, power] = value.toExponential().split('e') as [string, string]
    return `${digits}e${power[0]}${power.slice(1).padStart(2, '0')}`
  }
  return String(value)
}

/** fmt.Sprint: a space between two operands when neither is a string. */
export function sprint(values: readonly unknown[]): string {
  return values
    .map((value, i) => {
      const gap = i > 0 && typeof value !== 'string' && typeof values[i - 1] !== 'string'
      return (gap ? ' ' : '') + formatValue(value ?? null)
    })
    .join('')
}

export function sprintln(values: readonly unknown[]): string {
  return `${values.map((value) => formatValue(value ?? null)).join(' ')}\n`
}

/** fmt.Sprintf */
export function sprintf(format: string, values: readonly unknown[]): string {
  let next = 0
  const out = format.replace(
    /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d+)?)?([a-zA-Z%])/g,
    (whole, flags: string, width: string | undefined, precision: string | undefined, verb: string) => {
      if (verb === '%') return '%'
      const size = width === '*' ? Number(values[next++]) : width === undefined ? 0 : Number(width)
      const digits =
        precision === '*' ? Number(values[next++]) : precision === undefined ? undefined : Number(precision)
      if (next >= values.length) return `%!${verb}(MISSING)`
      const value = values[next++]
      const hasDot = whole.includes('.')
      const text = formatVerb(verb, value, flags, hasDot ? (digits ?? 0) : undefined)
      return pad(text, size, flags)
    },
  )
  if (next >= values.length) return out
  const extra = values.slice(next).map((v) => `${goType(v)}=${formatValue(v ?? null)}`)
  return `${out}%!(EXTRA ${extra.join(', ')})`
}

function goType(value: unknown): string {
  return typeof value === 'number' ? 'int' : typeof value === 'boolean' ? 'bool' : 'string'
}

function formatVerb(verb: string, value: unknown, flags: string, precision: number | undefined): string {
  const sign = (n: number) => (flags.includes('+') && n >= 0 ? '+' : '')
  switch (verb) {
    case 'v':
      return flags.includes('#') && typeof value === 'string'
        ? JSON.stringify(value)
        : formatValue(value ?? null, flags.includes('+'))
    case 's': {
      if (typeof value === 'number' || typeof value === 'boolean') return `%!s(${goType(value)}=${formatValue(value)})`
      const text = value === undefined || value === null ? '%!s(<nil>)' : formatValue(value)
      return precision === undefined ? text : [...text].slice(0, precision).join('')
    }
    case 'q':
      return typeof value === 'string' ? JSON.stringify(value) : formatValue(value ?? null)
    case 'd':
      return typeof value === 'number'
        ? sign(value) + value.toFixed(0)
        : `%!d(${goType(value)}=${formatValue(value ?? null)})`
    case 'f':
    case 'F':
      return typeof value === 'number'
        ? sign(value) + value.toFixed(precision ?? 6)
        : `%!f(${goType(value)}=${formatValue(value)})`
    case 'g':
      return typeof value === 'number'
        ? precision === undefined
          ? formatNumber(value)
          : String(Number(value.toPrecision(precision)))
        : formatValue(value)
    case 'e':
      return typeof value === 'number'
        ? value.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, 'e$10$2')
        : formatValue(value)
    case 't':
      return typeof value === 'boolean' ? String(value) : `%!t(${goType(value)}=${formatValue(value ?? null)})`
    case 'x':
    case 'X': {
      const hex =
        typeof value === 'number'
          ? Math.trunc(value).toString(16)
          : [...new TextEncoder().encode(String(value))].map((b) => b.toString(16).padStart(2, '0')).join('')
      return verb === 'X' ? hex.toUpperCase() : hex
    }
    case 'o':
      return typeof value === 'number' ? value.toString(8) : formatValue(value)
    case 'b':
      return typeof value === 'number' ? value.toString(2) : formatValue(value)
    case 'c':
      return typeof value === 'number' ? String.fromCodePoint(value) : formatValue(value)
    case 'T':
      return goType(value)
    default:
      return `%!${verb}(${goType(value)}=${formatValue(value ?? null)})`
  }
}

function pad(text: string, size: number, flags: string): string {
  const missing = size - [...text].length
  if (missing <= 0) return text
  if (flags.includes('-')) return text + ' '.repeat(missing)
  if (flags.includes('0') && /^[+-]?[\d.]+$/.test(text)) {
    const signed = /^[+-]/.test(text) ? 1 : 0
    return text.slice(0, signed) + '0'.repeat(missing) + text.slice(signed)
  }
  return ' '.repeat(missing) + text
}
