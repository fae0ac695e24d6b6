import type { AwkProgram, Expr, Rule, Stmt } from './syntax.ts'
import { AwkSyntaxError, type Token, tokenize } from './tokens.ts'

/** Functions that may stand without parentheses or with a regular expression as argument. */
export const BUILT_INS = new Set([
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
  'asort',
  'asorti',
  'strtonum',
])

export function parseAwk(source: string): AwkProgram {
  return new Parser(tokenize(source)).program()
}

class Parser {
  readonly #tokens: Token[]
  #at = 0
  /** Inside `for (x in a)` and print's redirections, `in` and `>` end an expression. */
  #noIn = false
  #noGreater = false

  constructor(tokens: Token[]) {
    this.#tokens = tokens
  }

  get #token(): Token {
    return this.#tokens[this.#at]!
  }

  #isOp(text: string): boolean {
    return this.#token.kind === 'op' && this.#token.text === text
  }

  #isKeyword(text: string): boolean {
    return this.#token.kind === 'keyword' && this.#token.text === text
  }

  #take(text: string): boolean {
    if (!this.#isOp(text) && !this.#isKeyword(text)) return false
    this.#at++
    return true
  }

  #need(text: string): void {
    if (!this.#take(text)) this.#fail()
  }

  #fail(): never {
    const t = this.#token
    const shown =
      t.kind === 'end'
        ? 'end of file'
        : t.kind === 'newline'
          ? 'newline'
          : 'text' in t
            ? t.text
            : String((t as { value: number }).value)
    throw new AwkSyntaxError(`syntax error at or near ${shown}`)
  }

  #newlines(): void {
    while (this.#token.kind === 'newline') this.#at++
  }

  #separators(): void {
    while (this.#token.kind === 'newline' || this.#isOp(';')) this.#at++
  }

  program(): AwkProgram {
    const program: AwkProgram = { rules: [], functions: new Map() }
    this.#separators()
    while (this.#token.kind !== 'end') {
      if (this.#take('function')) {
        const name = this.#token
        if (name.kind !== 'name') this.#fail()
        this.#at++
        this.#need('(')
        const params: string[] = []
        while (!this.#take(')')) {
          const param = this.#token
          if (param.kind !== 'name') this.#fail()
          params.push(param.text)
          this.#at++
          if (!this.#isOp(')')) this.#need(',')
          this.#newlines()
        }
        this.#newlines()
        program.functions.set(name.text, { params, body: this.#block() })
      } else program.rules.push(this.#rule())
      this.#separators()
    }
    return program
  }

  #rule(): Rule {
    if (this.#take('BEGIN')) return { pattern: 'BEGIN', body: this.#ruleBlock(), inRange: false }
    if (this.#take('END')) return { pattern: 'END', body: this.#ruleBlock(), inRange: false }
    if (this.#isOp('{')) return { pattern: undefined, body: this.#block(), inRange: false }
    const from = this.#expr()
    let to: Expr | undefined
    if (this.#take(',')) {
      this.#newlines()
      to = this.#expr()
    }
    return { pattern: { from, to }, body: this.#isOp('{') ? this.#block() : undefined, inRange: false }
  }

  #ruleBlock(): Stmt {
    if (!this.#isOp('{')) this.#fail()
    return this.#block()
  }

  #block(): Stmt {
    this.#need('{')
    const body: Stmt[] = []
    this.#separators()
    while (!this.#take('}')) {
      if (this.#token.kind === 'end') this.#fail()
      body.push(this.#statement())
      this.#separators()
    }
    return { kind: 'block', body }
  }

  /** The end of a simple statement: newline, `;`, or a closing brace that follows. */
  #endStatement(): void {
    if (this.#token.kind === 'newline' || this.#isOp(';')) {
      this.#at++
      return
    }
    if (this.#isOp('}') || this.#token.kind === 'end') return
    this.#fail()
  }

  #statement(): Stmt {
    const t = this.#token
    if (this.#isOp('{')) return this.#block()
    if (this.#take(';')) return { kind: 'block', body: [] }
    if (t.kind === 'keyword') {
      switch (t.text) {
        case 'if':
          return this.#if()
        case 'while': {
          this.#at++
          const test = this.#parenthesised()
          if (this.#take(';')) return { kind: 'while', test, body: { kind: 'block', body: [] } }
          return { kind: 'while', test, body: this.#body() }
        }
        case 'do': {
          this.#at++
          const body = this.#body()
          this.#separators()
          this.#need('while')
          const test = this.#parenthesised()
          this.#endStatement()
          return { kind: 'do', body, test }
        }
        case 'for':
          return this.#for()
      }
    }
    const statement = this.#simple()
    this.#endStatement()
    return statement
  }

  #body(): Stmt {
    this.#newlines()
    return this.#statement()
  }

  #parenthesised(): Expr {
    this.#need('(')
    const expr = this.#expr()
    this.#need(')')
    return expr
  }

  #if(): Stmt {
    this.#need('if')
    const test = this.#parenthesised()
    const yes = this.#body()
    const before = this.#at
    this.#separators()
    if (this.#take('else')) return { kind: 'if', test, yes, no: this.#body() }
    this.#at = before
    return { kind: 'if', test, yes, no: undefined }
  }

  #for(): Stmt {
    this.#need('for')
    this.#need('(')
    const [a, b, c, d] = this.#tokens.slice(this.#at, this.#at + 4)
    if (
      a?.kind === 'name' &&
      b?.kind === 'keyword' &&
      b.text === 'in' &&
      c?.kind === 'name' &&
      d?.kind === 'op' &&
      d.text === ')'
    ) {
      this.#at += 4
      return { kind: 'for-in', variable: a.text, array: c.text, body: this.#body() }
    }
    const init = this.#isOp(';') ? undefined : this.#simple()
    this.#need(';')
    this.#newlines()
    const test = this.#isOp(';') ? undefined : this.#expr()
    this.#need(';')
    this.#newlines()
    const step = this.#isOp(')') ? undefined : this.#simple()
    this.#need(')')
    if (this.#take(';')) return { kind: 'for', init, test, step, body: { kind: 'block', body: [] } }
    return { kind: 'for', init, test, step, body: this.#body() }
  }

  #simple(): Stmt {
    const t = this.#token
    if (t.kind === 'keyword') {
      switch (t.text) {
        case 'print':
        case 'printf':
          return this.#print(t.text === 'printf')
        case 'break':
        case 'continue':
        case 'next':
        case 'nextfile':
          this.#at++
          return { kind: t.text }
        case 'exit':
        case 'return': {
          this.#at++
          const none = this.#token.kind === 'newline' || this.#isOp(';') || this.#isOp('}')
          return { kind: t.text, value: none ? undefined : this.#expr() }
        }
        case 'delete': {
          this.#at++
          const name = this.#token
          if (name.kind !== 'name') this.#fail()
          this.#at++
          if (!this.#take('[')) return { kind: 'delete', array: name.text, index: undefined }
          const index = this.#list(']')
          return { kind: 'delete', array: name.text, index }
        }
      }
    }
    return { kind: 'expr', expr: this.#expr() }
  }

  #list(end: string): Expr[] {
    const items: Expr[] = []
    const [noIn, noGreater] = [this.#noIn, this.#noGreater]
    this.#noIn = this.#noGreater = false
    this.#newlines()
    while (!this.#take(end)) {
      items.push(this.#expr())
      this.#newlines()
      if (this.#take(',')) this.#newlines()
      else if (!this.#isOp(end)) this.#fail()
    }
    this.#noIn = noIn
    this.#noGreater = noGreater
    return items
  }

  #print(format: boolean): Stmt {
    this.#at++
    const args: Expr[] = []
    this.#noGreater = true
    const ends = () => this.#token.kind === 'newline' || [';', '}', '>', '>>', '|'].some((o) => this.#isOp(o))
    while (!ends()) {
      args.push(this.#expr())
      if (!this.#take(',')) break
      this.#newlines()
    }
    this.#noGreater = false
    const only = args[0]
    const flat = args.length === 1 && only?.kind === 'group' && only.items.length > 1 ? only.items : args
    for (const how of ['>>', '>', '|'] as const)
      if (this.#take(how)) return { kind: 'print', args: flat, format, to: { how, where: this.#concatenation() } }
    return { kind: 'print', args: flat, format, to: undefined }
  }

  #expr(): Expr {
    return this.#assignment()
  }

  #assignment(): Expr {
    const left = this.#ternary()
    const t = this.#token
    if (t.kind === 'op' && ['=', '+=', '-=', '*=', '/=', '%=', '^='].includes(t.text) && isTarget(left)) {
      this.#at++
      this.#newlines()
      return { kind: 'assign', op: t.text, target: left, value: this.#assignment() }
    }
    return left
  }

  #ternary(): Expr {
    const test = this.#or()
    if (!this.#take('?')) return test
    this.#newlines()
    const yes = this.#assignment()
    this.#newlines()
    this.#need(':')
    this.#newlines()
    return { kind: 'conditional', test, yes, no: this.#assignment() }
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
    let left = this.#in()
    while (this.#take('&&')) {
      this.#newlines()
      left = { kind: 'and', left, right: this.#in() }
    }
    return left
  }

  #in(): Expr {
    let left = this.#match()
    while (!this.#noIn && this.#isKeyword('in')) {
      this.#at++
      const name = this.#token
      if (name.kind !== 'name') this.#fail()
      this.#at++
      left = { kind: 'in', index: left.kind === 'group' ? left.items : [left], array: name.text }
    }
    return left
  }

  #match(): Expr {
    let left = this.#comparison()
    while (this.#isOp('~') || this.#isOp('!~')) {
      const negate = this.#isOp('!~')
      this.#at++
      left = { kind: 'match', negate, left, right: this.#comparison() }
    }
    return left
  }

  #comparison(): Expr {
    let left = this.#concatenation()
    for (;;) {
      const t = this.#token
      if (t.kind !== 'op') return left
      if (['<', '<=', '==', '!=', '>='].includes(t.text) || (t.text === '>' && !this.#noGreater)) {
        this.#at++
        left = { kind: 'binary', op: t.text, left, right: this.#concatenation() }
      } else if (
        t.text === '|' &&
        this.#tokens[this.#at + 1]?.kind === 'keyword' &&
        (this.#tokens[this.#at + 1] as { text: string }).text === 'getline'
      ) {
        this.#at += 2
        left = { kind: 'getline', target: this.#getlineTarget(), from: 'command', source: left }
      } else return left
    }
  }

  #concatenation(): Expr {
    let left = this.#additive()
    for (;;) {
      const t = this.#token
      const starts =
        t.kind === 'number' ||
        t.kind === 'string' ||
        t.kind === 'regex' ||
        t.kind === 'name' ||
        (t.kind === 'op' && ['$', '!', '(', '-', '+', '++', '--'].includes(t.text))
      if (!starts) return left
      left = { kind: 'concat', left, right: this.#additive() }
    }
  }

  #additive(): Expr {
    let left = this.#multiplicative()
    while (this.#isOp('+') || this.#isOp('-')) {
      const op = (this.#token as { text: string }).text
      this.#at++
      left = { kind: 'binary', op, left, right: this.#multiplicative() }
    }
    return left
  }

  #multiplicative(): Expr {
    let left = this.#unary()
    while (this.#isOp('*') || this.#isOp('/') || this.#isOp('%')) {
      const op = (this.#token as { text: string }).text
      this.#at++
      left = { kind: 'binary', op, left, right: this.#unary() }
    }
    return left
  }

  #unary(): Expr {
    for (const op of ['!', '-', '+']) if (this.#take(op)) return { kind: 'unary', op, operand: this.#unary() }
    return this.#power()
  }

  #power(): Expr {
    const left = this.#postfix()
    if (!this.#take('^')) return left
    return { kind: 'binary', op: '^', left, right: this.#isOp('-') || this.#isOp('!') ? this.#unary() : this.#power() }
  }

  #postfix(): Expr {
    const operand = this.#primary()
    if (isTarget(operand)) {
      if (this.#take('++')) return { kind: 'increment', target: operand, by: 1, prefix: false }
      if (this.#take('--')) return { kind: 'increment', target: operand, by: -1, prefix: false }
    }
    return operand
  }

  #getlineTarget(): Expr | undefined {
    const t = this.#token
    return t.kind === 'name' || (t.kind === 'op' && t.text === '$') ? this.#primary() : undefined
  }

  #primary(): Expr {
    const t = this.#token
    this.#at++
    switch (t.kind) {
      case 'number':
        return { kind: 'number', value: t.value }
      case 'string':
        return { kind: 'string', text: t.text }
      case 'regex':
        return { kind: 'regex', text: t.text }
      case 'name':
        return this.#named(t.text, t.call)
      case 'keyword':
        if (t.text === 'getline') {
          const target = this.#getlineTarget()
          if (this.#take('<')) return { kind: 'getline', target, from: 'file', source: this.#primary() }
          return { kind: 'getline', target, from: 'input', source: undefined }
        }
        break
      case 'op':
        if (t.text === '$') {
          if (this.#take('++'))
            return { kind: 'field', index: { kind: 'increment', target: this.#primary(), by: 1, prefix: true } }
          if (this.#take('-')) return { kind: 'field', index: { kind: 'unary', op: '-', operand: this.#primary() } }
          return { kind: 'field', index: this.#primary() }
        }
        if (t.text === '++' || t.text === '--')
          return { kind: 'increment', target: this.#primary(), by: t.text === '++' ? 1 : -1, prefix: true }
        if (t.text === '(') {
          const items = this.#list(')')
          if (items.length === 0) break
          return { kind: 'group', items }
        }
        break
    }
    this.#at--
    return this.#fail()
  }

  #named(name: string, call: boolean): Expr {
    if (BUILT_INS.has(name)) {
      if (this.#take('(')) return { kind: 'call', name, args: this.#list(')') }
      if (name === 'length') return { kind: 'call', name, args: [] }
    }
    if (call && this.#take('(')) return { kind: 'call', name, args: this.#list(')') }
    if (this.#take('[')) return { kind: 'element', array: name, index: this.#list(']') }
    return { kind: 'variable', name }
  }
}

const isTarget = (e: Expr) => e.kind === 'variable' || e.kind === 'field' || e.kind === 'element'
