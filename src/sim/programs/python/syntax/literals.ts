import type { Expr, FormattedValue } from './ast.ts'
import type { Token } from './lexer.ts'
import { SourceError, type Span } from './syntax-error.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '0': '\0',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
}

/** The text of a string literal's inside. */
export function unescaped(text: string, bytes: boolean, span: Span): string {
  if (!text.includes('\\')) return text
  return text.replace(
    /\\(?:([0-7]{1,3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|N\{([^}]*)\}|([\s\S]))/g,
    (all, octal, hex, unicode, long, name, other) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8))
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
      if (bytes && other === undefined) return all
      if (unicode !== undefined) return String.fromCharCode(Number.parseInt(unicode, 16))
      if (long !== undefined) return String.fromCodePoint(Number.parseInt(long, 16))
      if (name !== undefined) throw new SourceError('not simulated: \\N{…} escapes', span)
      if (other === 'x')
        throw new SourceError(
          "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-1: truncated \\xXX escape",
          span,
        )
      return ESCAPES[other] ?? `\\${other}`
    },
  )
}

export interface StringParts {
  prefix: string
  quote: string
  body: string
}

export function splitString(text: string): StringParts {
  const [, prefix = '', quote = ''] = /^([a-zA-Z]*)('''|"""|'|")/.exec(text)!
  return { prefix: prefix.toLowerCase(), quote, body: text.slice(prefix.length + quote.length, -quote.length) }
}

/** Parses an expression inside an f-string; the text starts at a place of the source. */
export type ParseInner = (text: string, line: number, col: number) => Expr

/** The parts of an f-string. */
export function formattedParts(
  token: Token,
  body: string,
  offset: number,
  raw: boolean,
  parse: ParseInner,
): (string | FormattedValue)[] {
  const scan = new FieldScanner(token, body, offset, raw, parse)
  return scan.parts(false)
}

class FieldScanner {
  readonly #token: Token
  readonly #body: string
  readonly #offset: number
  readonly #raw: boolean
  readonly #parse: ParseInner
  #at = 0

  constructor(token: Token, body: string, offset: number, raw: boolean, parse: ParseInner) {
    this.#token = token
    this.#body = body
    this.#offset = offset
    this.#raw = raw
    this.#parse = parse
  }

  #fail(message: string): never {
    throw new SourceError(`f-string: ${message}`, this.#token)
  }

  parts(inSpec: boolean): (string | FormattedValue)[] {
    const body = this.#body
    const parts: (string | FormattedValue)[] = []
    let text = ''
    const flush = () => {
      if (text !== '') parts.push(this.#raw ? text : unescaped(text, false, this.#token))
      text = ''
    }
    while (this.#at < body.length) {
      const c = body[this.#at]!
      if (!this.#raw && c === '\\') {
        // \N{…} and other escapes keep their braces.
        text += body.slice(this.#at, this.#at + 2)
        this.#at += 2
      } else if (c === '{' && body[this.#at + 1] === '{' && !inSpec) {
        text += '{'
        this.#at += 2
      } else if (c === '}' && inSpec) break
      else if (c === '}') {
        if (body[this.#at + 1] !== '}') this.#fail("single '}' is not allowed")
        text += '}'
        this.#at += 2
      } else if (c === '{') {
        flush()
        parts.push(this.#field())
      } else {
        text += c
        this.#at++
      }
    }
    flush()
    return parts
  }

  #field(): FormattedValue {
    const body = this.#body
    const start = ++this.#at
    let depth = 0
    for (; this.#at < body.length; this.#at++) {
      const c = body[this.#at]!
      if (c === '"' || c === "'") {
        const long = body.startsWith(c.repeat(3), this.#at) ? c.repeat(3) : c
        const end = body.indexOf(long, this.#at + long.length)
        if (end < 0) this.#fail('unterminated string')
        this.#at = end + long.length - 1
      } else if ('([{'.includes(c)) depth++
      else if (depth > 0 && ')]}'.includes(c)) depth--
      else if (depth === 0 && (c === '}' || c === ':')) break
      else if (depth === 0 && c === '!' && body[this.#at + 1] !== '=') break
    }
    if (this.#at >= body.length) this.#fail("expecting '}'")
    let text = body.slice(start, this.#at)
    let debug = ''
    const equals = /^([\s\S]*[^=!<>])(=\s*)$/.exec(text)
    if (equals) {
      debug = text
      text = equals[1]!
    }
    if (text.trim() === '') this.#fail('empty expression not allowed')
    const value = this.#parse(text, ...this.#place(start))
    let conversion = ''
    if (body[this.#at] === '!') {
      conversion = body[this.#at + 1] ?? ''
      if (!'rsa'.includes(conversion))
        this.#fail(`invalid conversion character '${conversion}': expected 's', 'r', or 'a'`)
      this.#at += 2
    }
    let spec: FormattedValue['spec']
    if (body[this.#at] === ':') {
      this.#at++
      spec = this.parts(true)
    }
    if (body[this.#at] !== '}') this.#fail("expecting '}'")
    this.#at++
    return { value, conversion, spec, debug }
  }

  #place(at: number): [line: number, col: number] {
    const before = this.#body.slice(0, at)
    const lines = before.split('\n')
    if (lines.length === 1) return [this.#token.line, this.#token.col + this.#offset + at]
    return [this.#token.line + lines.length - 1, lines.at(-1)!.length]
  }
}

const DECIMAL = /^\d+$/

/** A number literal. */
export function numberLiteral(token: Token, python2: boolean): Expr {
  const text = token.text.replaceAll('_', '')
  const { line, col, endLine, endCol } = token
  const span = { line, col, endLine, endCol }
  if (/[jJ]$/.test(text)) throw new SourceError('not simulated: complex numbers', span)
  if (python2 && /^0[0-7]+$/.test(text))
    return { ...span, kind: 'Constant', type: 'int', value: Number.parseInt(text, 8) }
  if (DECIMAL.test(text) || /^0[xXbBoO]/.test(text)) {
    const value = Number(text)
    return { ...span, kind: 'Constant', type: 'int', value: Number.isSafeInteger(value) ? value : BigInt(text) }
  }
  return { ...span, kind: 'Constant', type: 'float', value: Number(text) }
}
