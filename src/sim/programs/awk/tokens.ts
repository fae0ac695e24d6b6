export type Token =
  | { kind: 'number'; value: number }
  | { kind: 'string'; text: string }
  | { kind: 'regex'; text: string }
  | { kind: 'name'; text: string; call: boolean }
  | { kind: 'keyword'; text: string }
  | { kind: 'op'; text: string }
  | { kind: 'newline' }
  | { kind: 'end' }

export class AwkSyntaxError extends Error {}

const KEYWORDS = new Set([
  'BEGIN',
  'END',
  'function',
  'func',
  'if',
  'else',
  'while',
  'for',
  'do',
  'break',
  'continue',
  'next',
  'nextfile',
  'exit',
  'return',
  'delete',
  'in',
  'getline',
  'print',
  'printf',
  'switch',
  'case',
  'default',
])
const OPERATORS = [
  '**=',
  '&&',
  '||',
  '++',
  '--',
  '+=',
  '-=',
  '*=',
  '/=',
  '%=',
  '^=',
  '**',
  '==',
  '<=',
  '>=',
  '!=',
  '!~',
  '>>',
  '|&',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ';',
  ',',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '!',
  '>',
  '<',
  '|',
  '?',
  ':',
  '~',
  '$',
  '=',
]

/** Escapes of awk's strings; regular expressions keep theirs. */
export function unescapeString(text: string): string {
  return text.replace(/\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.)|\n)/gs, (whole, octal, hex, c) => {
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8))
    if (hex) return String.fromCharCode(Number.parseInt(hex, 16))
    if (c === undefined || c === '\n') return ''
    return (
      { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '"': '"', '\\': '\\', '/': '/' }[
        c as string
      ] ?? whole
    )
  })
}

/** After these a slash begins a regular expression, not a division. */
function regexMayFollow(previous: Token | undefined): boolean {
  if (!previous) return true
  if (previous.kind === 'number' || previous.kind === 'string' || previous.kind === 'name' || previous.kind === 'regex')
    return false
  if (previous.kind === 'op')
    return !(
      previous.text === ')' ||
      previous.text === ']' ||
      previous.text === '$' ||
      previous.text === '++' ||
      previous.text === '--'
    )
  return !(previous.kind === 'keyword' && previous.text === 'getline')
}

export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let i = 0
  while (i < source.length) {
    const c = source[i]!
    if (c === '\\' && (source[i + 1] === '\n' || source.startsWith('\\\r\n', i))) {
      i = source.indexOf('\n', i) + 1
      continue
    }
    if (c === '\n') {
      tokens.push({ kind: 'newline' })
      i++
      continue
    }
    if (/\s/.test(c)) {
      i++
      continue
    }
    if (c === '#') {
      while (i < source.length && source[i] !== '\n') i++
      continue
    }
    if (c === '"') {
      let end = i + 1
      while (end < source.length && source[end] !== '"') end += source[end] === '\\' ? 2 : 1
      if (end >= source.length) throw new AwkSyntaxError('unterminated string')
      tokens.push({ kind: 'string', text: unescapeString(source.slice(i + 1, end)) })
      i = end + 1
      continue
    }
    if (c === '/' && regexMayFollow(tokens.at(-1))) {
      let end = i + 1
      let inBracket = false
      while (end < source.length && (source[end] !== '/' || inBracket) && source[end] !== '\n') {
        if (source[end] === '\\') end++
        else if (source[end] === '[') inBracket = true
        else if (source[end] === ']') inBracket = false
        end++
      }
      if (source[end] !== '/') throw new AwkSyntaxError('unterminated regexp')
      tokens.push({ kind: 'regex', text: source.slice(i + 1, end).replaceAll('\\/', '/') })
      i = end + 1
      continue
    }
    const number = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(source.slice(i))
    if (number) {
      tokens.push({ kind: 'number', value: Number(number[0]) })
      i += number[0].length
      continue
    }
    const name = /^[A-Za-z_]\w*/.exec(source.slice(i))
    if (name) {
      const text = name[0]
      i += text.length
      if (KEYWORDS.has(text)) tokens.push({ kind: 'keyword', text: text === 'func' ? 'function' : text })
      else tokens.push({ kind: 'name', text, call: source[i] === '(' })
      continue
    }
    const op = OPERATORS.find((o) => source.startsWith(o, i))
    if (!op) throw new AwkSyntaxError(`syntax error near unexpected '${c}'`)
    tokens.push({ kind: 'op', text: op === '**' ? '^' : op === '**=' ? '^=' : op })
    i += op.length
  }
  tokens.push({ kind: 'newline' }, { kind: 'end' })
  return tokens
}
