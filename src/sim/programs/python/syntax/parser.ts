import type { Expr, Handler, Keyword, Param, Params, Stmt } from './ast.ts'
import { ExpressionParser, type ParserOptions } from './expression-parser.ts'
import { Lexer } from './lexer.ts'
import { PatternParser } from './pattern-parser.ts'
import { SourceError, type Span } from './syntax-error.ts'

const AUGMENTED = new Set(['+=', '-=', '*=', '/=', '//=', '%=', '**=', '>>=', '<<=', '&=', '|=', '^=', '@='])

/** Parses a module. Throws SourceError. */
export function parseModule(source: string, options: ParserOptions = {}): Stmt[] {
  return new Parser(new Lexer(source).tokens(), source, options).module()
}

class Parser extends ExpressionParser {
  module(): Stmt[] {
    const body: Stmt[] = []
    while (this.peek.type !== 'end') {
      if (this.peek.type === 'newline') this.next()
      else if (this.peek.type === 'indent') throw new SourceError('unexpected indent', this.peek, 'IndentationError')
      else body.push(...this.statement())
    }
    return body
  }

  statement(): Stmt[] {
    const token = this.peek
    if (token.type === 'op' && token.text === '@') return [this.#decorated()]
    if (token.type === 'name') {
      switch (token.text) {
        case 'if':
          return [this.#if()]
        case 'while':
          return [this.#while()]
        case 'for':
          return [this.#for()]
        case 'try':
          return [this.#try()]
        case 'with':
          return [this.#with()]
        case 'def':
          return [this.#def([])]
        case 'class':
          return [this.#class([])]
        case 'async':
          throw new SourceError('not simulated: async', token)
        case 'match': {
          const match = this.#match()
          if (match) return [match]
          break
        }
        case 'elif':
        case 'else':
        case 'except':
        case 'finally':
          this.unexpected()
      }
    }
    return this.#simpleLine()
  }

  #simpleLine(): Stmt[] {
    const body = [this.#simple()]
    while (this.accept(';')) {
      if (this.peek.type === 'newline' || this.peek.type === 'end') break
      body.push(this.#simple())
    }
    if (this.peek.type === 'newline') this.next()
    else if (this.peek.type !== 'end') this.unexpected(body.at(-1))
    return body
  }

  #block(what: string, opener: Span): Stmt[] {
    this.expectColon()
    if (!this.is('newline')) return this.#simpleLine()
    this.next()
    if (!this.is('indent')) {
      throw new SourceError(
        `expected an indented block after ${what} on line ${opener.line}`,
        this.peek,
        'IndentationError',
        this.is('end'),
      )
    }
    this.next()
    const body: Stmt[] = []
    while (this.peek.type !== 'dedent' && this.peek.type !== 'end') {
      if (this.peek.type === 'newline') this.next()
      else if (this.peek.type === 'indent') throw new SourceError('unexpected indent', this.peek, 'IndentationError')
      else body.push(...this.statement())
    }
    if (this.peek.type === 'dedent') this.next()
    return body
  }

  #simple(): Stmt {
    const token = this.peek
    const done = <T extends object>(node: T) => ({ ...this.spanFrom(token), ...node }) as unknown as Stmt
    if (token.type === 'name') {
      switch (token.text) {
        case 'pass':
        case 'break':
        case 'continue':
          this.next()
          return done({ kind: token.text === 'pass' ? 'Pass' : token.text === 'break' ? 'Break' : 'Continue' })
        case 'return':
          this.next()
          return done({ kind: 'Return', value: this.atLineEnd() ? undefined : this.expressionList() })
        case 'raise':
          this.next()
          return done(this.#raise())
        case 'global':
        case 'nonlocal': {
          this.next()
          const names = [this.name()]
          while (this.accept(',')) names.push(this.name())
          return done({ kind: token.text === 'global' ? 'Global' : 'Nonlocal', names })
        }
        case 'import': {
          this.next()
          const names = [this.#importName()]
          while (this.accept(',')) names.push(this.#importName())
          return done({ kind: 'Import', names })
        }
        case 'from':
          this.next()
          return done(this.#importFrom())
        case 'assert': {
          this.next()
          const test = this.expression()
          return done({ kind: 'Assert', test, message: this.accept(',') ? this.expression() : undefined })
        }
        case 'del': {
          this.next()
          const list = this.expressionList()
          return done({ kind: 'Delete', targets: list.kind === 'Tuple' ? list.items : [list] })
        }
        case 'print':
          if (this.options.python2 && !this.options.printFunction) {
            this.next()
            return done(this.#print2())
          }
          this.#missingParentheses()
      }
    }
    return done(this.#expressionStatement())
  }

  #missingParentheses(): void {
    const [print, value] = [this.peek, this.peekAt(1)]
    const starts =
      value.type === 'string' ||
      value.type === 'number' ||
      (value.type === 'name' && !['if', 'in', 'is', 'and', 'or', 'not', 'else', 'for'].includes(value.text))
    if (!starts) return
    let at = 1
    while (this.peekAt(at).type !== 'newline' && this.peekAt(at).type !== 'end') at++
    const last = this.peekAt(at - 1)
    throw new SourceError("Missing parentheses in call to 'print'. Did you mean print(...)?", {
      line: print.line,
      col: print.col,
      endLine: last.endLine,
      endCol: last.endCol,
    })
  }

  #print2(): object {
    let to: Expr | undefined
    const values: Expr[] = []
    if (this.accept('>>')) {
      to = this.expression()
      if (!this.accept(',')) return { kind: 'Print2', values, newline: true, to }
    }
    let newline = true
    while (!this.atLineEnd()) {
      values.push(this.expression())
      newline = true
      if (!this.accept(',')) break
      newline = false
    }
    return { kind: 'Print2', values, newline, to }
  }

  #raise(): object {
    if (this.atLineEnd()) return { kind: 'Raise', exc: undefined, cause: undefined }
    let exc = this.expression()
    if (this.options.python2 && this.accept(',')) {
      const argument = this.expression()
      exc = { ...this.spanFrom(exc), kind: 'Call', func: exc, args: [argument], keywords: [] }
    }
    return { kind: 'Raise', exc, cause: this.accept('from') ? this.expression() : undefined }
  }

  #importName(): { name: string; as: string | undefined } {
    let name = this.name()
    while (this.accept('.')) name += `.${this.name()}`
    return { name, as: this.accept('as') ? this.name() : undefined }
  }

  #importFrom(): object {
    let level = 0
    for (;;) {
      if (this.accept('.')) level++
      else if (this.accept('...')) level += 3
      else break
    }
    let module = ''
    if (!this.at('import')) {
      module = this.name()
      while (this.accept('.')) module += `.${this.name()}`
    }
    this.expect('import')
    const names: { name: string; as: string | undefined }[] = []
    if (this.accept('*')) return { kind: 'ImportFrom', module, level, names: [{ name: '*', as: undefined }] }
    const closed = this.accept('(')
    do {
      if (closed && this.at(')')) break
      const name = this.name()
      names.push({ name, as: this.accept('as') ? this.name() : undefined })
    } while (this.accept(','))
    if (closed) this.expect(')')
    if (module === '__future__' && names.some(({ name }) => name === 'print_function'))
      this.options.printFunction = true
    return { kind: 'ImportFrom', module, level, names }
  }

  #expressionStatement(): object {
    const start = this.peek
    let value = this.starExpressionList()
    const { peek } = this
    if (peek.type === 'op') {
      if (AUGMENTED.has(peek.text)) {
        this.next()
        this.checkTarget(value, `'${this.describe(value)}' is an illegal expression for augmented assignment`)
        return {
          kind: 'AugAssign',
          target: value,
          op: peek.text.slice(0, -1),
          value: this.at('yield') ? this.yieldExpression() : this.expressionList(),
        }
      }
      if (peek.text === ':') {
        if (!['Name', 'Attribute', 'Subscript'].includes(value.kind)) this.unexpected()
        this.next()
        const annotation = this.expression()
        return {
          kind: 'AnnAssign',
          target: value,
          annotation,
          value: this.accept('=') ? this.starExpressionList() : undefined,
        }
      }
      if (peek.text === '=') {
        const targets: Expr[] = []
        while (this.accept('=')) {
          this.assignable(value)
          targets.push(value)
          value = this.at('yield') ? this.yieldExpression() : this.starExpressionList()
        }
        return { kind: 'Assign', targets, value }
      }
    }
    if (value.kind === 'Starred') throw new SourceError("can't use starred expression here", start)
    return { kind: 'Expr', value }
  }

  #decorated(): Stmt {
    const decorators: Expr[] = []
    while (this.accept('@')) {
      decorators.push(this.expression())
      if (this.peek.type === 'newline') this.next()
    }
    if (this.at('def')) return this.#def(decorators)
    if (this.at('class')) return this.#class(decorators)
    if (this.at('async')) throw new SourceError('not simulated: async', this.peek)
    this.unexpected()
  }

  #if(): Stmt {
    const start = this.next()
    const test = this.namedExpression()
    const body = this.#block(`'${start.text}' statement`, start)
    let orelse: Stmt[] = []
    if (this.at('elif')) orelse = [this.#if()]
    else if (this.at('else')) {
      const word = this.next()
      orelse = this.#block("'else' statement", word)
    }
    return { ...this.spanFrom(start), kind: 'If', test, body, orelse }
  }

  #else(): Stmt[] {
    if (!this.at('else')) return []
    const word = this.next()
    return this.#block("'else' statement", word)
  }

  #while(): Stmt {
    const start = this.next()
    const test = this.namedExpression()
    const body = this.#block("'while' statement", start)
    return { ...this.spanFrom(start), kind: 'While', test, body, orelse: this.#else() }
  }

  #for(): Stmt {
    const start = this.next()
    const target = this.targetList()
    this.expect('in')
    const iter = this.starExpressionList()
    const body = this.#block("'for' statement", start)
    return { ...this.spanFrom(start), kind: 'For', target, iter, body, orelse: this.#else() }
  }

  #try(): Stmt {
    const start = this.next()
    const body = this.#block("'try' statement", start)
    const handlers: Handler[] = []
    while (this.at('except')) {
      const word = this.next()
      if (this.at('*')) throw new SourceError('not simulated: except*', word)
      let type: Expr | undefined
      let name: string | undefined
      if (!this.at(':')) {
        type = this.expression()
        if (this.accept('as')) name = this.name()
        else if (this.at(',')) {
          if (!this.options.python2)
            throw new SourceError('multiple exception types must be parenthesized', this.spanFrom(type))
          this.next()
          name = this.name()
        }
      }
      const handled = this.#block("'except' statement", word)
      handlers.push({ ...this.spanFrom(word), type, name, body: handled })
    }
    const orelse = this.#else()
    let finalbody: Stmt[] = []
    if (this.at('finally')) {
      const word = this.next()
      finalbody = this.#block("'finally' statement", word)
    } else if (handlers.length === 0)
      throw new SourceError("expected 'except' or 'finally' block", this.peek, 'SyntaxError', this.peek.type === 'end')
    return { ...this.spanFrom(start), kind: 'Try', body, handlers, orelse, finalbody }
  }

  #with(): Stmt {
    const start = this.next()
    const items: { context: Expr; target: Expr | undefined }[] = []
    const item = () => {
      const context = this.expression()
      items.push({ context, target: this.accept('as') ? this.target() : undefined })
    }
    const mark = this.position
    const parenthesised = this.at('(') && this.#withParentheses(item, items)
    if (!parenthesised) {
      this.position = mark
      items.length = 0
      do item()
      while (this.accept(','))
    }
    const body = this.#block("'with' statement", start)
    return { ...this.spanFrom(start), kind: 'With', items, body }
  }

  /** `with (a as b, c as d):` */
  #withParentheses(item: () => void, items: unknown[]): boolean {
    try {
      this.next()
      do {
        if (this.at(')')) break
        item()
      } while (this.accept(','))
      return this.accept(')') && this.at(':') && items.length > 0
    } catch (error) {
      if (error instanceof SourceError) return false
      throw error
    }
  }

  #def(decorators: Expr[]): Stmt {
    const start = this.next()
    const name = this.name()
    this.expect('(')
    const params = this.parameters(')', true)
    this.expect(')')
    if (this.accept('->')) this.expression()
    const body = this.#block('function definition', start)
    return { ...this.spanFrom(start), kind: 'FunctionDef', name, params, body, decorators }
  }

  #class(decorators: Expr[]): Stmt {
    const start = this.next()
    const name = this.name()
    let bases: Expr[] = []
    let keywords: Keyword[] = []
    if (this.accept('(')) {
      ;({ args: bases, keywords } = this.arguments())
    }
    const body = this.#block('class definition', start)
    return { ...this.spanFrom(start), kind: 'ClassDef', name, bases, keywords, body, decorators }
  }

  /** `match` is a keyword only before a subject and a colon. */
  #match(): Stmt | undefined {
    const mark = this.position
    const start = this.next()
    if (['=', '.', ',', ')', ':'].includes(this.peek.text) || this.atLineEnd()) {
      this.position = mark
      return undefined
    }
    try {
      const subject = this.starExpressionList()
      if (!this.accept(':') || !this.is('newline')) throw new SourceError('invalid syntax', this.peek)
      this.next()
      if (!this.is('indent')) throw new SourceError('invalid syntax', this.peek)
      this.next()
      const cases: Extract<Stmt, { kind: 'Match' }>['cases'] = []
      while (this.at('case')) {
        const word = this.next()
        const pattern = new PatternParser(this).top()
        const guard = this.accept('if') ? this.namedExpression() : undefined
        cases.push({ pattern, guard, body: this.#block("'case' statement", word) })
      }
      if (this.peek.type === 'dedent') this.next()
      return { ...this.spanFrom(start), kind: 'Match', subject, cases }
    } catch (error) {
      if (!(error instanceof SourceError) || error.kind !== 'SyntaxError') throw error
      const after = this.position
      this.position = mark
      if (after - mark > 8) throw error
      return undefined
    }
  }
}

export type { Param, Params }
