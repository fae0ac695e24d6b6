import { general, toNumber, toText, type Value } from './value.ts'

/** sprintf as awk has it. */
export function sprintf(format: string, args: readonly Value[]): string {
  let next = 0
  return format.replace(
    /%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?(?:[hlLqjzt]*)([a-zA-Z%])/g,
    (whole, flags, width, precision, type) => {
      if (type === '%') return '%'
      const star = () => Math.trunc(toNumber(args[next++] ?? 0))
      let w = width === '*' ? star() : Number(width ?? 0)
      const p = precision === undefined ? undefined : precision === '*' ? star() : Number(precision || 0)
      let left = flags.includes('-')
      if (w < 0) {
        left = true
        w = -w
      }
      w = Math.min(w, 65_536)
      const value = args[next++]
      const body = one(type, value ?? '', p, flags)
      if (body === undefined) return whole
      if (left) return body.padEnd(w)
      if (flags.includes('0') && !'sc'.includes(type) && !(p !== undefined && 'dixXou'.includes(type)))
        return /^[+\- ]/.test(body) ? body[0] + body.slice(1).padStart(w - 1, '0') : body.padStart(w, '0')
      return body.padStart(w)
    },
  )
}

function one(type: string, value: Value, precision: number | undefined, flags: string): string | undefined {
  const signed = (text: string, n: number) =>
    n >= 0 && flags.includes('+') ? `+${text}` : n >= 0 && flags.includes(' ') ? ` ${text}` : text
  switch (type) {
    case 's': {
      const text = toText(value)
      return precision === undefined ? text : text.slice(0, precision)
    }
    case 'c':
      return typeof value === 'number'
        ? String.fromCodePoint(Math.max(0, Math.trunc(value)))
        : toText(value).slice(0, 1)
    case 'd':
    case 'i': {
      const n = Math.trunc(toNumber(value))
      if (!Number.isFinite(n)) return Number.isNaN(n) ? 'nan' : n > 0 ? 'inf' : '-inf'
      const digits = BigInt(Math.abs(n))
        .toString()
        .padStart(precision ?? 1, '0')
      return signed(n < 0 ? `-${digits}` : digits, n)
    }
    case 'u':
    case 'o':
    case 'x':
    case 'X': {
      const n = Math.trunc(toNumber(value))
      const whole = n < 0 ? BigInt.asUintN(64, BigInt(n)) : BigInt(n)
      const digits = whole.toString({ u: 10, o: 8, x: 16, X: 16 }[type]).padStart(precision ?? 1, '0')
      const prefixed = flags.includes('#') && n !== 0 ? { o: '0', x: '0x', X: '0x', u: '' }[type] + digits : digits
      return type === 'X' ? prefixed.toUpperCase() : prefixed
    }
    case 'f':
    case 'F': {
      const n = toNumber(value)
      return signed(Number.isFinite(n) ? n.toFixed(Math.min(precision ?? 6, 100)) : toText(n), n)
    }
    case 'e':
    case 'E': {
      const n = toNumber(value)
      const text = n.toExponential(precision ?? 6).replace(/e([+-])(\d)$/, 'e$10$2')
      return signed(type === 'E' ? text.toUpperCase() : text, n)
    }
    case 'g':
    case 'G': {
      const n = toNumber(value)
      const text = general(n, precision ?? 6, flags.includes('#'))
      return signed(type === 'G' ? text.toUpperCase() : text, n)
    }
    default:
      return undefined
  }
}
