/** The tokens of Go's text/template. */
export type TokenType =
  | 'text'
  | 'left'
  | 'right'
  | 'space'
  | 'field'
  | 'variable'
  | 'identifier'
  | 'keyword'
  | 'dot'
  | 'nil'
  | 'bool'
  | 'number'
  | 'char'
  | 'string'
  | 'raw'
  | 'pipe'
  | 'declare'
  | 'assign'
  | 'comma'
  | '('
  | ')'
  | 'error'
  | 'eof'

export interface Token {
  type: TokenType
  text: string
  /** Offset in the template. */
  at: number
  line: number
}

const KEYWORDS = new Set(['block', 'break', 'continue', 'define', 'else', 'end', 'if', 'range', 'template', 'with'])
const WORD = /[\p{L}\p{N}_]/u

export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let line = 1
  const push = (type: TokenType, text: string, start = at) => {
    tokens.push({ type, text, at: start, line })
    line += text.split('\n').length - 1
    at = start + text.length
  }
  const fail = (message: string) => {
    tokens.push({ type: 'error', text: message, at, line })
    return tokens
  }
  let trimNext = false
  while (at < source.length) {
    let open = source.indexOf('{{', at)
    if (open < 0) open = source.length
    let text = source.slice(at, open)
    const start = at
    const trimmedLeft = trimNext ? text.length - text.trimStart().length : 0
    line += text.slice(0, trimmedLeft).split('\n').length - 1
    text = text.slice(trimmedLeft)
    const trimRight = /^\{\{-\s/.test(source.slice(open, open + 4))
    const kept = trimRight ? text.trimEnd() : text
    if (kept) push('text', kept, start + trimmedLeft)
    line += text.slice(kept.length).split('\n').length - 1
    at = open
    trimNext = false
    if (at >= source.length) break
    const left = trimRight ? '{{-' : '{{'
    const afterLeft = at + left.length
    const comment = /^\s*\/\*/.exec(source.slice(afterLeft))
    if (comment) {
      const close = source.indexOf('*/', afterLeft + comment[0].length)
      if (close < 0) return fail('unclosed comment')
      const end = /^(\s-)?\}\}/.exec(source.slice(close + 2))
      if (!end) return fail('comment ends before closing delimiter')
      line += source.slice(at, close + 2).split('\n').length - 1
      at = close + 2 + end[0].length
      trimNext = end[1] !== undefined
      continue
    }
    push('left', left)
    let depth = 0
    for (;;) {
      if (at >= source.length) return fail('unclosed action')
      const rest = source.slice(at)
      const close = /^(\s-)?\}\}/.exec(rest)
      if (close) {
        if (depth > 0) return fail('unclosed left paren')
        push('right', close[0])
        trimNext = close[1] !== undefined
        break
      }
      const c = rest[0]!
      if (/\s/.test(c)) {
        // A trim marker belongs to the closing delimiter, not to the space before it.
        const spaces = /^\s+?(?=\s-\}\}|\S|$)/.exec(rest)?.[0] ?? c
        push('space', spaces)
      } else if (rest.startsWith(':=')) push('declare', ':=')
      else if (c === '=') push('assign', c)
      else if (c === '|') push('pipe', c)
      else if (c === ',') push('comma', c)
      else if (c === '(') {
        depth++
        push('(', c)
      } else if (c === ')') {
        if (--depth < 0) return fail('unexpected right paren')
        push(')', c)
      } else if (c === '"') {
        const found = /^"(?:[^"\\\n]|\\.)*"/.exec(rest)
        if (!found) return fail('unterminated quoted string')
        push('string', found[0])
      } else if (c === '`') {
        const found = /^`[^`]*`/.exec(rest)
        if (!found) return fail('unterminated raw quoted string')
        push('raw', found[0])
      } else if (c === "'") {
        const found = /^'(?:[^'\\\n]|\\.)+'/.exec(rest)
        if (!found) return fail('unterminated character constant')
        push('char', found[0])
      } else if (c === '.' && !/^\.\d/.test(rest)) {
        const found = /^\.[\p{L}\p{N}_]*/u.exec(rest)![0]
        push(found === '.' ? 'dot' : 'field', found)
      } else if (c === '$') {
        push('variable', /^\$[\p{L}\p{N}_]*/u.exec(rest)![0])
      } else if (/^[+-]?(\.?\d)/.test(rest)) {
        const found = /^[+-]?(?:0[xX][\da-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[\d_]*\.?[\d_]*(?:[eE][+-]?\d+)?i?)/.exec(
          rest,
        )![0]
        const after = rest[found.length]
        if (after !== undefined && WORD.test(after)) return fail(`bad number syntax: ${quote(found + after)}`)
        push('number', found)
      } else if (WORD.test(c)) {
        const word = /^[\p{L}\p{N}_]+/u.exec(rest)![0]
        const type = KEYWORDS.has(word)
          ? 'keyword'
          : word === 'nil'
            ? 'nil'
            : word === 'true' || word === 'false'
              ? 'bool'
              : 'identifier'
        push(type, word)
      } else return fail(`unexpected ${describeChar(c)} in action`)
    }
  }
  tokens.push({ type: 'eof', text: '', at, line })
  return tokens
}

export function quote(text: string): string {
  return JSON.stringify(text)
}

function describeChar(c: string): string {
  return `U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} '${c}'`
}
