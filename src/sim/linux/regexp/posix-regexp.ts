/** POSIX regular expressions (basic and extended, with GNU's additions) as JavaScript ones. */

import { BoundedRegExp } from './bounded-regexp.ts'
import { CHARACTER_CLASSES } from './character-classes.ts'
import { RegExpTooBig } from './compile.ts'

export interface RegExpOptions {
  extended: boolean
  ignoreCase?: boolean
  /** For `-w` and `-x`. */
  whole?: 'word' | 'line'
  flags?: string
  /** A full stop stands for a newline too: the text is not a line. */
  newlines?: boolean
}

/** A pattern that is wrong; the message is regcomp's. */
export class RegExpError extends Error {}

export function posixRegExp(source: string, options: RegExpOptions): RegExp {
  let body = translate(source, options.extended)
  if (options.newlines) body = body.replaceAll('[^\\n]', '[\\s\\S]')
  if (options.whole === 'line') body = `^(?:${body})$`
  else if (options.whole === 'word') body = `(?<![\\w])(?:${body})(?![\\w])`
  try {
    return new BoundedRegExp(body, `${options.flags ?? ''}${options.ignoreCase ? 'i' : ''}u`, { longest: true })
  } catch (error) {
    throw new RegExpError(error instanceof RegExpTooBig ? error.message : 'Invalid regular expression')
  }
}

export function literalRegExp(text: string, options: Omit<RegExpOptions, 'extended'>): RegExp {
  let body = literal(text)
  if (options.whole === 'line') body = `^(?:${body})$`
  else if (options.whole === 'word') body = `(?<![\\w])(?:${body})(?![\\w])`
  return new RegExp(body, `${options.flags ?? ''}${options.ignoreCase ? 'i' : ''}u`)
}

const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** The same pattern in JavaScript's syntax. */
export function translate(source: string, extended: boolean): string {
  let out = ''
  let depth = 0
  // Where an asterisk would be literal (start of pattern or group in basic syntax).
  let atStart = true
  for (let i = 0; i < source.length; i++) {
    const char = source[i]!
    if (char === '[') {
      const bracket = bracketExpression(source, i)
      out += bracket.source
      i = bracket.end
      atStart = false
      continue
    }
    if (char === '\\') {
      const next = source[++i]
      if (next === undefined) throw new RegExpError('Trailing backslash')
      const operator = !extended && '(){}|+?'.includes(next)
      if (operator) {
        if (next === '(') depth++
        if (next === ')') {
          if (depth-- === 0) throw new RegExpError('Unmatched ) or \\)')
        }
        if (next === '{') {
          const close = source.indexOf('\\}', i)
          if (close < 0) throw new RegExpError('Unmatched \\{')
          out += interval(source.slice(i + 1, close))
          i = close + 1
          continue
        }
        out += next
        atStart = next === '(' || next === '|'
        continue
      }
      out += backslashed(next)
      atStart = false
      continue
    }
    if (char === '*' && atStart) {
      if (!extended) out += '\\*'
      atStart = false
      continue
    }
    if (extended && '(){}|+?'.includes(char)) {
      if (char === '(') depth++
      if (char === ')') {
        if (depth === 0) {
          throw new RegExpError('Unmatched ) or \\)')
        }
        depth--
      }
      if (char === '{') {
        const close = source.indexOf('}', i)
        const body = close < 0 ? '' : source.slice(i + 1, close)
        if (!/^\d*(,\d*)?$/.test(body) || body === '' || atStart) {
          out += '\\{'
          atStart = false
          continue
        }
        out += interval(body)
        i = close
        continue
      }
      if (char === '}') {
        out += '\\}'
        continue
      }
      if ((char === '+' || char === '?') && atStart) {
        out += `\\${char}`
        atStart = false
        continue
      }
      // A second repetition operator widens the first.
      if ((char === '+' || char === '?') && /[*+?]$/.test(out) && !/\\[*+?]$/.test(out)) {
        if (!out.endsWith(char)) out = `${out.slice(0, -1)}*`
        continue
      }
      out += char
      atStart = char === '(' || char === '|'
      continue
    }
    if (char === '^') {
      out += extended || atStart ? '^' : '\\^'
      if (extended) atStart = true
      continue
    }
    if (char === '$') {
      const rest = source.slice(i + 1)
      const anchor = extended || rest === '' || rest.startsWith('\\)') || rest.startsWith('\\|')
      out += anchor ? '$' : '\\$'
      atStart = false
      continue
    }
    if (char === '*') {
      out =
        /[+?]$/.test(out) && !/\\[+?]$/.test(out) ? `${out.slice(0, -1)}*` : /(^|[^\\])\*$/.test(out) ? out : `${out}*`
      atStart = false
      continue
    }
    out += char === '.' ? '[^\\n]' : '+?(){}|/'.includes(char) ? `\\${char}` : char === ']' ? '\\]' : char
    atStart = false
  }
  if (depth > 0) throw new RegExpError(extended ? 'Unmatched ( or \\(' : 'Unmatched ( or \\(')
  return out
}

function interval(body: string): string {
  const match = /^(\d*)(,)?(\d*)$/.exec(body)
  if (!match) throw new RegExpError('Invalid content of \\{\\}')
  if (match[2] && match[3] && Number(match[3]) < Number(match[1] || 0))
    throw new RegExpError('Invalid content of \\{\\}')
  return `{${match[1] || '0'}${match[2] ?? ''}${match[3]}}`
}

function backslashed(char: string): string {
  switch (char) {
    case 'w':
    case 'W':
    case 's':
    case 'S':
    case 'b':
    case 'B':
      return `\\${char}`
    case '<':
      return '\\b(?=\\w)'
    case '>':
      return '\\b(?<=\\w)'
    case '`':
      return '^'
    case "'":
      return '$'
    case 'n':
      return '\\n'
    case 't':
      return '\\t'
    case 'r':
      return '\\r'
    case 'f':
      return '\\f'
    case 'v':
      return '\\v'
    default:
      if (/[1-9]/.test(char)) return `\\${char}`
      return /[A-Za-z0-9_]/.test(char) ? char : literal(char)
  }
}

function bracketExpression(source: string, start: number): { source: string; end: number } {
  let i = start + 1
  let out = '['
  if (source[i] === '^') {
    out += '^'
    i++
  }
  let first = true
  for (; i < source.length; i++) {
    const char = source[i]!
    if (char === ']' && !first) return { source: out === '[' ? '[^\\s\\S]' : `${out}]`, end: i }
    first = false
    const named = /^\[:(\w+):\]/.exec(source.slice(i))
    const single = /^\[([.=])(.)\1\]/.exec(source.slice(i))
    if (named) {
      const known = CHARACTER_CLASSES[named[1]!]
      if (!known) throw new RegExpError('Invalid character class name')
      out += known
      i += named[0].length - 1
    } else if (single) {
      out += single[2]!.replace(/[\\\]^[-]/g, '\\$&')
      i += single[0].length - 1
    } else if (char === '-') {
      // A range's dash stays; at an edge it is literal.
      const range =
        out.length > 1 && out !== '[^' && source[i + 1] !== ']' && i + 1 < source.length && !/\\-$/.test(out)
      out += range ? '-' : '\\-'
      if (range) {
        const to = source[++i]!
        out += to.replace(/[\\\]^[]/g, '\\$&')
      }
    } else if (char === '\\' && 'nt'.includes(source[i + 1] ?? ' ')) out += `\\${source[++i]}`
    else out += char.replace(/[\\\]^[]/g, '\\$&')
  }
  throw new RegExpError('Unmatched [, [^, [:, [., or [=')
}
