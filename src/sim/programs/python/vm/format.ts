import { typeError, valueError } from '../objects/errors.ts'
import { asFloat, asInt, floatText, toFixed } from '../objects/numbers.ts'
import { length } from '../objects/text.ts'
import { PyFloat, typeName, type Value } from '../objects/value.ts'

const SPEC = /^(?:([\s\S])?([<>=^]))?([-+ ])?(z)?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/u

interface Spec {
  fill: string
  align: string
  sign: string
  alternate: boolean
  width: number
  grouping: string
  precision: number | undefined
  type: string
}

function parseSpec(text: string, value: Value): Spec {
  const m = SPEC.exec(text)
  if (!m)
    throw valueError(
      `Invalid format specifier${typeof value === 'object' && value !== null && !(value instanceof PyFloat) ? '' : ` '${text}' for object of type '${typeName(value)}'`}`,
    )
  return {
    fill: m[1] ?? (m[6] ? '0' : ' '),
    align: m[2] ?? (m[6] ? '=' : ''),
    sign: m[3] ?? '',
    alternate: m[5] !== undefined,
    width: Number(m[7] ?? 0),
    grouping: m[8] ?? '',
    precision: m[9] === undefined ? undefined : Number(m[9]),
    type: m[10] ?? '',
  }
}

function pad(sign: string, body: string, spec: Spec, fallback: string): string {
  const missing = spec.width - length(sign + body)
  if (missing <= 0) return sign + body
  const align = spec.align || fallback
  if (align === '=') return sign + spec.fill.repeat(missing) + body
  if (align === '<') return sign + body + spec.fill.repeat(missing)
  if (align === '^') {
    const left = Math.floor(missing / 2)
    return spec.fill.repeat(left) + sign + body + spec.fill.repeat(missing - left)
  }
  return spec.fill.repeat(missing) + sign + body
}

function group(digits: string, separator: string, every = 3): string {
  if (separator === '') return digits
  let out = ''
  for (let i = 0; i < digits.length; i++) {
    if (i > 0 && (digits.length - i) % every === 0) out += separator
    out += digits[i]
  }
  return out
}

/** With zeros that are grouped too: `{:010,}`. */
function groupToWidth(digits: string, spec: Spec, taken: number): string {
  let text = group(digits, spec.grouping)
  if (spec.fill === '0' && spec.align === '=' && spec.grouping !== '') {
    let zeros = digits
    while (group(`0${zeros}`, spec.grouping).length + taken <= spec.width) zeros = `0${zeros}`
    text = group(zeros, spec.grouping)
  }
  return text
}

const signOf = (negative: boolean, spec: Spec): string => (negative ? '-' : spec.sign === '-' ? '' : spec.sign)

/** format() of the built-in numbers and strings. */
export function formatPlain(value: Value, text: string): string {
  const spec = parseSpec(text, value)
  if (typeof value === 'string') {
    if (spec.type !== '' && spec.type !== 's')
      throw valueError(`Unknown format code '${spec.type}' for object of type 'str'`)
    if (spec.align === '=' && text[0] !== '0') throw valueError("'=' alignment not allowed in string format specifier")
    if (spec.sign) throw valueError('Sign not allowed in string format specifier')
    const cut = spec.precision === undefined ? value : [...value].slice(0, spec.precision).join('')
    return pad('', cut, spec.align === '=' ? { ...spec, align: '<' } : spec, '<')
  }
  const whole = asInt(value)
  if (whole !== undefined && !'eEfFgG%'.includes(spec.type || '!')) return formatInt(whole, spec, value)
  const float = asFloat(value)
  if (float === undefined) throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`)
  return formatFloat(float, spec, value)
}

function formatInt(value: number | bigint, spec: Spec, given: Value): string {
  if (spec.precision !== undefined) throw valueError('Precision not allowed in integer format specifier')
  const negative = value < 0
  const size = negative ? -value : value
  const sign = signOf(negative, spec)
  const radix = ({ b: 2, o: 8, x: 16, X: 16 } as Record<string, number>)[spec.type]
  if (spec.type === 'c') return pad('', String.fromCodePoint(Number(value)), spec, '<')
  if (radix) {
    let digits = group(size.toString(radix), spec.grouping, 4)
    if (spec.type === 'X') digits = digits.toUpperCase()
    return pad(sign + (spec.alternate ? `0${spec.type}` : ''), digits, spec, '>')
  }
  if (!['', 'd', 'n'].includes(spec.type))
    throw valueError(`Unknown format code '${spec.type}' for object of type '${typeName(given)}'`)
  return pad(sign, groupToWidth(size.toString(), spec, sign.length), spec, '>')
}

function formatFloat(value: number, spec: Spec, given: Value): string {
  const negative = value < 0 || Object.is(value, -0)
  const sign = signOf(negative, spec)
  const size = Math.abs(value)
  if (!Number.isFinite(value)) {
    const word = Number.isNaN(value) ? 'nan' : 'inf'
    return pad(
      Number.isNaN(value) ? signOf(false, spec) : sign,
      spec.type >= 'A' && spec.type <= 'Z' ? word.toUpperCase() : word,
      spec,
      '>',
    )
  }
  const { type } = spec
  let body: string
  if (type === 'f' || type === 'F') body = toFixed(size, spec.precision ?? 6)
  else if (type === '%') body = `${toFixed(size * 100, spec.precision ?? 6)}%`
  else if (type === 'e' || type === 'E') body = exponential(size, spec.precision ?? 6)
  else if (type === 'g' || type === 'G' || type === 'n' || (type === '' && spec.precision !== undefined))
    body = general(size, spec.precision ?? 6, spec.alternate, type === '')
  else if (type === '') body = floatText(size)
  else throw valueError(`Unknown format code '${type}' for object of type '${typeName(given)}'`)
  if (type === 'E' || type === 'G') body = body.toUpperCase()
  const point = body.search(/[^\d]/)
  const [head, tail] = point < 0 ? [body, ''] : [body.slice(0, point), body.slice(point)]
  return pad(sign, groupToWidth(head, spec, sign.length + tail.length) + tail, spec, '>')
}

function exponential(value: number, digits: number): string {
  return value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2')
}

function general(value: number, precision: number, alternate: boolean, keepsPoint: boolean): string {
  const digits = precision === 0 ? 1 : precision
  if (value === 0) return keepsPoint ? '0.0' : '0'
  const exponent = Number(value.toExponential(digits - 1).split('e')[1])
  let text: string
  if (exponent < -4 || exponent >= digits - (keepsPoint ? 1 : 0)) {
    text = exponential(value, digits - 1)
    if (!alternate) text = text.replace(/\.?0+e/, 'e')
    return text
  }
  text = toFixed(value, Math.max(0, digits - 1 - exponent))
  if (!alternate && text.includes('.')) text = text.replace(/\.?0+$/, '')
  return keepsPoint && !text.includes('.') ? `${text}.0` : text
}
