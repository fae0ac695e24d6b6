/** A token of JavaScript source: enough to find words and matching brackets without strings and comments misleading. */
export interface Token {
  kind: 'word' | 'number' | 'string' | 'template' | 'regexp' | 'punctuator'
  text: string
  start: number
  end: number
  /** A line ends between the token before and this one. */
  newline: boolean
}

const WORD = /[\p{ID_Start}$_#@\\][\p{ID_Continue}$\u200c\u200d\\]*/uy
const NUMBER = /(?:0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)n?/y
const PUNCTUATOR = /=>|\.\.\.|\?\.(?!\d)|\?\?=?|[-+]{2}|&&=?|\|\|=?|\*\*=?|>>>=?|<<=?|>>=?|[=!]==?|[-+*/%&|^<>]=|[^\s]/y
const REGEXP = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y

/** Words after which a slash begins a regular expression. */
const BEFORE_OPERAND = new Set(
  'return typeof instanceof in of new delete void throw case do else yield await default'.split(' '),
)

/**
 * Splits source into tokens. Parts of templates come as `template` tokens with the tokens of `${…}` between them.
 * A slash after `)` is taken for a division, except behind `if (…)` and the like.
 */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  const brackets: { open: string; control: boolean }[] = []
  let at = source.startsWith('#!') ? source.indexOf('\n') : 0
  if (at < 0) return tokens
  let newline = false
  let closedControl = false
  const push = (kind: Token['kind'], end: number) => {
    tokens.push({ kind, text: source.slice(at, end), start: at, end, newline })
    newline = false
    at = end
  }
  const match = (pattern: RegExp): number => {
    pattern.lastIndex = at
    return pattern.test(source) ? pattern.lastIndex : -1
  }
  const template = () => {
    let end = at + 1
    while (end < source.length && source[end] !== '`') {
      if (source[end] === '\\') end++
      else if (source[end] === '$' && source[end + 1] === '{') {
        push('template', end + 2)
        brackets.push({ open: '`', control: false })
        return
      }
      end++
    }
    push('template', Math.min(end + 1, source.length))
  }
  while (at < source.length) {
    const c = source[at]!
    if (c === '\n' || c === '\u2028' || c === '\u2029') {
      newline = true
      at++
    } else if (/\s/.test(c) || c === '\ufeff') at++
    else if (c === '/' && source[at + 1] === '/') {
      const end = source.indexOf('\n', at)
      at = end < 0 ? source.length : end
    } else if (c === '/' && source[at + 1] === '*') {
      const end = source.indexOf('*/', at + 2)
      if (source.slice(at, end < 0 ? undefined : end).includes('\n')) newline = true
      at = end < 0 ? source.length : end + 2
    } else if (c === '"' || c === "'") {
      let end = at + 1
      while (end < source.length && source[end] !== c && source[end] !== '\n') end += source[end] === '\\' ? 2 : 1
      push('string', Math.min(end + 1, source.length))
    } else if (c === '`') template()
    else if (c === '}' && brackets.at(-1)?.open === '`') {
      brackets.pop()
      template()
    } else {
      const number = /[\d.]/.test(c) ? match(NUMBER) : -1
      const word = number < 0 ? match(WORD) : -1
      const regexp = number < 0 && word < 0 && c === '/' && operandNext(tokens, closedControl) ? match(REGEXP) : -1
      if (number >= 0) push('number', number)
      else if (word >= 0) push('word', word)
      else if (regexp >= 0) push('regexp', regexp)
      else {
        closedControl = false
        if (c === '(') brackets.push({ open: c, control: /^(?:if|while|for|with)$/.test(tokens.at(-1)?.text ?? '') })
        else if (c === '{' || c === '[') brackets.push({ open: c, control: false })
        else if (c === ')' || c === '}' || c === ']') closedControl = brackets.pop()?.control ?? false
        push('punctuator', Math.max(at + 1, match(PUNCTUATOR)))
      }
    }
  }
  return tokens
}

function operandNext(tokens: readonly Token[], closedControl: boolean): boolean {
  const last = tokens.at(-1)
  if (!last) return true
  if (last.kind === 'word') return BEFORE_OPERAND.has(last.text)
  if (last.kind === 'punctuator') return last.text === ')' ? closedControl : last.text !== ']' && last.text !== '}'
  return last.kind === 'template' && last.text.endsWith('${')
}
