/** A regular expression as POSIX has it, for JavaScript's engine. */
export class RegexError extends Error {}

const CLASSES: Record<string, string> = {
  alpha: 'a-zA-Z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\s',
  blank: ' \\t',
  punct: '!-\\/:-@\\[-`{-~',
  print: '\\x20-\\x7e',
  graph: '\\x21-\\x7e',
  cntrl: '\\x00-\\x1f\\x7f',
  xdigit: '0-9A-Fa-f',
}

export interface RegexOptions {
  /** Basic syntax: groups, intervals, + ? | are operators only behind a backslash (GNU). */
  basic?: boolean
  ignoreCase?: boolean
  global?: boolean
  /** `^` and `$` match at newlines too (sed's M). */
  multiline?: boolean
}

/** Translates and compiles. Throws RegexError in grep's words. */
export function posixRegex(source: string, options: RegexOptions = {}): RegExp {
  const flags = `${options.global ? 'g' : ''}${options.ignoreCase ? 'i' : ''}${options.multiline ? 'm' : ''}s`
  const translated = translate(source, options.basic ?? false)
  try {
    return new RegExp(translated, flags)
  } catch {
    throw new RegexError('Invalid regular expression')
  }
}

function translate(source: string, basic: boolean): string {
  let out = ''
  let depth = 0
  /** Nothing to repeat yet: `*` here is a letter in basic syntax. */
  let atStart = true
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!
    if (c === '[') {
      const [text, end] = bracket(source, i)
      out += text
      i = end
      atStart = false
      continue
    }
    if (c === '\\') {
      const next = source[++i]
      if (next === undefined) throw new RegexError('Trailing backslash')
      if (basic && '(){}|+?'.includes(next)) {
        if (next === '(') {
          depth++
          out += '('
          atStart = true
        } else if (next === ')') {
          if (depth-- === 0) throw new RegexError('Unmatched ) or \\)')
          out += ')'
          atStart = false
        } else if (next === '{') {
          const end = source.indexOf('\\}', i)
          if (end < 0) throw new RegexError('Unmatched \\{')
          out += interval(source.slice(i + 1, end))
          i = end + 1
        } else if (next === '|') {
          out += '|'
          atStart = true
        } else out += next
        continue
      }
      out += escaped(next)
      atStart = false
      continue
    }
    if (basic) {
      if (c === '*' && atStart) out += '\\*'
      else if (c === '^') out += atStart ? '^' : '\\^'
      else if (c === '$') out += endsBranch(source, i) ? '$' : '\\$'
      else if ('(){}|+?/'.includes(c)) out += `\\${c}`
      else out += c
      if (c !== '^' || !atStart) atStart = false
      continue
    }
    if (c === '(') depth++
    if (c === ')') {
      if (depth === 0) {
        out += '\\)'
        atStart = false
        continue
      }
      depth--
    }
    if (c === '{') {
      const m = /^\{(\d*)(,?)(\d*)\}/.exec(source.slice(i))
      if (m && (m[1] || m[3]) && !atStart) {
        out += interval(m[0].slice(1, -1))
        i += m[0].length - 1
      } else out += '\\{'
      atStart = false
      continue
    }
    if (c === '}') out += '\\}'
    else if ('*+?'.includes(c) && atStart) out += c === '*' ? '' : `\\${c}`
    else if ('*+?'.includes(c) && /[*+?]$/.test(out) && !out.endsWith(`\\${out.at(-1)}`)) {
      // a** and a*+ repeat once more, which changes nothing
    } else out += c === '/' ? '\\/' : c
    atStart = c === '(' || c === '|'
  }
  if (depth > 0) throw new RegexError('Unmatched ( or \\(')
  return out
}

const endsBranch = (source: string, i: number) => i === source.length - 1 || /^\\[)|]/.test(source.slice(i + 1))

function interval(text: string): string {
  const m = /^(\d*)(,?)(\d*)$/.exec(text)
  if (!m) throw new RegexError('Invalid content of \\{\\}')
  const low = m[1] || '0'
  if (Number(low) > 32767 || Number(m[3] || 0) > 32767) throw new RegexError('Regular expression too big')
  return `{${low}${m[2]}${m[3]}}`
}

function escaped(c: string): string {
  if (c === '<') return '\\b(?=\\w)'
  if (c === '>') return '\\b(?<=\\w)'
  if (c === 'y') return '\\b'
  if (c === '`') return '^'
  if (c === "'") return '$'
  if (/[wWsSbB1-9nrtfv]/.test(c)) return `\\${c}`
  if (/[a-zA-Z]/.test(c)) return c
  return `\\${c}`
}

/** A bracket expression from `[` at `start`: its translation and the index of its `]`. */
function bracket(source: string, start: number): [string, number] {
  let i = start + 1
  let out = '['
  if (source[i] === '^') {
    out += '^'
    i++
  }
  let first = true
  for (; ; i++) {
    const c = source[i]
    if (c === undefined) throw new RegexError('Unmatched [, [^, [:, [., or [=')
    if (c === ']' && !first) return [`${out}]`, i]
    first = false
    if (c === '[' && (source[i + 1] === ':' || source[i + 1] === '.' || source[i + 1] === '=')) {
      const mark = source[i + 1]!
      const end = source.indexOf(`${mark}]`, i + 2)
      if (end < 0) throw new RegexError('Unmatched [, [^, [:, [., or [=')
      const name = source.slice(i + 2, end)
      if (mark === ':') {
        const known = CLASSES[name]
        if (known === undefined) throw new RegexError('Invalid character class name')
        out += known
      } else out += name.replace(/[\\\]^-]/g, '\\$&')
      i = end + 1
      continue
    }
    if (c === '\\') {
      // A plain backslash in POSIX; programs that allow escapes (awk, sed's \n) resolve them before.
      const next = source[i + 1]
      if (next !== undefined && /[ntrfv/"\\.\]-]/.test(next)) {
        out += /[ntrfv]/.test(next) ? `\\${next}` : `\\${next}`
        i++
      } else out += '\\\\'
      continue
    }
    out += c === '[' ? '\\[' : c
  }
}
