import type { Clause, Expr, Keyword, Param, Params } from './ast.ts'
import { Lexer, type Token } from './lexer.ts'
import { formattedParts, numberLiteral, splitString, unescaped } from './literals.ts'
import { SourceError, type Span } from './syntax-error.ts'

export interface ParserOptions {
  python2?: boolean
  /** `from __future__ import print_function` */
  printFunction?: boolean
}

const KEYWORDS = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
)

const BINARY: readonly (readonly string[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '//', '%', '@'],
]

/** Expressions by recursive descent, in the order of Python's precedence. */
export class ExpressionParser {
  readonly options: ParserOptions
  position = 0
  readonly #tokens: readonly Token[]
  readonly #source: string

  constructor(tokens: readonly Token[], source: string, options: ParserOptions) {
    this.#tokens = tokens
    this.#source = source
    this.options = options
  }

  // ---- tokens

  get peek(): Token {
    return this.#tokens[this.position]!
  }
  peekAt(ahead: number): Token {
    return this.#tokens[Math.min(this.position + ahead, this.#tokens.length - 1)]!
  }
  next(): Token {
    return this.#tokens[this.position++]!
  }
  at(text: string): boolean {
    const { peek } = this
    return peek.text === text && (peek.type === 'op' || peek.type === 'name')
  }
  is(type: Token['type']): boolean {
    return this.peek.type === type
  }
  accept(text: string): boolean {
    if (!this.at(text)) return false
    this.position++
    return true
  }
  expect(text: string): void {
    if (!this.accept(text)) this.unexpected()
  }
  expectColon(): void {
    if (this.accept(':')) return
    if (this.at('=')) this.unexpected()
    if (this.peek.type === 'newline' || this.peek.type === 'end') throw new SourceError("expected ':'", this.peek)
    this.unexpected()
  }
  atLineEnd(): boolean {
    const { peek } = this
    return (
      peek.type === 'newline' || peek.type === 'end' || (peek.type === 'op' && (peek.text === ';' || peek.text === ')'))
    )
  }
  name(): string {
    const { peek } = this
    if (
      peek.type !== 'name' ||
      (KEYWORDS.has(peek.text) && !(this.options.python2 && ['nonlocal', 'async', 'await'].includes(peek.text)))
    )
      this.unexpected()
    this.position++
    return peek.text
  }
  spanFrom(start: Span): Span {
    const last = this.#tokens[Math.max(0, this.position - 1)]!
    return { line: start.line, col: start.col, endLine: last.endLine, endCol: last.endCol }
  }
  unexpected(before?: Span): never {
    const { peek } = this
    if (
      before &&
      !('type' in before) &&
      (peek.type === 'name' || peek.type === 'number' || peek.type === 'string') &&
      !KEYWORDS.has(peek.text)
    ) {
      const expr = before as Span & { kind?: string; value?: Expr }
      if (expr.kind === 'Expr') throw new SourceError('invalid syntax', peek)
    }
    throw new SourceError('invalid syntax', peek, 'SyntaxError', peek.type === 'end')
  }

  // ---- lists

  /** `a, b` or `a`. */
  expressionList(): Expr {
    return this.starExpressionList()
  }

  starExpressionList(): Expr {
    if (this.at('yield')) return this.yieldExpression()
    const start = this.peek
    const first = this.starOrNamed()
    if (!this.at(',')) return first
    const items = [first]
    while (this.accept(',')) {
      if (this.#listEnds()) break
      items.push(this.starOrNamed())
    }
    return { ...this.spanFrom(start), kind: 'Tuple', items }
  }

  #listEnds(): boolean {
    const { peek } = this
    if (peek.type === 'newline' || peek.type === 'end') return true
    return peek.type === 'op' && [')', ']', '}', '=', ':', ';'].includes(peek.text)
  }

  starOrNamed(): Expr {
    const start = this.peek
    if (this.accept('*')) {
      const value = this.arithmetic()
      return { ...this.spanFrom(start), kind: 'Starred', value }
    }
    return this.namedExpression()
  }

  namedExpression(): Expr {
    const start = this.peek
    if (start.type === 'name' && this.peekAt(1).text === ':=' && !KEYWORDS.has(start.text)) {
      this.position += 2
      const value = this.expression()
      return { ...this.spanFrom(start), kind: 'NamedExpr', name: start.text, value }
    }
    return this.expression()
  }

  /** What stands between `for` and `in`. */
  targetList(): Expr {
    const start = this.peek
    const first = this.target()
    if (!this.at(',')) return first
    const items = [first]
    while (this.accept(',')) {
      if (this.at('in') || this.at('=')) break
      items.push(this.target())
    }
    return { ...this.spanFrom(start), kind: 'Tuple', items }
  }

  target(): Expr {
    const start = this.peek
    if (this.accept('*')) {
      const value = this.target()
      return { ...this.spanFrom(start), kind: 'Starred', value }
    }
    const value = this.arithmetic()
    this.assignable(value)
    return value
  }

  /** Throws when nothing can be assigned to it. */
  assignable(target: Expr): void {
    if (target.kind === 'Tuple' || target.kind === 'List') for (const item of target.items) this.assignable(item)
    else if (target.kind === 'Starred') this.assignable(target.value)
    else if (!['Name', 'Attribute', 'Subscript'].includes(target.kind)) {
      const what = this.describe(target)
      const hint = ['True', 'False', 'None', 'ellipsis'].includes(what)
        ? ''
        : " here. Maybe you meant '==' instead of '='?"
      throw new SourceError(`cannot assign to ${what}${hint}`, target)
    }
  }

  checkTarget(target: Expr, message: string): void {
    if (!['Name', 'Attribute', 'Subscript'].includes(target.kind)) throw new SourceError(message, target)
  }

  describe(expr: Expr): string {
    switch (expr.kind) {
      case 'Call':
        return 'function call'
      case 'Constant':
        return expr.type === 'none'
          ? 'None'
          : expr.type === 'bool'
            ? expr.value
              ? 'True'
              : 'False'
            : expr.type === 'ellipsis'
              ? 'ellipsis'
              : 'literal'
      case 'Compare':
        return 'comparison'
      case 'JoinedStr':
        return 'f-string expression'
      case 'Lambda':
        return 'lambda'
      case 'IfExp':
        return 'conditional expression'
      case 'Dict':
        return 'dict literal'
      case 'Set':
        return 'set display'
      case 'Tuple':
        return 'tuple'
      case 'List':
        return 'list'
      case 'Comp':
        return expr.of === 'generator' ? 'generator expression' : `${expr.of} comprehension`
      case 'Yield':
      case 'YieldFrom':
        return 'yield expression'
      case 'NamedExpr':
        return 'named expression'
      default:
        return 'expression'
    }
  }

  // ---- precedence

  expression(): Expr {
    if (this.at('lambda')) return this.#lambda()
    const start = this.peek
    const body = this.#or()
    if (!this.at('if')) return body
    this.next()
    const test = this.#or()
    if (!this.at('else')) throw new SourceError("expected 'else' after 'if' expression", this.spanFrom(start))
    this.next()
    const orelse = this.expression()
    return { ...this.spanFrom(start), kind: 'IfExp', test, body, orelse }
  }

  yieldExpression(): Expr {
    const start = this.next()
    if (this.accept('from')) {
      const value = this.expression()
      return { ...this.spanFrom(start), kind: 'YieldFrom', value }
    }
    const value = this.atLineEnd() || this.at(']') || this.at('}') ? undefined : this.starExpressionList()
    return { ...this.spanFrom(start), kind: 'Yield', value }
  }

  #lambda(): Expr {
    const start = this.next()
    const params = this.parameters(':', false)
    this.expect(':')
    const body = this.expression()
    return { ...this.spanFrom(start), kind: 'Lambda', params, body }
  }

  #or(): Expr {
    return this.#logic('or', () => this.#logic('and', () => this.#not()))
  }

  #logic(op: 'or' | 'and', operand: () => Expr): Expr {
    const start = this.peek
    const first = operand()
    if (!this.at(op)) return first
    const values = [first]
    while (this.accept(op)) values.push(operand())
    return { ...this.spanFrom(start), kind: 'BoolOp', op, values }
  }

  #not(): Expr {
    const start = this.peek
    if (!this.accept('not')) return this.#comparison()
    const operand = this.#not()
    return { ...this.spanFrom(start), kind: 'UnaryOp', op: 'not', operand }
  }

  #comparison(): Expr {
    const start = this.peek
    const left = this.arithmetic()
    const ops: string[] = []
    const comparators: Expr[] = []
    for (;;) {
      const op = this.#comparisonOperator()
      if (!op) break
      ops.push(op)
      comparators.push(this.arithmetic())
    }
    return ops.length === 0 ? left : { ...this.spanFrom(start), kind: 'Compare', left, ops, comparators }
  }

  #comparisonOperator(): string | undefined {
    const { peek } = this
    if (peek.type === 'op' && ['<', '>', '<=', '>=', '==', '!=', '<>'].includes(peek.text)) {
      if (peek.text === '<>' && !this.options.python2) this.unexpected()
      this.next()
      return peek.text === '<>' ? '!=' : peek.text
    }
    if (this.accept('in')) return 'in'
    if (this.at('not') && this.peekAt(1).text === 'in') {
      this.position += 2
      return 'not in'
    }
    if (this.accept('is')) return this.accept('not') ? 'is not' : 'is'
    return undefined
  }

  arithmetic(): Expr {
    return this.#binary(0)
  }

  /** Sums and tighter: what a pattern's value may be. */
  sum(): Expr {
    return this.#binary(4)
  }

  #binary(level: number): Expr {
    const operators = BINARY[level]
    if (!operators) return this.#unary()
    const start = this.peek
    let left = this.#binary(level + 1)
    while (this.peek.type === 'op' && operators.includes(this.peek.text)) {
      const op = this.next().text
      const right = this.#binary(level + 1)
      left = { ...this.spanFrom(start), kind: 'BinOp', op, left, right }
    }
    return left
  }

  #unary(): Expr {
    const start = this.peek
    if (start.type === 'op' && ['-', '+', '~'].includes(start.text)) {
      this.next()
      const operand = this.#unary()
      if (start.text === '-' && operand.kind === 'Constant' && operand.type === 'int' && operand.value !== 0)
        return { ...operand, ...this.spanFrom(start), value: -(operand.value as number) }
      if (start.text === '-' && operand.kind === 'Constant' && operand.type === 'float')
        return { ...operand, ...this.spanFrom(start), value: -(operand.value as number) }
      return { ...this.spanFrom(start), kind: 'UnaryOp', op: start.text, operand }
    }
    return this.#power()
  }

  #power(): Expr {
    const start = this.peek
    if (this.at('await')) throw new SourceError('not simulated: await', start)
    const left = this.#primary()
    if (!this.accept('**')) return left
    const right = this.#unary()
    return { ...this.spanFrom(start), kind: 'BinOp', op: '**', left, right }
  }

  #primary(): Expr {
    const start = this.peek
    let value = this.#atom()
    for (;;) {
      if (this.accept('.')) {
        const nameSpan = this.peek
        const name = this.name()
        value = { ...this.spanFrom(start), kind: 'Attribute', value, name, nameSpan }
      } else if (this.accept('(')) {
        const { args, keywords } = this.arguments()
        value = { ...this.spanFrom(start), kind: 'Call', func: value, args, keywords }
      } else if (this.accept('[')) {
        const index = this.#subscript()
        this.expect(']')
        value = { ...this.spanFrom(start), kind: 'Subscript', value, index }
      } else return value
    }
  }

  #subscript(): Expr {
    const start = this.peek
    const first = this.#slice()
    if (!this.at(',')) return first
    const items = [first]
    while (this.accept(',')) {
      if (this.at(']')) break
      items.push(this.#slice())
    }
    return { ...this.spanFrom(start), kind: 'Tuple', items }
  }

  #slice(): Expr {
    const start = this.peek
    const lower = this.at(':') ? undefined : this.starOrNamed()
    if (!this.accept(':')) return lower!
    const upper = this.at(':') || this.at(']') || this.at(',') ? undefined : this.expression()
    const step = this.accept(':') && !this.at(']') && !this.at(',') ? this.expression() : undefined
    return { ...this.spanFrom(start), kind: 'Slice', lower, upper, step }
  }

  /** Arguments of a call; the opening parenthesis is taken. */
  arguments(): { args: Expr[]; keywords: Keyword[] } {
    const args: Expr[] = []
    const keywords: Keyword[] = []
    while (!this.at(')')) {
      const start = this.peek
      if (this.accept('**')) keywords.push({ name: undefined, value: this.expression() })
      else if (this.accept('*')) {
        const value = this.expression()
        args.push({ ...this.spanFrom(start), kind: 'Starred', value })
      } else if (start.type === 'name' && this.peekAt(1).text === '=' && !KEYWORDS.has(start.text)) {
        this.position += 2
        keywords.push({ name: start.text, value: this.expression() })
      } else {
        let value = this.namedExpression()
        if (this.at('for')) {
          const clauses = this.#clauses()
          value = { ...this.spanFrom(start), kind: 'Comp', of: 'generator', element: value, value: undefined, clauses }
        } else if (this.at('='))
          throw new SourceError('expression cannot contain assignment, perhaps you meant "=="?', this.spanFrom(start))
        if (keywords.some(({ name }) => name !== undefined))
          throw new SourceError('positional argument follows keyword argument', value)
        args.push(value)
      }
      if (!this.accept(',')) break
    }
    if (!this.at(')')) {
      const last = args.at(-1)
      if (last && ['name', 'number', 'string'].includes(this.peek.type) && !KEYWORDS.has(this.peek.text))
        throw new SourceError('invalid syntax. Perhaps you forgot a comma?', {
          ...last,
          endLine: this.peek.endLine,
          endCol: this.peek.endCol,
        })
      this.unexpected()
    }
    this.next()
    return { args, keywords }
  }

  #clauses(): Clause[] {
    const clauses: Clause[] = []
    while (this.accept('for')) {
      const target = this.targetList()
      this.expect('in')
      const iter = this.#or()
      const ifs: Expr[] = []
      while (this.accept('if')) {
        const start = this.peek
        ifs.push(start.type === 'name' && this.peekAt(1).text === ':=' ? this.namedExpression() : this.#or())
      }
      clauses.push({ target, iter, ifs })
    }
    if (this.at('async')) throw new SourceError('not simulated: async', this.peek)
    return clauses
  }

  #atom(): Expr {
    const start = this.peek
    const constant = (value: null | boolean | 'ellipsis', type: 'none' | 'bool' | 'ellipsis'): Expr => {
      this.next()
      return { ...this.spanFrom(start), kind: 'Constant', value, type }
    }
    switch (start.type) {
      case 'number':
        this.next()
        return numberLiteral(start, this.options.python2 ?? false)
      case 'string':
        return this.#strings()
      case 'name':
        switch (start.text) {
          case 'None':
            return constant(null, 'none')
          case 'True':
            return constant(true, 'bool')
          case 'False':
            return constant(false, 'bool')
        }
        if (KEYWORDS.has(start.text)) this.unexpected()
        this.next()
        return { ...this.spanFrom(start), kind: 'Name', name: start.text }
      case 'op':
        switch (start.text) {
          case '(':
            return this.#parenthesised()
          case '[':
            return this.#list()
          case '{':
            return this.#braces()
          case '...':
            return constant('ellipsis', 'ellipsis')
          case '`':
            if (this.options.python2) throw new SourceError('not simulated: backticks', start)
        }
    }
    this.unexpected()
  }

  #parenthesised(): Expr {
    const start = this.next()
    if (this.accept(')')) return { ...this.spanFrom(start), kind: 'Tuple', items: [] }
    if (this.at('yield')) {
      const value = this.yieldExpression()
      this.expect(')')
      return { ...value, ...this.spanFrom(start) }
    }
    const first = this.starOrNamed()
    if (this.at('for')) {
      const clauses = this.#clauses()
      this.expect(')')
      return { ...this.spanFrom(start), kind: 'Comp', of: 'generator', element: first, value: undefined, clauses }
    }
    if (!this.at(',')) {
      this.#closeAfter(')', first)
      // A parenthesised expression keeps its own place, as in CPython.
      return first
    }
    const items = [first]
    while (this.accept(',')) {
      if (this.at(')')) break
      items.push(this.starOrNamed())
    }
    this.#closeAfter(')', items.at(-1)!)
    return { ...this.spanFrom(start), kind: 'Tuple', items }
  }

  #closeAfter(close: string, last: Expr): void {
    if (this.accept(close)) return
    if (['name', 'number', 'string'].includes(this.peek.type) && !KEYWORDS.has(this.peek.text))
      throw new SourceError('invalid syntax. Perhaps you forgot a comma?', {
        line: last.line,
        col: last.col,
        endLine: this.peek.endLine,
        endCol: this.peek.endCol,
      })
    this.unexpected()
  }

  #list(): Expr {
    const start = this.next()
    if (this.accept(']')) return { ...this.spanFrom(start), kind: 'List', items: [] }
    const first = this.starOrNamed()
    if (this.at('for')) {
      const clauses = this.#clauses()
      this.expect(']')
      return { ...this.spanFrom(start), kind: 'Comp', of: 'list', element: first, value: undefined, clauses }
    }
    const items = [first]
    while (this.accept(',')) {
      if (this.at(']')) break
      items.push(this.starOrNamed())
    }
    this.#closeAfter(']', items.at(-1)!)
    return { ...this.spanFrom(start), kind: 'List', items }
  }

  #braces(): Expr {
    const start = this.next()
    const items: [Expr | undefined, Expr][] = []
    if (this.accept('}')) return { ...this.spanFrom(start), kind: 'Dict', items }
    const entry = (): [Expr | undefined, Expr] => {
      if (this.accept('**')) return [undefined, this.arithmetic()]
      const key = this.expression()
      this.expect(':')
      return [key, this.expression()]
    }
    if (!this.at('**')) {
      const first = this.starOrNamed()
      if (!this.at(':')) return this.#set(start, first)
      this.next()
      const value = this.expression()
      if (this.at('for')) {
        const clauses = this.#clauses()
        this.expect('}')
        return { ...this.spanFrom(start), kind: 'Comp', of: 'dict', element: first, value, clauses }
      }
      items.push([first, value])
    } else items.push(entry())
    while (this.accept(',')) {
      if (this.at('}')) break
      items.push(entry())
    }
    this.#closeAfter('}', items.at(-1)![1])
    return { ...this.spanFrom(start), kind: 'Dict', items }
  }

  #set(start: Span, first: Expr): Expr {
    if (this.at('for')) {
      const clauses = this.#clauses()
      this.expect('}')
      return { ...this.spanFrom(start), kind: 'Comp', of: 'set', element: first, value: undefined, clauses }
    }
    const items = [first]
    while (this.accept(',')) {
      if (this.at('}')) break
      items.push(this.starOrNamed())
    }
    this.#closeAfter('}', items.at(-1)!)
    return { ...this.spanFrom(start), kind: 'Set', items }
  }

  /** Adjacent string literals are one. */
  #strings(): Expr {
    const start = this.peek
    const parts: Extract<Expr, { kind: 'JoinedStr' }>['parts'] = []
    let bytes: boolean | undefined
    while (this.peek.type === 'string') {
      const token = this.next()
      const { prefix, quote, body } = splitString(token.text)
      const isBytes = prefix.includes('b') && !this.options.python2
      if (bytes !== undefined && bytes !== isBytes)
        throw new SourceError('cannot mix bytes and nonbytes literals', this.spanFrom(start))
      bytes = isBytes
      const raw = prefix.includes('r')
      if (prefix.includes('f')) {
        const offset = prefix.length + quote.length
        parts.push(...formattedParts(token, body, offset, raw, (text, line, col) => this.#inner(text, line, col)))
      } else parts.push(raw ? body : unescaped(body, isBytes, token))
    }
    const span = this.spanFrom(start)
    if (parts.every((part) => typeof part === 'string')) {
      const value = (parts as string[]).join('')
      if (bytes && /[^\x00-\xff]/.test(value))
        throw new SourceError('bytes can only contain ASCII literal characters', span)
      return { ...span, kind: 'Constant', value, type: bytes ? 'bytes' : 'str' }
    }
    return { ...span, kind: 'JoinedStr', parts }
  }

  #inner(text: string, line: number, col: number): Expr {
    // Parentheses let it span lines; they take one column.
    const tokens = new Lexer(`(${text})`).tokens().map((token) => ({
      ...token,
      line: token.line + line - 1,
      endLine: token.endLine + line - 1,
      col: token.line === 1 ? token.col + col - 1 : token.col,
      endCol: token.endLine === 1 ? token.endCol + col - 1 : token.endCol,
    }))
    const parser = new ExpressionParser(tokens, this.#source, this.options)
    const value = parser.starExpressionList()
    if (parser.peek.type === 'newline') parser.next()
    if (parser.peek.type !== 'end') parser.unexpected()
    return value
  }

  // ---- parameters

  parameters(close: string, annotated: boolean): Params {
    const params: Params = { positionalOnly: 0, args: [], vararg: undefined, keywordOnly: [], kwarg: undefined }
    let keywordOnly = false
    const seen = new Set<string>()
    const fresh = (): string => {
      const token = this.peek
      const name = this.name()
      if (seen.has(name)) throw new SourceError(`duplicate argument '${name}' in function definition`, token)
      seen.add(name)
      if (annotated && this.accept(':')) this.expression()
      return name
    }
    while (!this.at(close)) {
      if (this.accept('**')) params.kwarg = fresh()
      else if (this.accept('*')) {
        keywordOnly = true
        if (!this.at(',')) params.vararg = fresh()
      } else if (this.accept('/')) params.positionalOnly = params.args.length
      else {
        const token = this.peek
        const name = fresh()
        const param: Param = { name, default: this.accept('=') ? this.expression() : undefined }
        if (keywordOnly) params.keywordOnly.push(param)
        else {
          if (!param.default && params.args.some((each) => each.default))
            throw new SourceError('non-default argument follows default argument', token)
          params.args.push(param)
        }
      }
      if (!this.accept(',')) break
    }
    return params
  }
}
