import { SourceError, type Span } from './syntax-error.ts'

export type TokenType = 'name' | 'number' | 'string' | 'op' | 'newline' | 'indent' | 'dedent' | 'end'

export interface Token extends Span {
  readonly type: TokenType
  readonly text: string
}

const NAME = /[\p{L}_][\p{L}\p{N}\p{M}_]*/uy
const NUMBER =
  /(?:0[xX](?:_?[\da-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][+-]?\d+)?|\d(?:_?\d)*\.?(?:[eE][+-]?\d+)?)[jJ]?/y
const OPERATOR =
  /\*\*=|\/\/=|>>=|<<=|\.\.\.|!=|->|:=|\*\*|\/\/|>>|<<|<=|>=|==|<>|[+\-*/%&|^@]=|[+\-*/%&|^~<>()[\]{},:;.=@`]/y
const PREFIX = /(?:[rR][bBfF]?|[bBfF][rR]?|[uU][rR]?)?(?:'''|"""|'|")/y
const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** Splits a source into tokens, with the indentation made explicit as Python's tokenizer does. */
export class Lexer {
  readonly #source: string
  readonly #tokens: Token[] = []
  readonly #indents = [0]
  readonly #open: { char: string; span: Span }[] = []
  #at = 0
  #line = 1
  #lineStart = 0

  constructor(source: string) {
    this.#source = source
  }

  tokens(): Token[] {
    const source = this.#source
    if (source.charCodeAt(0) === 0xfeff) this.#at = this.#lineStart = 1
    this.#indentation()
    while (this.#at < source.length) this.#token()
    const open = this.#open.at(-1)
    if (open) throw new SourceError(`'${open.char}' was never closed`, open.span, 'SyntaxError', true)
    if (this.#tokens.length > 0 && this.#tokens.at(-1)!.type !== 'newline') this.#push('newline', '', this.#at)
    while (this.#indents.length > 1) {
      this.#indents.pop()
      this.#push('dedent', '', this.#at)
    }
    this.#push('end', '', this.#at)
    return this.#tokens
  }

  #push(type: TokenType, text: string, start: number, line = this.#line, lineStart = this.#lineStart): void {
    const col = Math.max(0, start - lineStart)
    this.#tokens.push({
      type,
      text,
      line,
      col,
      endLine: this.#line,
      endCol: type === 'newline' ? col + 1 : Math.max(0, this.#at - this.#lineStart),
    })
  }

  #span(start: number): Span {
    const col = start - this.#lineStart
    return { line: this.#line, col, endLine: this.#line, endCol: col + 1 }
  }

  #newLine(): void {
    this.#line++
    this.#lineStart = this.#at
  }

  #token(): void {
    const source = this.#source
    const c = source[this.#at]!
    if (c === ' ' || c === '\t' || c === '\f') {
      this.#at++
      return
    }
    if (c === '#') {
      while (this.#at < source.length && source[this.#at] !== '\n') this.#at++
      return
    }
    if (c === '\r') {
      this.#at++
      return
    }
    if (c === '\n') {
      if (
        this.#open.length === 0 &&
        this.#tokens.length > 0 &&
        !['newline', 'indent', 'dedent'].includes(this.#tokens.at(-1)!.type)
      )
        this.#push('newline', '\n', this.#at)
      this.#at++
      this.#newLine()
      if (this.#open.length === 0) this.#indentation()
      return
    }
    if (c === '\\') {
      if (source[this.#at + 1] === '\n' || source.startsWith('\r\n', this.#at + 1)) {
        this.#at += source[this.#at + 1] === '\n' ? 2 : 3
        this.#newLine()
        return
      }
      throw new SourceError('unexpected character after line continuation character', this.#span(this.#at))
    }
    PREFIX.lastIndex = this.#at
    const prefix = PREFIX.exec(source)
    if (prefix) return this.#string(prefix[0])
    NAME.lastIndex = this.#at
    const name = NAME.exec(source)
    if (name) return this.#take('name', name[0])
    if (/[\d.]/.test(c)) {
      NUMBER.lastIndex = this.#at
      const number = NUMBER.exec(source)
      if (number) {
        const next = source[this.#at + number[0].length] ?? ''
        if (/^0\d/.test(number[0]) && /^0\d*[1-9]/.test(number[0]) && /^\d+$/.test(number[0]))
          throw new SourceError(
            'leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers',
            this.#span(this.#at),
          )
        if (
          /[A-Za-z_]/.test(next) &&
          !/^(?:and|or|if|else|in|is|for|not)\b/.test(source.slice(this.#at + number[0].length)) &&
          !/^[lL]\b/.test(source.slice(this.#at + number[0].length))
        )
          throw new SourceError(
            /^0[xXbBoO]/.test(number[0]) ? 'invalid hexadecimal literal' : 'invalid decimal literal',
            this.#span(this.#at + number[0].length - 1),
          )
        return this.#take('number', number[0])
      }
    }
    OPERATOR.lastIndex = this.#at
    const operator = OPERATOR.exec(source)
    if (!operator) {
      if (c === '!' || c === '$' || c === '?') throw new SourceError('invalid syntax', this.#span(this.#at))
      throw new SourceError(
        `invalid ${c.charCodeAt(0) < 32 ? 'non-printable ' : ''}character '${c}' (U+${c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')})`,
        this.#span(this.#at),
      )
    }
    const [text] = operator
    if (text in CLOSERS) this.#open.push({ char: text, span: this.#span(this.#at) })
    else if (text === ')' || text === ']' || text === '}') {
      const open = this.#open.pop()
      if (!open) throw new SourceError(`unmatched '${text}'`, this.#span(this.#at))
      if (CLOSERS[open.char] !== text)
        throw new SourceError(
          `closing parenthesis '${text}' does not match opening parenthesis '${open.char}'${open.span.line === this.#line ? '' : ` on line ${open.span.line}`}`,
          this.#span(this.#at),
        )
    }
    this.#take('op', text)
  }

  #take(type: TokenType, text: string): void {
    const start = this.#at
    this.#at += text.length
    this.#push(type, text, start)
  }

  #string(prefix: string): void {
    const source = this.#source
    const start = this.#at
    const line = this.#line
    const lineStart = this.#lineStart
    const quote = /['"]+$/.exec(prefix)![0]
    const formatted = /f/i.test(prefix)
    this.#at += prefix.length
    let depth = 0
    for (;;) {
      if (this.#at >= source.length || (quote.length === 1 && source[this.#at] === '\n')) {
        const col = start - lineStart
        const span = { line, col, endLine: line, endCol: col + 1 }
        const what = formatted ? 'f-string literal' : 'string literal'
        throw new SourceError(
          quote.length === 3
            ? `unterminated triple-quoted ${what} (detected at line ${this.#line})`
            : `unterminated ${what} (detected at line ${line})`,
          span,
          'SyntaxError',
          quote.length === 3,
        )
      }
      const c = source[this.#at]!
      if (c === '\\') {
        if (source[this.#at + 1] === '\n') {
          this.#at += 2
          this.#newLine()
        } else this.#at += 2
        continue
      }
      if (formatted && depth === 0 && c === '{' && source[this.#at + 1] === '{') {
        this.#at += 2
        continue
      }
      if (formatted && c === '{') depth++
      else if (formatted && c === '}' && depth > 0) depth--
      else if (formatted && depth > 0 && (c === '"' || c === "'")) {
        // A string within a replacement field.
        const closing = source.indexOf(c, this.#at + 1)
        const newline = source.indexOf('\n', this.#at)
        if (
          closing > 0 &&
          (newline < 0 || closing < newline) &&
          !(
            source.startsWith(quote, this.#at) &&
            !source.slice(this.#at, newline < 0 ? undefined : newline).includes('}')
          )
        ) {
          this.#at = closing + 1
          continue
        }
      }
      if (source.startsWith(quote, this.#at)) break
      this.#at++
      if (c === '\n') this.#newLine()
    }
    this.#at += quote.length
    this.#push('string', source.slice(start, this.#at), start, line, lineStart)
  }

  /** At the start of a line: counts its indentation, unless it is blank. */
  #indentation(): void {
    const source = this.#source
    let at = this.#at
    let width = 0
    for (; source[at] === ' ' || source[at] === '\t' || source[at] === '\f'; at++)
      width = source[at] === '\t' ? (Math.floor(width / 8) + 1) * 8 : width + 1
    const c = source[at]
    if (c === undefined || c === '\n' || c === '#' || c === '\r') return
    const { [this.#indents.length - 1]: current = 0 } = this.#indents
    const before = this.#at
    this.#at = at
    if (width > current) {
      this.#indents.push(width)
      this.#push('indent', source.slice(before, at), before)
      return
    }
    while (width < this.#indents.at(-1)!) {
      this.#indents.pop()
      if (width > this.#indents.at(-1)!)
        throw new SourceError(
          'unindent does not match any outer indentation level',
          { line: this.#line, col: width, endLine: this.#line, endCol: width + 1 },
          'IndentationError',
        )
      this.#push('dedent', '', at)
    }
  }
}
