import { type Filter, JqSyntaxError } from './syntax.ts'

export interface Token {
  kind: 'name' | 'field' | 'variable' | 'number' | 'string' | 'format' | 'operator' | 'end'
  text: string
  parts?: (string | Filter)[]
}

const OPERATORS = [
  '//=',
  '|=',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '==',
  '!=',
  '<=',
  '>=',
  '//',
  '..',
  '|',
  ',',
  '+',
  '-',
  '*',
  '/',
  '%',
  '=',
  '<',
  '>',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '.',
  ':',
  ';',
  '?',
]

/** `parse` reads the programs inside `\(…)`. */
export function tokenize(source: string, parse: (text: string) => Filter): Token[] {
  const tokens: Token[] = []
  for (let i = 0; i < source.length; ) {
    const rest = source.slice(i)
    const blank = /^(\s+|#[^\n]*)/.exec(rest)
    if (blank) {
      i += blank[0].length
      continue
    }
    if (rest[0] === '"') {
      const { parts, end } = readString(source, i, parse)
      tokens.push({ kind: 'string', text: '"', parts })
      i = end
      continue
    }
    const match =
      /^\.([A-Za-z_]\w*)|^(\$[A-Za-z_]\w*)|^(@[a-z0-9]+)|^((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|^([A-Za-z_]\w*)/.exec(
        rest,
      )
    if (match) {
      if (match[1] !== undefined) tokens.push({ kind: 'field', text: match[1] })
      else if (match[2]) tokens.push({ kind: 'variable', text: match[2].slice(1) })
      else if (match[3]) tokens.push({ kind: 'format', text: match[3] })
      else if (match[4]) tokens.push({ kind: 'number', text: match[4] })
      else tokens.push({ kind: match[5] === 'and' || match[5] === 'or' ? 'operator' : 'name', text: match[5]! })
      i += match[0].length
      continue
    }
    const operator = OPERATORS.find((each) => rest.startsWith(each))
    if (!operator) throw new JqSyntaxError('syntax error, unexpected INVALID_CHARACTER')
    tokens.push({ kind: 'operator', text: operator })
    i += operator.length
  }
  tokens.push({ kind: 'end', text: '' })
  return tokens
}

function readString(
  source: string,
  start: number,
  parse: (text: string) => Filter,
): { parts: (string | Filter)[]; end: number } {
  const parts: (string | Filter)[] = []
  let text = ''
  for (let i = start + 1; i < source.length; i++) {
    const char = source[i]!
    if (char === '"') return { parts: [...parts, text], end: i + 1 }
    if (char !== '\\') {
      text += char
      continue
    }
    const next = source[++i]!
    if (next === '(') {
      let depth = 1
      let j = i + 1
      for (; j < source.length && depth > 0; j++) {
        if (source[j] === '"') j = readString(source, j, parse).end - 1
        else if (source[j] === '(') depth++
        else if (source[j] === ')') depth--
      }
      parts.push(text, parse(source.slice(i + 1, j - 1)))
      text = ''
      i = j - 1
    } else if (next === 'u') {
      text += String.fromCharCode(Number.parseInt(source.slice(i + 1, i + 5), 16))
      i += 4
    } else text += ({ n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' } as Record<string, string>)[next] ?? next
  }
  throw new JqSyntaxError(
    'syntax error, unexpected end of file, expecting QQSTRING_TEXT or QQSTRING_INTERP_START or QQSTRING_END',
  )
}
