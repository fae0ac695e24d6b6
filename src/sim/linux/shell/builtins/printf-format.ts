import { SystemError } from '../../errors.ts'
import { backslashQuote, decodeEscapes } from '../expansion/quote.ts'
import { dateText } from '../strftime.ts'

/** A field wider than this is more than there is memory for. */
const MAX_WIDTH = 1 << 24

export interface PrintfResult {
  text: string
  /** Without the program's name. */
  errors: string[]
}

/** printf(1): the format is used again while arguments are left. `now` is ms since 1970, for `%(…)T`. */
export function formatPrintf(
  format: string,
  args: readonly string[],
  options: { now?: number; style?: 'bash' | 'ash' | 'dash' } = {},
): PrintfResult {
  const style = options.style ?? 'bash'
  const errors: string[] = []
  // busybox takes a number that is not there for a bad one.
  const missing = style === 'ash' ? '' : '0'
  let at = 0
  let out = ''
  let stop = false
  const take = () => args[at++]
  do {
    const before = at
    const once = formatOnce()
    out += once
    if (out.length > 2 * MAX_WIDTH) throw new SystemError('ENOMEM')
    if (stop || (at === before && at < args.length)) break
  } while (at < args.length)
  return { text: out, errors }

  function formatOnce(): string {
    let text = ''
    for (let i = 0; i < format.length; i++) {
      const char = format[i]!
      if (char === '\\') {
        const escaped =
          /^\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[\s\S])/.exec(format.slice(i))?.[0] ??
          '\\'
        if (escaped === '\\c') {
          stop = true
          return text
        }
        // Consecutive byte escapes may form one character.
        const run = /^(?:\\(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2}))+/.exec(format.slice(i))?.[0] ?? escaped
        text += decodeEscapes(run, 'printf').text
        i += run.length - 1
        continue
      }
      if (char !== '%') {
        text += char
        continue
      }
      if (format[i + 1] === '%') {
        text += '%'
        i++
        continue
      }
      const match = /^%([-+ #0']*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:hh|h|ll|l|L|q|j|z|t)?(\([^)]*\)T|[a-zA-Z])/.exec(
        format.slice(i),
      )
      if (!match) {
        const bad = format.slice(i + 1, i + 2)
        errors.push(
          style === 'bash'
            ? bad
              ? `\`${bad}': invalid format character`
              : "`%': missing format character"
            : `${format.slice(i)}: invalid format`,
        )
        stop = true
        return text
      }
      i += match[0].length - 1
      let flags = match[1]!
      let width = match[2] === '*' ? Number(take() ?? 0) : Number(match[2] ?? 0)
      const precision =
        match[3] === undefined ? undefined : match[3] === '*' ? Number(take() ?? 0) : Number(match[3] || 0)
      if (width < 0) {
        flags += '-'
        width = -width
      }
      if (width > MAX_WIDTH || (precision ?? 0) > MAX_WIDTH) throw new SystemError('ENOMEM')
      const piece = convert(match[4]!, flags, precision)
      if (piece === undefined) return text
      text += pad(piece, flags, width, precision, match[4]!)
      if (stop) return text
    }
    return text
  }

  function convert(kind: string, flags: string, precision: number | undefined): string | undefined {
    if (kind.startsWith('(')) {
      const arg = take()
      const seconds =
        arg === undefined || arg === '' || arg === '-1' || arg === '-2' ? (options.now ?? 0) / 1000 : Number(arg)
      return dateText(kind.slice(1, -2) || '%X', seconds * 1000)
    }
    switch (kind) {
      case 's': {
        const text = take() ?? ''
        return precision === undefined || precision < 0 ? text : [...text].slice(0, precision).join('')
      }
      case 'b': {
        const decoded = decodeEscapes(take() ?? '', 'printf')
        if (decoded.stop) stop = true
        return decoded.text
      }
      case 'q':
        return backslashQuote(take() ?? '')
      case 'c':
        return [...(take() ?? '')][0] ?? ''
      case 'd':
      case 'i':
        return signed(integer(take() ?? missing), flags, precision)
      case 'u':
        return digits(BigInt.asUintN(64, integer(take() ?? missing)).toString(), precision)
      case 'o':
        return (
          (flags.includes('#') ? '0' : '') +
          digits(BigInt.asUintN(64, integer(take() ?? missing)).toString(8), precision)
        )
      case 'x':
      case 'X': {
        const value = BigInt.asUintN(64, integer(take() ?? missing))
        const body = (flags.includes('#') && value !== 0n ? '0x' : '') + digits(value.toString(16), precision)
        return kind === 'X' ? body.toUpperCase() : body
      }
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
      case 'a':
        return float(take() ?? missing, kind, flags, precision)
      default:
        errors.push(style === 'bash' ? `\`${kind}': invalid format character` : `%${kind}: invalid format`)
        stop = true
        return undefined
    }
  }

  function integer(text: string): bigint {
    const trimmed = text.trimStart()
    if (trimmed === '') {
      if (text !== '' || style !== 'bash') if (text !== '0' && style !== 'bash') errors.push(invalidNumber(text))
      return 0n
    }
    if (/^['"]/.test(trimmed)) return BigInt(trimmed.codePointAt(1) ?? 0)
    const match = /^([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(trimmed)
    if (!match || match[0].length < trimmed.length) errors.push(invalidNumber(text))
    if (!match) return 0n
    const body = match[2]!
    const value = BigInt(/^0[0-7]/.test(body) ? `0o${body.slice(1)}` : body)
    return match[1] === '-' ? -value : value
  }

  function invalidNumber(text: string): string {
    return style === 'bash'
      ? `${text}: invalid number`
      : style === 'dash'
        ? `${text}: expected numeric value`
        : `invalid number '${text}'`
  }

  function float(text: string, kind: string, flags: string, precision = 6): string {
    const value = Number(text)
    if (Number.isNaN(value) && !/^[+-]?nan$/i.test(text)) errors.push(invalidNumber(text))
    const number = Number.isNaN(value) ? Number.parseFloat(text) || 0 : value
    const sign = number < 0 || Object.is(number, -0) ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
    return sign + formatFloat(Math.abs(number), kind, precision, flags.includes('#'))
  }
}

export function formatFloat(value: number, kind: string, precision: number, alternate = false): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : 'inf'
  const lower = kind.toLowerCase()
  let text: string
  if (lower === 'f') text = fixed(value, precision)
  else if (lower === 'e') text = exponent(value, precision)
  else {
    const digitsWanted = precision === 0 ? 1 : precision
    const power = value === 0 ? 0 : Number(value.toExponential(digitsWanted - 1).split('e')[1])
    text =
      power < -4 || power >= digitsWanted ? exponent(value, digitsWanted - 1) : fixed(value, digitsWanted - 1 - power)
    if (!alternate && text.includes('.')) text = text.replace(/\.?0+(?=e|$)/, '')
  }
  return kind === lower ? text : text.toUpperCase()
}

/** toFixed gives up at 1e21; integers that large have no fraction. */
function fixed(value: number, precision: number): string {
  if (value < 1e21) return value.toFixed(Math.min(precision, 100))
  return BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '')
}

function exponent(value: number, precision: number): string {
  const [mantissa, power] = value.toExponential(Math.min(precision, 100)).split('e')
  const amount = Math.abs(Number(power))
  return `${mantissa}e${Number(power) < 0 ? '-' : '+'}${String(amount).padStart(2, '0')}`
}

function digits(text: string, precision: number | undefined): string {
  return precision === undefined ? text : text.padStart(precision, '0')
}

function signed(value: bigint, flags: string, precision: number | undefined): string {
  const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  return sign + digits((value < 0n ? -value : value).toString(), precision)
}

function pad(text: string, flags: string, width: number, precision: number | undefined, kind: string): string {
  const length = [...text].length
  if (length >= width) return text
  if (flags.includes('-')) return text + ' '.repeat(width - length)
  const numeric = /[diuoxXeEfFgG]/.test(kind)
  if (flags.includes('0') && numeric && (precision === undefined || /[eEfFgG]/.test(kind))) {
    const sign = /^[+\- ]?(0[xX])?/.exec(text)?.[0] ?? ''
    return sign + '0'.repeat(width - length) + text.slice(sign.length)
  }
  return ' '.repeat(width - length) + text
}
