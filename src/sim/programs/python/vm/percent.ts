import { PyDict } from '../objects/dict.ts'
import { error, typeError, valueError } from '../objects/errors.ts'
import { asFloat, asInt } from '../objects/numbers.ts'
import { asciiOnly } from '../objects/text.ts'
import { PyFloat, PyTuple, typeName, type Value } from '../objects/value.ts'
import { formatPlain } from './format.ts'
import type { Interpreter } from './interpreter.ts'
import { repr, str } from './text.ts'

const DIRECTIVE = /%(?:\(([^)]*)\))?([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?([\s\S])?/g

/** `'%s is %d' % (name, 3)` */
export function percentFormat(vm: Interpreter, text: string, given: Value): string {
  const args = given instanceof PyTuple ? given.items : [given]
  const mapping = given instanceof PyDict ? given : undefined
  let at = 0
  const next = (): Value => {
    if (at >= args.length) throw typeError('not enough arguments for format string')
    return args[at++]!
  }
  const out = text.replace(
    DIRECTIVE,
    (all, key: string | undefined, flags: string, width, precision, type: string | undefined, offset: number) => {
      if (type === undefined) throw valueError('incomplete format')
      if (type === '%') return '%'
      const wide = width === '*' ? Number(asInt(next())) : Number(width ?? 0)
      const digits = precision === '*' ? Number(asInt(next())) : precision === undefined ? undefined : Number(precision)
      let value: Value
      if (key === undefined) value = next()
      else {
        if (!mapping) throw typeError('format requires a mapping')
        const found = mapping.get(key)
        if (found === undefined) throw error('KeyError', key)
        value = found
        at = args.length
      }
      return directive(vm, value, flags, wide, digits, type, offset + all.length - 1)
    },
  )
  if (at < args.length && !mapping) throw typeError('not all arguments converted during string formatting')
  return out
}

function directive(
  vm: Interpreter,
  value: Value,
  flags: string,
  width: number,
  digits: number | undefined,
  type: string,
  place: number,
): string {
  const align = flags.includes('-') ? '<' : '>'
  const sign = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const zero = flags.includes('0') && align === '>' ? '0' : ''
  const text = (body: string) => {
    const cut = digits === undefined ? body : body.slice(0, digits)
    return align === '<' ? cut.padEnd(width) : cut.padStart(width)
  }
  switch (type) {
    case 's':
      return text(str(vm, value))
    case 'r':
      return text(repr(vm, value))
    case 'a':
      return text(asciiOnly(repr(vm, value)))
    case 'c':
      return text(typeof value === 'string' ? value : String.fromCodePoint(Number(asInt(value))))
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o': {
      const float = value instanceof PyFloat && 'diu'.includes(type) ? Math.trunc(value.value) : undefined
      const whole = float ?? asInt(value)
      if (whole === undefined)
        throw typeError(
          'diu'.includes(type)
            ? `%${type} format: a real number is required, not ${typeName(value)}`
            : `%${type} format: an integer is required, not ${typeName(value)}`,
        )
      const kind = 'diu'.includes(type) ? 'd' : type
      return formatPlain(
        whole,
        `${zero ? '' : align}${sign}${flags.includes('#') ? '#' : ''}${zero}${width || ''}${kind}`,
      )
    }
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G': {
      const float = asFloat(value)
      if (float === undefined) throw typeError(`must be real number, not ${typeName(value)}`)
      return formatPlain(
        new PyFloat(float),
        `${zero ? '' : align}${sign}${zero}${width || ''}${digits === undefined ? '' : `.${digits}`}${type}`,
      )
    }
  }
  throw valueError(`unsupported format character '${type}' (0x${type.charCodeAt(0).toString(16)}) at index ${place}`)
}
