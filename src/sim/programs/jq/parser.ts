import { type Token, tokenize } from './lexer.ts'
import { type Filter, JqSyntaxError, type Pattern } from './syntax.ts'

export function parseJq(source: string): Filter {
  return new Parser(tokenize(source, parseJq)).program()
}

const BINARY: readonly { operators: readonly string[]; right?: boolean }[] = [
  { operators: ['//'], right: true },
  { operators: ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='] },
  { operators: ['or'] },
  { operators: ['and'] },
  { operators: ['==', '!=', '<', '<=', '>', '>='] },
  { operators: ['+', '-'] },
  { operators: ['*', '/', '%'] },
]
const RESERVED = ['then', 'elif', 'else', 'end', 'as', 'catch']

class Parser {
  readonly #tokens: Token[]
  #at = 0

  constructor(tokens: Token[]) {
    this.#tokens = tokens
  }

  get #token(): Token {
    return this.#tokens[this.#at]!
  }

  #fail(): never {
    const { kind, text } = this.#token
    const names = {
      name: 'IDENT',
      field: 'FIELD',
      string: 'QQSTRING_START',
      format: 'FORMAT',
      number: 'LITERAL',
      variable: "'$'",
      operator: `'${text}'`,
      end: 'end of file',
    }
    throw new JqSyntaxError(
      `syntax error, unexpected ${RESERVED.includes(text) && kind === 'name' ? text : names[kind]}`,
    )
  }

  #is(text: string): boolean {
    return this.#token.text === text && (this.#token.kind === 'operator' || this.#token.kind === 'name')
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false
    this.#at++
    return true
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#fail()
  }

  #word(): string {
    return this.#tokens[this.#at++]!.text
  }

  program(): Filter {
    if (this.#token.kind === 'end') return { kind: 'identity' }
    const filter = this.#pipe()
    if (this.#tokens[this.#at]!.kind !== 'end') this.#fail()
    return filter
  }

  #pipe(): Filter {
    if (this.#take('def')) return this.#define()
    if (this.#take('label')) {
      const name = this.#word()
      this.#expect('|')
      return { kind: 'label', name, body: this.#pipe() }
    }
    const left = this.#comma()
    return this.#take('|') ? { kind: 'pipe', left, right: this.#pipe() } : left
  }

  #define(): Filter {
    const name = this.#word()
    const params: string[] = []
    if (this.#take('(')) {
      do {
        const variable = this.#token.kind === 'variable'
        params.push(`${variable ? '$' : ''}${this.#word()}`)
      } while (this.#take(';'))
      this.#expect(')')
    }
    this.#expect(':')
    const body = this.#pipe()
    this.#expect(';')
    const rest: Filter = this.#token.kind === 'end' || this.#is(')') ? { kind: 'identity' } : this.#pipe()
    return { kind: 'define', name, params, body, rest }
  }

  #comma(): Filter {
    let left = this.#binary(0)
    while (this.#take(',')) left = { kind: 'comma', left, right: this.#binary(0) }
    return left
  }

  #binary(level: number): Filter {
    const row = BINARY[level]
    if (!row) return this.#take('-') ? { kind: 'negate', body: this.#postfix(true) } : this.#postfix(true)
    let left = this.#binary(level + 1)
    for (;;) {
      const { kind, text } = this.#token
      if (kind !== 'operator' || !row.operators.includes(text)) return left
      this.#at++
      const right = this.#binary(row.right ? level : level + 1)
      if (text === '//') left = { kind: 'alternative', left, right }
      else if (text === 'and' || text === 'or') left = { kind: text, left, right }
      else
        left =
          level === 1
            ? { kind: 'update', operator: text, left, right }
            : { kind: 'binary', operator: text, left, right }
    }
  }

  #postfix(binding: boolean): Filter {
    let term = this.#term()
    for (;;) {
      if (this.#token.kind === 'field')
        term = { kind: 'field', of: term, key: { kind: 'literal', value: this.#word() } }
      else if (this.#is('.') && this.#tokens[this.#at + 1]?.kind === 'string') {
        this.#at++
        term = { kind: 'field', of: term, key: this.#string(undefined) }
      } else if (this.#is('.') && this.#tokens[this.#at + 1]?.text === '[') this.#at++
      else if (this.#take('[')) term = this.#index(term)
      else if (this.#take('?')) term = { kind: 'try', body: term, handler: undefined }
      else if (binding && this.#take('as')) {
        const pattern = this.#pattern()
        this.#expect('|')
        return { kind: 'bind', source: term, pattern, body: this.#pipe() }
      } else return term
    }
  }

  #index(of: Filter): Filter {
    if (this.#take(']')) return { kind: 'iterate', of }
    const from = this.#is(':') ? undefined : this.#pipe()
    if (this.#take(':')) {
      const to = this.#is(']') ? undefined : this.#pipe()
      this.#expect(']')
      return { kind: 'slice', of, from, to }
    }
    this.#expect(']')
    return { kind: 'field', of, key: from! }
  }

  #string(format: string | undefined): Filter {
    const { parts } = this.#token
    this.#at++
    return parts!.length === 1 ? { kind: 'literal', value: parts![0] } : { kind: 'string', format, parts: parts! }
  }

  #term(): Filter {
    const token = this.#token
    const identity: Filter = { kind: 'identity' }
    switch (token.kind) {
      case 'field':
        return { kind: 'field', of: identity, key: { kind: 'literal', value: this.#word() } }
      case 'number':
        return { kind: 'literal', value: Number(this.#word()) }
      case 'string':
        return this.#string(undefined)
      case 'format':
        this.#at++
        return this.#token.kind === 'string' ? this.#string(token.text) : { kind: 'format', name: token.text }
      case 'variable':
        return { kind: 'variable', name: this.#word() }
      case 'name':
        return this.#named(token.text)
    }
    if (this.#take('.'))
      return this.#token.kind === 'string' ? { kind: 'field', of: identity, key: this.#string(undefined) } : identity
    if (this.#take('..')) return { kind: 'recurse' }
    if (this.#take('(')) {
      const inner = this.#pipe()
      this.#expect(')')
      return inner
    }
    if (this.#take('[')) {
      if (this.#take(']')) return { kind: 'array', body: undefined }
      const body = this.#pipe()
      this.#expect(']')
      return { kind: 'array', body }
    }
    return this.#take('{') ? this.#object() : this.#fail()
  }

  #object(): Filter {
    const entries: [Filter, Filter][] = []
    while (!this.#is('}')) {
      const [key, usual] = this.#key()
      let value = usual
      if (this.#take(':')) {
        value = this.#binary(0)
        while (this.#take('|')) value = { kind: 'pipe', left: value, right: this.#binary(0) }
      }
      if (!value) this.#fail()
      entries.push([key, value])
      if (!this.#take(',')) break
    }
    this.#expect('}')
    return { kind: 'object', entries }
  }

  /** A key, and the value it has when none is written. */
  #key(): [Filter, Filter | undefined] {
    const token = this.#token
    if (this.#take('(')) {
      const key = this.#pipe()
      this.#expect(')')
      return [key, undefined]
    }
    if (token.kind === 'variable') {
      this.#at++
      return [
        { kind: 'literal', value: token.text },
        { kind: 'variable', name: token.text },
      ]
    }
    let key: Filter
    if (token.kind === 'string') key = this.#string(undefined)
    else if (token.kind === 'format' && this.#tokens[this.#at + 1]?.kind === 'string') {
      this.#at++
      key = this.#string(token.text)
    } else if (token.kind === 'name' || token.kind === 'number' || /^[a-z]/.test(token.text))
      key = { kind: 'literal', value: this.#word() }
    else this.#fail()
    return [key, { kind: 'field', of: { kind: 'identity' }, key }]
  }

  #named(name: string): Filter {
    if (RESERVED.includes(name)) this.#fail()
    this.#at++
    switch (name) {
      case 'if': {
        const branches: [Filter, Filter][] = []
        do {
          const test = this.#pipe()
          this.#expect('then')
          branches.push([test, this.#pipe()])
        } while (this.#take('elif'))
        const otherwise = this.#take('else') ? this.#pipe() : undefined
        this.#expect('end')
        return { kind: 'if', branches, otherwise }
      }
      case 'try': {
        const body = this.#postfix(false)
        return { kind: 'try', body, handler: this.#take('catch') ? this.#postfix(false) : undefined }
      }
      case 'reduce':
      case 'foreach':
        return this.#loop(name)
      case 'def':
        return this.#define()
      case 'break':
        return { kind: 'break', name: this.#word() }
      case 'true':
      case 'false':
        return { kind: 'literal', value: name === 'true' }
      case 'null':
        return { kind: 'literal', value: null }
    }
    const args: Filter[] = []
    if (this.#take('(')) {
      do args.push(this.#pipe())
      while (this.#take(';'))
      this.#expect(')')
    }
    return { kind: 'call', name, args }
  }

  #loop(name: 'reduce' | 'foreach'): Filter {
    const source = this.#postfix(false)
    this.#expect('as')
    const pattern = this.#pattern()
    this.#expect('(')
    const init = this.#pipe()
    this.#expect(';')
    const update = this.#pipe()
    const extract = name === 'foreach' && this.#take(';') ? this.#pipe() : undefined
    this.#expect(')')
    return name === 'reduce'
      ? { kind: 'reduce', source, pattern, init, update }
      : { kind: 'foreach', source, pattern, init, update, extract }
  }

  #pattern(): Pattern {
    if (this.#token.kind === 'variable') return { kind: 'name', name: this.#word() }
    if (this.#take('[')) {
      const items: Pattern[] = []
      do items.push(this.#pattern())
      while (this.#take(','))
      this.#expect(']')
      return { kind: 'array', items }
    }
    this.#expect('{')
    const entries: [Filter | string, Pattern | undefined][] = []
    do {
      const variable = this.#tokens[this.#at]!.kind === 'variable'
      const [key] = this.#key()
      const inner = this.#take(':') ? this.#pattern() : undefined
      entries.push([variable && key.kind === 'literal' ? String(key.value) : key, inner])
    } while (this.#take(','))
    this.#expect('}')
    return { kind: 'object', entries }
  }
}
