import { AwkSyntaxError } from './syntax.ts'

export interface Token {
  kind: 'number' | 'string' | 'regexp' | 'name' | 'call' | 'builtin' | 'keyword' | 'operator' | 'newline' | 'end'
  text: string
  value?: number
  line: number
  /** A space stood before it. */
  spaced: boolean
}

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
])

export const BUILTINS = new Set([
  'length',
  'substr',
  'index',
  'split',
  'sub',
  'gsub',
  'gensub',
  'match',
  'sprintf',
  'sin',
  'cos',
  'atan2',
  'exp',
  'log',
  'sqrt',
  'int',
  'rand',
  'srand',
  'tolower',
  'toupper',
  'system',
  'close',
  'fflush',
  'strftime',
  'systime',
  'mktime',
  'and',
  'or',
  'xor',
  'lshift',
  'rshift',
  'compl',
  'strtonum',
  'asort',
  'asorti',
])

const OPERATORS = [
  '**=',
  '>>',
  '<=',
  '>=',
  '==',
  '!=',
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
  '!~',
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

export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let line = 1
  let spaced = false
  const add = (kind: Token['kind'], text: string, value?: number) => {
    tokens.push({ kind, text, line, spaced, ...(value === undefined ? {} : { value }) })
    spaced = false
  }
  for (let i = 0; i < source.length; ) {
    const rest = source.slice(i, i + 2)
    const char = source[i]!
    if (char === '\\' && (rest[1] === '\n' || rest === '\\\r')) {
      i += 2
      line++
      spaced = true
    } else if (char === ' ' || char === '\t' || char === '\r') {
      i++
      spaced = true
    } else if (char === '#') {
      while (i < source.length && source[i] !== '\n') i++
    } else if (char === '\n') {
      add('newline', '\n')
      line++
      i++
    } else if (char === '"') {
      const [text, next] = readString(source, i, line)
      add('string', text)
      i = next
    } else if (char === '/' && regexpAllowed(tokens.at(-1))) {
      const [text, next] = readRegExp(source, i, line)
      add('regexp', text)
      i = next
    } else if (/[0-9]/.test(char) || (char === '.' && /[0-9]/.test(rest[1] ?? ''))) {
      const text = /^(0[xX][0-9a-fA-F]+|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)/.exec(source.slice(i))![0]
      add('number', text, Number(text))
      i += text.length
    } else if (/[A-Za-z_]/.test(char)) {
      const text = /^[A-Za-z_]\w*/.exec(source.slice(i))![0]
      i += text.length
      if (KEYWORDS.has(text)) add('keyword', text === 'func' ? 'function' : text)
      else if (BUILTINS.has(text)) add('builtin', text)
      else add(source[i] === '(' ? 'call' : 'name', text)
    } else {
      const operator = OPERATORS.find((each) => source.startsWith(each, i))
      if (!operator) throw new AwkSyntaxError(char, line)
      add('operator', operator === '**' ? '^' : operator === '**=' ? '^=' : operator)
      i += operator.length
    }
  }
  add('end', '')
  return tokens
}

/** A slash begins a regular expression where an operand is expected. */
function regexpAllowed(last: Token | undefined): boolean {
  if (!last) return true
  if (
    last.kind === 'number' ||
    last.kind === 'string' ||
    last.kind === 'regexp' ||
    last.kind === 'name' ||
    last.kind === 'builtin'
  )
    return false
  return !(last.kind === 'operator' && [')', ']', '$', '++', '--'].includes(last.text))
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  '"': '"',
  '/': '/',
}

export function unescapeString(text: string): string {
  return text.replace(/\\([0-7]{1,3}|[\s\S])/g, (all, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : code === '\n' ? '' : (ESCAPES[code] ?? all),
  )
}

function readString(source: string, start: number, line: number): [string, number] {
  let i = start + 1
  while (i < source.length && source[i] !== '"') {
    if (source[i] === '\n') throw new AwkSyntaxError('unterminated string', line)
    i += source[i] === '\\' ? 2 : 1
  }
  if (i >= source.length) throw new AwkSyntaxError('unterminated string', line)
  return [unescapeString(source.slice(start + 1, i)), i + 1]
}

function readRegExp(source: string, start: number, line: number): [string, number] {
  let bracket = false
  for (let i = start + 1; i < source.length; i++) {
    const char = source[i]
    if (char === '\n') break
    if (char === '\\') i++
    else if (char === '[') {
      if (!bracket && source[i + 1] === ']') i++
      else if (!bracket && source.startsWith('^]', i + 1)) i += 2
      bracket = true
    } else if (char === ']') bracket = false
    else if (char === '/' && !bracket) return [source.slice(start + 1, i).replace(/\\\//g, '/'), i + 1]
  }
  throw new AwkSyntaxError('/', line)
}
