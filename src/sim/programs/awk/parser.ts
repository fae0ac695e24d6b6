import { type Token, tokenize } from './lexer.ts'
import { type AwkProgram, AwkSyntaxError, type Expr, type Redirect, type Rule, type Statement } from './syntax.ts'

export function parseAwk(source: string): AwkProgram {
  return new Parser(tokenize(source)).program()
}

class Parser {
  readonly #tokens: Token[]
  #at = 0
  /** `in` and `>` mean something else inside `for (…)` and `print …`. */
  #noIn = false
  #noGreater = false

  constructor(tokens: Token[]) {
    this.#tokens = tokens
  }

  get #token(): Token {
    return this.#tokens[this.#at]!
  }

  #fail(): never {
    throw new AwkSyntaxError(this.#token.kind === 'end' ? 'end of file' : this.#token.text, this.#token.line)
  }

  #is(text: string): boolean {
    const { kind, text: own } = this.#token
    return own === text && (kind === 'operator' || kind === 'keyword' || kind === 'newline')
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false
    this.#at++
    return true
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#fail()
  }

  #newlines(): void {
    while (this.#token.kind === 'newline') this.#at++
  }

  #separators(): void {
    while (this.#token.kind === 'newline' || this.#is(';')) this.#at++
  }

  program(): AwkProgram {
    const rules: Rule[] = []
    const functions: AwkProgram['functions'] = new Map()
    this.#separators()
    while (this.#token.kind !== 'end') {
      if (this.#take('function')) {
        const name = this.#token.text
        this.#at++
        this.#expect('(')
        const params: string[] = []
        while (!this.#is(')')) {
          params.push(this.#token.text)
          this.#at++
          if (!this.#take(',')) break
          this.#newlines()
        }
        this.#expect(')')
        this.#newlines()
        functions.set(name, { params, body: this.#block() })
      } else rules.push(this.#rule())
      this.#separators()
    }
    return { rules, functions }
  }

  #rule(): Rule {
    const rule: Rule = { pattern: undefined, from: undefined, to: undefined, body: undefined, active: false }
    if (this.#is('BEGIN') || this.#is('END')) {
      rule.pattern = this.#token.text as 'BEGIN' | 'END'
      this.#at++
      this.#newlines()
      rule.body = this.#block()
      return rule
    }
    if (!this.#is('{')) {
      rule.from = this.#expression()
      if (this.#take(',')) {
        this.#newlines()
        rule.to = this.#expression()
      }
    }
    if (this.#is('{')) rule.body = this.#block()
    return rule
  }

  #block(): Statement {
    this.#expect('{')
    const body: Statement[] = []
    this.#separators()
    while (!this.#is('}')) {
      if (this.#token.kind === 'end') this.#fail()
      body.push(this.#statement())
      this.#separators()
    }
    this.#at++
    return { kind: 'block', body }
  }

  #endOfSimple(): void {
    if (this.#is(';') || this.#token.kind === 'newline') {
      this.#at++
      return
    }
    if (!this.#is('}') && this.#token.kind !== 'end') this.#fail()
  }

  #body(): Statement {
    this.#newlines()
    if (this.#take(';')) return { kind: 'block', body: [] }
    return this.#statement()
  }

  #statement(): Statement {
    if (this.#is('{')) return this.#block()
    if (this.#take('if')) {
      this.#expect('(')
      const test = this.#expression()
      this.#expect(')')
      const then = this.#body()
      const mark = this.#at
      this.#separators()
      if (this.#take('else')) return { kind: 'if', test, then, otherwise: this.#body() }
      this.#at = mark
      return { kind: 'if', test, then, otherwise: undefined }
    }
    if (this.#take('while')) {
      this.#expect('(')
      const test = this.#expression()
      this.#expect(')')
      if (this.#take(';')) return { kind: 'while', test, body: { kind: 'block', body: [] } }
      return { kind: 'while', test, body: this.#body() }
    }
    if (this.#take('do')) {
      const body = this.#body()
      this.#separators()
      this.#expect('while')
      this.#expect('(')
      const test = this.#expression()
      this.#expect(')')
      this.#endOfSimple()
      return { kind: 'do', test, body }
    }
    if (this.#take('for')) return this.#for()
    const simple = this.#simple()
    this.#endOfSimple()
    return simple
  }

  #for(): Statement {
    this.#expect('(')
    const [name, operator, array, close] = this.#tokens.slice(this.#at, this.#at + 4)
    if (name?.kind === 'name' && operator?.text === 'in' && array?.kind === 'name' && close?.text === ')') {
      this.#at += 4
      return { kind: 'forIn', variable: name.text, name: array.text, body: this.#body() }
    }
    this.#newlines()
    const first = this.#is(';') ? undefined : this.#simple()
    this.#expect(';')
    this.#newlines()
    const test = this.#is(';') ? undefined : this.#expression()
    this.#expect(';')
    this.#newlines()
    const update = this.#is(')') ? undefined : this.#simple()
    this.#expect(')')
    if (this.#take(';')) return { kind: 'for', first, test, update, body: { kind: 'block', body: [] } }
    return { kind: 'for', first, test, update, body: this.#body() }
  }

  #simple(): Statement {
    const { kind, text } = this.#token
    if (kind === 'keyword') {
      switch (text) {
        case 'print':
        case 'printf':
          return this.#print()
        case 'next':
        case 'nextfile':
        case 'break':
        case 'continue':
          this.#at++
          return { kind: text }
        case 'exit':
        case 'return': {
          this.#at++
          const ends = this.#is(';') || this.#is('}') || this.#token.kind === 'newline' || this.#token.kind === 'end'
          return { kind: text, value: ends ? undefined : this.#expression() }
        }
        case 'delete': {
          this.#at++
          const name = this.#token.text
          this.#at++
          if (!this.#take('[')) return { kind: 'delete', name, keys: undefined }
          const keys = this.#list(']')
          return { kind: 'delete', name, keys }
        }
      }
    }
    return { kind: 'expression', value: this.#expression() }
  }

  #print(): Statement {
    const format = this.#token.text === 'printf'
    this.#at++
    let args: Expr[] = []
    const ends = () =>
      this.#is(';') ||
      this.#is('}') ||
      this.#is('>') ||
      this.#is('>>') ||
      this.#is('|') ||
      this.#token.kind === 'newline' ||
      this.#token.kind === 'end'
    if (!ends()) {
      const mark = this.#at
      // `print (a, b) > "f"`: a parenthesised list.
      if (this.#take('(')) {
        const saved = this.#noGreater
        this.#noGreater = false
        args = this.#list(')')
        this.#noGreater = saved
        if (!ends()) {
          this.#at = mark
          args = []
        }
      }
      if (args.length === 0) {
        this.#noGreater = true
        args.push(this.#expression())
        while (this.#take(',')) {
          this.#newlines()
          args.push(this.#expression())
        }
        this.#noGreater = false
      }
    }
    let redirect: Redirect | undefined
    for (const kind of ['>', '>>', '|'] as const) {
      if (!this.#take(kind)) continue
      this.#noGreater = true
      redirect = { kind, target: this.#concatenation() }
      this.#noGreater = false
      break
    }
    return { kind: 'print', args, format, redirect }
  }

  #list(close: string): Expr[] {
    const items: Expr[] = []
    this.#newlines()
    while (!this.#is(close)) {
      items.push(this.#expression())
      this.#newlines()
      if (!this.#take(',')) break
      this.#newlines()
    }
    this.#expect(close)
    return items
  }

  #expression(): Expr {
    const left = this.#ternary()
    const { kind, text } = this.#token
    if (kind === 'operator' && ['=', '+=', '-=', '*=', '/=', '%=', '^='].includes(text) && isTarget(left)) {
      this.#at++
      this.#newlines()
      return { kind: 'assign', operator: text, target: left, value: this.#expression() }
    }
    return left
  }

  #ternary(): Expr {
    const test = this.#or()
    if (!this.#take('?')) return test
    this.#newlines()
    const then = this.#expression()
    this.#newlines()
    this.#expect(':')
    this.#newlines()
    return { kind: 'ternary', test, then, otherwise: this.#expression() }
  }

  #or(): Expr {
    let left = this.#and()
    while (this.#take('||')) {
      this.#newlines()
      left = { kind: 'or', left, right: this.#and() }
    }
    return left
  }

  #and(): Expr {
    let left = this.#membership()
    while (this.#take('&&')) {
      this.#newlines()
      left = { kind: 'and', left, right: this.#membership() }
    }
    return left
  }

  #membership(): Expr {
    let left = this.#matching()
    while (!this.#noIn && this.#take('in')) {
      left = { kind: 'in', keys: [left], name: this.#token.text }
      this.#at++
    }
    return left
  }

  #matching(): Expr {
    let left = this.#comparison()
    while (this.#is('~') || this.#is('!~')) {
      const negated = this.#token.text === '!~'
      this.#at++
      left = { kind: 'match', negated, left, right: this.#comparison() }
    }
    return left
  }

  #comparison(): Expr {
    const left = this.#concatenation()
    const { kind, text } = this.#token
    if (kind === 'operator' && (['<', '<=', '==', '!=', '>='].includes(text) || (text === '>' && !this.#noGreater))) {
      this.#at++
      return { kind: 'binary', operator: text, left, right: this.#concatenation() }
    }
    if (this.#is('|') && this.#tokens[this.#at + 1]?.text === 'getline') return this.#pipeGetline(left)
    return left
  }

  #pipeGetline(command: Expr): Expr {
    let left = command
    while (this.#is('|') && this.#tokens[this.#at + 1]?.text === 'getline') {
      this.#at += 2
      left = { kind: 'getline', target: this.#optionalTarget(), source: left, command: true }
    }
    return left
  }

  #concatenation(): Expr {
    let left = this.#additive()
    while (this.#startsOperand()) left = { kind: 'concat', left, right: this.#additive() }
    return left
  }

  #startsOperand(): boolean {
    const { kind, text } = this.#token
    if (
      kind === 'number' ||
      kind === 'string' ||
      kind === 'name' ||
      kind === 'call' ||
      kind === 'builtin' ||
      kind === 'regexp'
    )
      return true
    if (kind === 'keyword') return false
    return kind === 'operator' && ['$', '!', '(', '-', '+', '++', '--'].includes(text)
  }

  #additive(): Expr {
    let left = this.#multiplicative()
    while (this.#is('+') || this.#is('-')) {
      const operator = this.#token.text
      this.#at++
      left = { kind: 'binary', operator, left, right: this.#multiplicative() }
    }
    return left
  }

  #multiplicative(): Expr {
    let left = this.#unary()
    while (this.#is('*') || this.#is('/') || this.#is('%')) {
      const operator = this.#token.text
      this.#at++
      left = { kind: 'binary', operator, left, right: this.#unary() }
    }
    return left
  }

  #unary(): Expr {
    for (const operator of ['!', '-', '+'])
      if (this.#take(operator)) return { kind: 'unary', operator, operand: this.#unary() }
    return this.#power()
  }

  #power(): Expr {
    const base = this.#postfix()
    if (!this.#take('^')) return base
    const exponent = this.#is('-') || this.#is('+') || this.#is('!') ? this.#unary() : this.#power()
    return { kind: 'binary', operator: '^', left: base, right: exponent }
  }

  #postfix(): Expr {
    const operand = this.#primary()
    if ((this.#is('++') || this.#is('--')) && isTarget(operand)) {
      const operator = this.#token.text as '++' | '--'
      this.#at++
      return { kind: 'step', operator, prefix: false, target: operand }
    }
    return operand
  }

  #optionalTarget(): Expr | undefined {
    const { kind, text } = this.#token
    if (kind === 'name' || (kind === 'operator' && text === '$')) return this.#primary()
    return undefined
  }

  #primary(): Expr {
    const token = this.#token
    this.#at++
    switch (token.kind) {
      case 'number':
        return { kind: 'number', value: token.value! }
      case 'string':
        return { kind: 'string', value: token.text }
      case 'regexp':
        return { kind: 'regexp', source: token.text }
      case 'name':
        if (this.#take('[')) {
          const saved = this.#noGreater
          this.#noGreater = false
          const keys = this.#list(']')
          this.#noGreater = saved
          return { kind: 'element', name: token.text, keys }
        }
        return { kind: 'variable', name: token.text }
      case 'call': {
        this.#expect('(')
        return { kind: 'call', name: token.text, args: this.#inside(() => this.#list(')')) }
      }
      case 'builtin':
        if (this.#take('(')) return { kind: 'builtin', name: token.text, args: this.#inside(() => this.#list(')')) }
        if (token.text !== 'length') this.#fail()
        return { kind: 'builtin', name: token.text, args: [] }
      case 'keyword':
        if (token.text === 'getline') {
          const target = this.#optionalTarget()
          const source = this.#take('<') ? this.#postfix() : undefined
          return { kind: 'getline', target, source, command: false }
        }
        break
      case 'operator':
        if (token.text === '$') {
          if (this.#is('++') || this.#is('--')) {
            const operator = this.#token.text as '++' | '--'
            this.#at++
            return { kind: 'field', index: { kind: 'step', operator, prefix: true, target: this.#primary() } }
          }
          if (this.#take('-'))
            return { kind: 'field', index: { kind: 'unary', operator: '-', operand: this.#primary() } }
          return { kind: 'field', index: this.#primary() }
        }
        if (token.text === '++' || token.text === '--')
          return { kind: 'step', operator: token.text, prefix: true, target: this.#primary() }
        if (token.text === '(') {
          const items = this.#inside(() => this.#list(')'))
          if (this.#take('in')) {
            const name = this.#token.text
            this.#at++
            return { kind: 'in', keys: items, name }
          }
          if (items.length === 1) return { kind: 'group', inner: items[0]! }
        }
    }
    this.#at--
    return this.#fail()
  }

  /** Inside parentheses `>` and `in` are ordinary operators again. */
  #inside<T>(parse: () => T): T {
    const saved = [this.#noIn, this.#noGreater] as const
    this.#noIn = false
    this.#noGreater = false
    const result = parse()
    ;[this.#noIn, this.#noGreater] = saved
    return result
  }
}

const isTarget = (node: Expr) => node.kind === 'variable' || node.kind === 'field' || node.kind === 'element'
