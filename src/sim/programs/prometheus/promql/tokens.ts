import { ParseError } from './expression.ts'

export interface Token {
  kind: 'identifier' | 'string' | 'number' | 'duration' | 'operator' | 'punctuation' | 'end'
  text: string
  from: number
}

const OPERATORS = /^(?:==|!=|=~|!~|>=|<=|[-+*/%^<>=@])/
const WORDS = new Set(['and', 'or', 'unless', 'atan2'])
const AGGREGATORS = 'sum avg count min max group stddev stdvar topk bottomk count_values quantile'.split(' ')
const KEYWORDS = 'offset by without on ignoring group_left group_right bool'.split(' ')

/** `1:5: parse error: …` */
export function parseError(text: string, at: number, message: string): ParseError {
  const before = text.slice(0, at)
  const line = before.split('\n').length
  return new ParseError(`${line}:${at - (before.lastIndexOf('\n') + 1) + 1}: parse error: ${message}`)
}

/** What a text is made of, and the first thing that is no part of any expression, in the lexer's own words. */
export function tokenize(text: string): { tokens: Token[]; error?: ParseError; errorAt?: number } {
  const tokens: Token[] = []
  const open: { mark: string }[] = []
  let at = 0
  const stop = (message: string, where = at) => ({ tokens, error: parseError(text, where, message), errorAt: where })
  const push = (kind: Token['kind'], length: number) => {
    tokens.push({ kind, text: text.slice(at, at + length), from: at })
    at += length
  }
  while (at < text.length) {
    const rest = text.slice(at)
    const blank = /^(?:\s+|#[^\n]*)/.exec(rest)
    if (blank) {
      at += blank[0].length
      continue
    }
    const c = rest[0]!
    const inside = open.at(-1)?.mark
    if (c === '"' || c === "'" || c === '`') {
      const m = c === '`' ? /^`[^`]*`/.exec(rest) : new RegExp(`^${c}(?:[^\\\\\\n${c}]|\\\\.)*${c}`).exec(rest)
      if (!m) return stop(c === '`' ? 'unterminated raw string' : 'unterminated quoted string')
      push('string', m[0].length)
      continue
    }
    if (c === '}' && inside !== '{') return stop(`unexpected character: '}'`)
    if (inside === '[') {
      if (c === ']' && tokens.at(-1)?.text !== '[') {
        open.pop()
        push('punctuation', 1)
        continue
      }
      if (c === ':') {
        push('punctuation', 1)
        continue
      }
      const m = /^[0-9]+[a-z0-9]*/.exec(rest)
      const digits = /^(\d+)[a-z]/.exec(rest)?.[1]
      if (!m || !/^(?:\d+(?:ms|[ywdhms]))+$/.test(m[0]))
        return stop(digits ? `bad duration syntax: ${JSON.stringify(digits)}` : 'missing unit character in duration')
      push('duration', m[0].length)
      continue
    }
    if (inside === '{' && c === '!' && !/^![=~]/.test(rest))
      return stop(`unexpected character after '!' inside braces: '${rest[1] ?? ''}'`)
    if ('([{'.includes(c)) {
      open.push({ mark: c })
      push('punctuation', 1)
      continue
    }
    if (')]}'.includes(c)) {
      const wanted = c === ')' ? '(' : c === ']' ? '[' : '{'
      if (inside !== wanted) {
        const side = c === ')' ? 'parenthesis' : c === ']' ? 'bracket' : 'brace'
        // A right parenthesis has been taken by then.
        return stop(`unexpected right ${side} '${c}'`, c === ')' ? at + 1 : at)
      }
      open.pop()
      push('punctuation', 1)
      continue
    }
    if (c === ',') {
      push('punctuation', 1)
      continue
    }
    const duration = /^(?:\d+(?:ms|[ywdhms]))+(?![\w.])/.exec(rest)
    if (duration) {
      push('duration', duration[0].length)
      continue
    }
    const number = /^(?:0[xX][\da-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(rest)
    if (number) {
      const whole = rest.slice(0, number[0].length) + /^\w*/.exec(rest.slice(number[0].length))![0]
      if (/^0x$/i.test(whole))
        return stop(`error parsing number: strconv.ParseFloat: parsing ${JSON.stringify(whole)}: invalid syntax`)
      if (whole.length > number[0].length) return stop(`bad number or duration syntax: ${JSON.stringify(whole)}`)
      push('number', number[0].length)
      continue
    }
    const word = /^[a-zA-Z_:][\w:]*/.exec(rest)
    if (word) {
      push(WORDS.has(word[0].toLowerCase()) && inside !== '{' ? 'operator' : 'identifier', word[0].length)
      continue
    }
    const operator = OPERATORS.exec(rest)
    if (operator) {
      push('operator', operator[0].length)
      continue
    }
    if (c === '!') return stop(`unexpected character after '!': '${rest[1] ?? ''}'`)
    return stop(`unexpected character${inside === '{' ? ' inside braces' : ''}: '${c}'`)
  }
  const inside = open.at(-1)?.mark
  if (inside === '{') return stop('unexpected end of input inside braces')
  if (inside) return stop(`unclosed left ${inside === '(' ? 'parenthesis' : 'bracket'}`)
  tokens.push({ kind: 'end', text: '', from: text.length })
  return { tokens }
}

/** How the parser names what it did not expect. */
export function describeToken(token: Token): string {
  const { kind, text } = token
  switch (kind) {
    case 'end':
      return 'end of input'
    case 'operator':
      return text === '=' ? '"="' : `<op:${text}>`
    case 'punctuation':
      return JSON.stringify(text)
    case 'identifier':
      if (AGGREGATORS.includes(text)) return `<aggr:${text}>`
      return KEYWORDS.includes(text) ? `<${text}>` : `identifier ${JSON.stringify(text)}`
    case 'string':
      return `string ${JSON.stringify(text)}`
    default:
      return `${kind} ${JSON.stringify(text)}`
  }
}
