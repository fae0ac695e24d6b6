import { Ellipsis, PyBytes, PyFloat, PyTuple, type Value } from '../objects/value.ts'
import type { Clause, Expr, FormattedValue, Keyword, Params, Stmt } from '../syntax/ast.ts'
import { SourceError, type Span } from '../syntax/syntax-error.ts'
import { Assembler, type Label } from './assembler.ts'
import { Code, type Operation, type SourceFile } from './code.ts'
import { BINARY, COMPARISONS, UNARY } from './operators.ts'
import { compilePattern } from './patterns.ts'
import { moduleScope, type Scope } from './scope.ts'

/** What must be left behind when control leaves a block early. */
type Block =
  | { kind: 'loop'; start: Label; end: Label; iterates: boolean }
  | { kind: 'try' }
  | { kind: 'finally'; body: Stmt[] }
  | { kind: 'with'; span: Span }
  | { kind: 'handler'; name: string | undefined }
  | { kind: 'handling' }

export type Mode = 'module' | 'interactive' | 'expression'

/** Compiles a module, a line of the prompt, or an expression of eval(). */
export function compileModule(body: readonly Stmt[], source: SourceFile, mode: Mode = 'module'): Code {
  const code = new Code('<module>', '<module>', source, 1, true)
  const compiler = new Compiler(code, moduleScope(body), mode)
  compiler.body(body)
  return code
}

class Compiler {
  readonly asm: Assembler
  readonly #scope: Scope
  readonly #mode: Mode
  readonly #blocks: Block[] = []
  readonly #className: string | undefined

  constructor(code: Code, scope: Scope, mode: Mode = 'module', className?: string) {
    this.asm = new Assembler(code)
    this.#scope = scope
    this.#mode = mode
    this.#className = className
    code.cells.push(...scope.cells)
    code.frees.push(...scope.frees)
    code.isGenerator = scope.isGenerator
  }

  get #code(): Code {
    return this.asm.code
  }

  body(statements: readonly Stmt[]): void {
    const { asm } = this
    const [first] = statements
    if (
      first?.kind === 'Expr' &&
      first.value.kind === 'Constant' &&
      first.value.type === 'str' &&
      this.#mode === 'module'
    ) {
      this.#code.doc = first.value.value as string
      if (this.#code.named) {
        asm.push(this.#code.doc)
        this.store('__doc__')
      }
    }
    const last = statements.at(-1)
    statements.forEach((statement) => {
      if (this.#mode === 'expression' && statement === last && statement.kind === 'Expr') {
        this.expr(statement.value)
        asm.emit('RETURN')
      } else this.statement(statement)
    })
    asm.push(null)
    asm.emit('RETURN')
  }

  // ---- names

  #mangled(name: string): string {
    if (this.#className === undefined || !name.startsWith('__') || name.endsWith('__')) return name
    return `_${this.#className.replace(/^_+/, '')}${name}`
  }

  #access(verb: 'LOAD' | 'STORE' | 'DELETE', given: string): void {
    const { asm } = this
    const name = given
    switch (this.#scope.where(name)) {
      case 'local':
        return asm.emit(`${verb}_FAST`, asm.local(name))
      case 'cell':
        return asm.emit(`${verb}_CELL`, asm.cell(name))
      case 'free':
        if (verb === 'LOAD' && this.#scope.kind === 'class') {
          asm.name(name)
          return asm.emit('LOAD_CLASS_CELL', asm.cell(name))
        }
        return asm.emit(`${verb}_CELL`, asm.cell(name))
      case 'name':
        return asm.emit(`${verb}_NAME`, asm.name(name))
      case 'global':
        return asm.emit(`${verb}_GLOBAL`, asm.name(name))
    }
  }
  load(name: string): void {
    this.#access('LOAD', name)
  }
  store(name: string): void {
    this.#access('STORE', name)
  }

  // ---- statements

  #statements(body: readonly Stmt[]): void {
    for (const statement of body) this.statement(statement)
  }

  statement(node: Stmt): void {
    const { asm } = this
    asm.at(node)
    switch (node.kind) {
      case 'Expr':
        if (node.value.kind === 'Constant' && this.#mode !== 'interactive') return
        this.expr(node.value)
        asm.emit(this.#mode === 'interactive' && this.#code.named ? 'PRINT_VALUE' : 'POP')
        return
      case 'Assign':
        this.expr(node.value)
        node.targets.forEach((target, i) => {
          if (i < node.targets.length - 1) asm.emit('DUP')
          this.assign(target)
        })
        return
      case 'AugAssign':
        return this.#augmented(node, node.target, node.op, node.value)
      case 'AnnAssign':
        if (node.value) {
          this.expr(node.value)
          this.assign(node.target)
        }
        if (node.target.kind === 'Name' && this.#scope.kind !== 'function')
          this.#annotation(node.target.name, node.annotation)
        return
      case 'Delete':
        for (const target of node.targets) this.#delete(target)
        return
      case 'Pass':
        return
      case 'Break':
      case 'Continue':
        return this.#leaveLoop(node)
      case 'Return':
        if (node.value) this.expr(node.value)
        else asm.push(null)
        for (let i = this.#blocks.length - 1; i >= 0; i--) this.#leave(i, true)
        asm.at(node)
        return asm.emit('RETURN')
      case 'Raise':
        if (node.exc) this.expr(node.exc)
        if (node.cause) this.expr(node.cause)
        asm.at(node)
        return asm.emit('RAISE', (node.exc ? 1 : 0) + (node.cause ? 1 : 0))
      case 'Global':
      case 'Nonlocal':
        return
      case 'Import':
        for (const { name, as } of node.names) {
          asm.emit('IMPORT', asm.constant(new PyTuple([name, 0, as === undefined ? 'first' : 'last'])))
          this.store(as ?? name.split('.')[0]!)
        }
        return
      case 'ImportFrom':
        return this.#importFrom(node)
      case 'Assert': {
        const fine = asm.label()
        this.condition(node.test, fine, true)
        if (node.message) this.expr(node.message)
        asm.at(node.test)
        asm.emit('ASSERT_FAILS', node.message ? 1 : 0)
        return asm.mark(fine)
      }
      case 'If': {
        const [otherwise, end] = [asm.label(), asm.label()]
        this.condition(node.test, otherwise, false)
        this.#statements(node.body)
        if (node.orelse.length > 0) asm.jump('JUMP', end)
        asm.mark(otherwise)
        this.#statements(node.orelse)
        return asm.mark(end)
      }
      case 'While':
        return this.#while(node)
      case 'For':
        return this.#for(node)
      case 'Try':
        return node.finalbody.length > 0 ? this.#tryFinally(node) : this.#tryExcept(node)
      case 'With':
        return this.#with(node, 0)
      case 'FunctionDef':
        for (const decorator of node.decorators) this.expr(decorator)
        asm.at(node)
        this.#function(node, node.name, node.params, node.body)
        for (const decorator of [...node.decorators].reverse()) {
          asm.at(decorator)
          asm.emit('CALL', 1)
        }
        return this.store(node.name)
      case 'ClassDef':
        return this.#class(node)
      case 'Print2':
        for (const value of node.values) this.expr(value)
        if (node.to) this.expr(node.to)
        asm.at(node)
        return asm.emit('PRINT2', node.values.length * 4 + (node.newline ? 2 : 0) + (node.to ? 1 : 0))
      case 'Match':
        return compilePattern(this, node)
    }
  }

  #importFrom(node: Extract<Stmt, { kind: 'ImportFrom' }>): void {
    const { asm } = this
    if (node.module === '__future__') return
    const names = node.names.map(({ name }) => name)
    asm.emit('IMPORT', asm.constant(new PyTuple([node.module, node.level, 'last', ...names])))
    if (names[0] === '*') return asm.emit('IMPORT_STAR')
    for (const { name, as } of node.names) {
      asm.emit('IMPORT_FROM', asm.name(name))
      this.store(as ?? name)
    }
    asm.emit('POP')
  }

  /** Kept as text, evaluated by nobody: what dataclasses and typing need is the names and their order. */
  #annotation(name: string, annotation: Expr): void {
    const { asm } = this
    asm.push(name)
    asm.push(
      annotation.kind === 'Name'
        ? annotation.name
        : annotation.kind === 'Constant' && typeof annotation.value === 'string'
          ? annotation.value
          : annotation.kind === 'Subscript' && annotation.value.kind === 'Name'
            ? annotation.value.name
            : '',
    )
    asm.emit('ANNOTATIONS')
  }

  #augmented(node: Span, target: Expr, op: string, value: Expr): void {
    const { asm } = this
    const operate = () => {
      this.expr(value)
      asm.at(node)
      asm.emit('INPLACE', this.#operator(op))
    }
    if (target.kind === 'Name') {
      asm.at(target)
      this.load(target.name)
      operate()
      this.store(target.name)
    } else if (target.kind === 'Attribute') {
      this.expr(target.value)
      asm.emit('DUP')
      asm.at(target)
      asm.emit('LOAD_ATTR', asm.name(this.#mangled(target.name)))
      operate()
      asm.emit('ROT2')
      asm.emit('STORE_ATTR', asm.name(this.#mangled(target.name)))
    } else if (target.kind === 'Subscript') {
      this.expr(target.value)
      this.expr(target.index)
      asm.emit('DUP2')
      asm.at(target)
      asm.emit('SUBSCRIPT')
      operate()
      asm.emit('ROT3')
      asm.emit('STORE_SUBSCRIPT')
    }
  }

  #operator(op: string): number {
    if (op === '/' && this.#code.source.python2) return BINARY.indexOf('/2')
    return BINARY.indexOf(op as (typeof BINARY)[number])
  }

  assign(target: Expr): void {
    const { asm } = this
    asm.at(target)
    switch (target.kind) {
      case 'Name':
        return this.store(target.name)
      case 'Attribute':
        this.expr(target.value)
        asm.at(target)
        return asm.emit('STORE_ATTR', asm.name(this.#mangled(target.name)))
      case 'Subscript':
        this.expr(target.value)
        this.expr(target.index)
        asm.at(target)
        return asm.emit('STORE_SUBSCRIPT')
      case 'Tuple':
      case 'List': {
        const star = target.items.findIndex((item) => item.kind === 'Starred')
        if (star < 0) asm.emit('UNPACK', target.items.length)
        else asm.emit('UNPACK_STAR', star | ((target.items.length - star - 1) << 8))
        for (const item of target.items) this.assign(item.kind === 'Starred' ? item.value : item)
        return
      }
      case 'Starred':
        throw new SourceError('starred assignment target must be in a list or tuple', target)
      default:
        throw new SourceError('cannot assign to expression', target)
    }
  }

  #delete(target: Expr): void {
    const { asm } = this
    asm.at(target)
    if (target.kind === 'Name') return this.#access('DELETE', target.name)
    if (target.kind === 'Tuple' || target.kind === 'List') {
      for (const item of target.items) this.#delete(item)
      return
    }
    if (target.kind === 'Attribute') {
      this.expr(target.value)
      asm.at(target)
      return asm.emit('DELETE_ATTR', asm.name(this.#mangled(target.name)))
    }
    if (target.kind !== 'Subscript')
      throw new SourceError(`cannot delete ${target.kind === 'Call' ? 'function call' : 'expression'}`, target)
    this.expr(target.value)
    this.expr(target.index)
    asm.at(target)
    asm.emit('DELETE_SUBSCRIPT')
  }

  // ---- control flow

  #leaveLoop(node: Stmt): void {
    const { asm } = this
    for (let i = this.#blocks.length - 1; i >= 0; i--) {
      const block = this.#blocks[i]!
      if (block.kind === 'loop') {
        if (node.kind === 'Continue') return asm.jump('JUMP', block.start)
        if (block.iterates) asm.emit('POP')
        return asm.jump('JUMP', block.end)
      }
      this.#leave(i, false)
    }
    throw new SourceError(node.kind === 'Break' ? "'break' outside loop" : "'continue' not properly in loop", node)
  }

  /** Tidies up for one block on the way out; a value to return may lie on the stack. */
  #leave(index: number, returns: boolean): void {
    const { asm } = this
    const block = this.#blocks[index]!
    switch (block.kind) {
      case 'loop':
        if (returns && block.iterates) {
          asm.emit('ROT2')
          asm.emit('POP')
        }
        return
      case 'try':
        return asm.emit('POP_BLOCK')
      case 'finally': {
        asm.emit('POP_BLOCK')
        // The block is left: what its body does finds only the blocks around it.
        const left = this.#blocks.splice(index)
        this.#statements(block.body)
        this.#blocks.push(...left)
        return
      }
      case 'with':
        asm.emit('POP_BLOCK')
        if (returns) asm.emit('ROT2')
        this.#exitCall(block.span)
        return
      case 'handler':
        asm.emit('POP_EXCEPTION')
        if (block.name !== undefined) this.#forget(block.name)
        return
      case 'handling':
        return asm.emit('POP_EXCEPTION')
    }
  }

  #exitCall(span: Span): void {
    const { asm } = this
    asm.at(span)
    for (let i = 0; i < 3; i++) asm.push(null)
    asm.emit('CALL', 3)
    asm.emit('POP')
  }

  #forget(name: string): void {
    this.asm.push(null)
    this.store(name)
    this.#access('DELETE', name)
  }

  #while(node: Extract<Stmt, { kind: 'While' }>): void {
    const { asm } = this
    const [start, otherwise, end] = [asm.label(), asm.label(), asm.label()]
    asm.mark(start)
    const always = node.test.kind === 'Constant' && Boolean(node.test.value)
    if (!always) this.condition(node.test, otherwise, false)
    // A loop that does nothing for ever needs no steps to be simulated.
    if (always && node.body.every((each) => each.kind === 'Pass' || each.kind === 'Continue')) asm.emit('BUSY')
    this.#loop(node, { kind: 'loop', start, end, iterates: false }, otherwise)
  }

  #for(node: Extract<Stmt, { kind: 'For' }>): void {
    const { asm } = this
    const [start, otherwise, end] = [asm.label(), asm.label(), asm.label()]
    this.expr(node.iter)
    asm.at(node.iter)
    asm.emit('GET_ITER')
    asm.mark(start)
    asm.at(node.iter)
    asm.jump('FOR_ITER', otherwise)
    this.assign(node.target)
    this.#loop(node, { kind: 'loop', start, end, iterates: true }, otherwise)
  }

  /** The body, the way back to the start, and what is done at the end without a break. */
  #loop(
    node: Extract<Stmt, { kind: 'While' | 'For' }>,
    block: Extract<Block, { kind: 'loop' }>,
    otherwise: Label,
  ): void {
    const { asm } = this
    this.#blocks.push(block)
    this.#statements(node.body)
    this.#blocks.pop()
    asm.jump('JUMP', block.start)
    asm.mark(otherwise)
    this.#statements(node.orelse)
    asm.mark(block.end)
  }

  #tryExcept(node: Extract<Stmt, { kind: 'Try' }>): void {
    const { asm } = this
    const [handlers, end] = [asm.label(), asm.label()]
    asm.jump('TRY', handlers)
    this.#blocks.push({ kind: 'try' })
    this.#statements(node.body)
    this.#blocks.pop()
    asm.emit('POP_BLOCK')
    this.#statements(node.orelse)
    asm.jump('JUMP', end)
    asm.mark(handlers)
    asm.emit('PUSH_EXCEPTION')
    node.handlers.forEach((handler, i) => {
      const next = asm.label()
      if (handler.type) {
        this.expr(handler.type)
        asm.at(handler.type)
        asm.emit('MATCH_EXCEPTION')
        asm.jump('JUMP_IF_FALSE', next)
      } else if (i < node.handlers.length - 1) throw new SourceError("default 'except:' must be last", handler)
      if (handler.name !== undefined) {
        asm.emit('LOAD_EXCEPTION')
        this.store(handler.name)
      }
      this.#blocks.push({ kind: 'handler', name: handler.name })
      this.#statements(handler.body)
      this.#blocks.pop()
      asm.emit('POP_EXCEPTION')
      if (handler.name !== undefined) this.#forget(handler.name)
      asm.jump('JUMP', end)
      asm.mark(next)
    })
    asm.emit('RERAISE')
    asm.mark(end)
  }

  #tryFinally(node: Extract<Stmt, { kind: 'Try' }>): void {
    const { asm } = this
    const [failed, end] = [asm.label(), asm.label()]
    asm.jump('TRY', failed)
    this.#blocks.push({ kind: 'finally', body: node.finalbody })
    if (node.handlers.length > 0) this.#tryExcept(node)
    else this.#statements(node.body)
    this.#blocks.pop()
    asm.emit('POP_BLOCK')
    this.#statements(node.finalbody)
    asm.jump('JUMP', end)
    asm.mark(failed)
    asm.emit('PUSH_EXCEPTION')
    this.#blocks.push({ kind: 'handling' })
    this.#statements(node.finalbody)
    this.#blocks.pop()
    asm.emit('RERAISE')
    asm.mark(end)
  }

  #with(node: Extract<Stmt, { kind: 'With' }>, index: number): void {
    const { asm } = this
    const item = node.items[index]
    if (!item) return this.#statements(node.body)
    const [failed, suppressed, end] = [asm.label(), asm.label(), asm.label()]
    this.expr(item.context)
    asm.at(item.context)
    asm.emit('WITH_ENTER')
    // The value of __enter__ is on the stack, above __exit__; the block starts below it.
    asm.jump('TRY_WITH', failed)
    if (item.target) this.assign(item.target)
    else asm.emit('POP')
    this.#blocks.push({ kind: 'with', span: item.context })
    this.#with(node, index + 1)
    this.#blocks.pop()
    asm.emit('POP_BLOCK')
    this.#exitCall(item.context)
    asm.jump('JUMP', end)
    asm.mark(failed)
    asm.emit('PUSH_EXCEPTION')
    asm.at(item.context)
    asm.emit('WITH_EXIT')
    asm.jump('JUMP_IF_TRUE', suppressed)
    asm.emit('RERAISE')
    asm.mark(suppressed)
    asm.emit('POP_EXCEPTION')
    asm.mark(end)
  }

  // ---- functions and classes

  #function(node: object & Span, name: string, params: Params, body: readonly Stmt[] | Expr): void {
    const { asm } = this
    const scope = this.#scope.children.get(node)!
    const code = new Code(name, this.#qualified(name), this.#code.source, node.line, false)
    let flags = 0
    const defaults = params.args.filter((each) => each.default)
    if (defaults.length > 0) {
      for (const each of defaults) this.expr(each.default!)
      asm.emit('BUILD_TUPLE', defaults.length)
      flags |= 1
    }
    const keywordDefaults = params.keywordOnly.filter((each) => each.default)
    if (keywordDefaults.length > 0) {
      for (const each of keywordDefaults) {
        asm.push(each.name)
        this.expr(each.default!)
      }
      asm.emit('BUILD_MAP', keywordDefaults.length)
      flags |= 2
    }
    const inner = new Compiler(code, scope, 'module', this.#className)
    code.parameterCount = params.args.length
    code.positionalOnly = params.positionalOnly
    code.keywordOnlyCount = params.keywordOnly.length
    for (const each of [...params.args, ...params.keywordOnly]) inner.asm.local(each.name)
    if (params.vararg !== undefined) code.vararg = inner.asm.local(params.vararg)
    if (params.kwarg !== undefined) code.kwarg = inner.asm.local(params.kwarg)
    inner.#cellParameters()
    if ('kind' in body) {
      inner.expr(body)
      inner.asm.emit('RETURN')
    } else inner.body(body)
    asm.at(node)
    this.#makeFunction(code, flags)
  }

  #cellParameters(): void {
    const { code } = this.asm
    for (const [cell, name] of code.cells.entries()) {
      const local = code.locals.indexOf(name)
      if (local >= 0) code.cellParameters.push([local, cell])
    }
  }

  #qualified(name: string): string {
    const { qualname, named } = this.#code
    if (qualname === '<module>') return name
    return named ? `${qualname}.${name}` : `${qualname}.<locals>.${name}`
  }

  /** With its closure's cells, which the stack takes first. */
  #makeFunction(code: Code, flags: number): void {
    const { asm } = this
    for (const name of code.frees) asm.emit('PUSH_CELL', asm.cell(name))
    if (code.frees.length > 0) asm.emit('BUILD_TUPLE', code.frees.length)
    const index = asm.constant(code as unknown as Value)
    asm.emit('MAKE_FUNCTION', index * 8 + flags + (code.frees.length > 0 ? 4 : 0))
  }

  #class(node: Extract<Stmt, { kind: 'ClassDef' }>): void {
    const { asm } = this
    for (const decorator of node.decorators) this.expr(decorator)
    const code = new Code(node.name, this.#qualified(node.name), this.#code.source, node.line, true)
    const inner = new Compiler(code, this.#scope.children.get(node)!, 'module', node.name)
    inner.body(node.body)
    asm.at(node)
    this.#makeFunction(code, 0)
    asm.push(node.name)
    asm.emit('BUILD_LIST', 0)
    this.#spread(node.bases)
    this.#keywords(node.keywords)
    asm.at(node)
    asm.emit('BUILD_CLASS')
    for (const decorator of [...node.decorators].reverse()) {
      asm.at(decorator)
      asm.emit('CALL', 1)
    }
    this.store(node.name)
  }

  // ---- expressions

  /** Jumps to the label when the value is as `when` says, goes on otherwise. */
  condition(node: Expr, label: Label, when: boolean): void {
    const { asm } = this
    if (node.kind === 'UnaryOp' && node.op === 'not') return this.condition(node.operand, label, !when)
    if (node.kind === 'BoolOp') {
      // `a and b` is false as soon as one is; `a or b` true as soon as one is.
      const early = node.op === 'or'
      if (early === when) for (const each of node.values) this.condition(each, label, when)
      else {
        const end = asm.label()
        node.values.forEach((each, i) => {
          if (i < node.values.length - 1) this.condition(each, end, early)
          else this.condition(each, label, when)
        })
        asm.mark(end)
      }
      return
    }
    this.expr(node)
    asm.at(node)
    asm.jump(when ? 'JUMP_IF_TRUE' : 'JUMP_IF_FALSE', label)
  }

  expr(node: Expr): void {
    const before = this.asm.at(node)
    this.#expr(node)
    this.asm.at(before)
  }

  #expr(node: Expr): void {
    const { asm } = this
    switch (node.kind) {
      case 'Constant':
        return asm.push(constantValue(node))
      case 'Name':
        return this.load(node.name)
      case 'JoinedStr':
        return this.#joined(node.parts)
      case 'Attribute':
        this.expr(node.value)
        return asm.emit('LOAD_ATTR', asm.name(this.#mangled(node.name)))
      case 'Subscript':
        this.expr(node.value)
        this.expr(node.index)
        return asm.emit('SUBSCRIPT')
      case 'Slice':
        for (const each of [node.lower, node.upper, node.step]) {
          if (each) this.expr(each)
          else asm.push(null)
        }
        return asm.emit('BUILD_SLICE')
      case 'Call':
        return this.#call(node)
      case 'BinOp':
        this.expr(node.left)
        this.expr(node.right)
        return asm.emit('BINARY', this.#operator(node.op))
      case 'UnaryOp':
        this.expr(node.operand)
        if (node.op === 'not') asm.emit('NOT')
        else asm.emit('UNARY', UNARY.indexOf(node.op as (typeof UNARY)[number]))
        return
      case 'BoolOp': {
        const end = asm.label()
        node.values.forEach((each, i) => {
          this.expr(each)
          if (i < node.values.length - 1)
            asm.jump(node.op === 'or' ? 'JUMP_IF_TRUE_OR_POP' : 'JUMP_IF_FALSE_OR_POP', end)
        })
        return asm.mark(end)
      }
      case 'Compare':
        return this.#compare(node)
      case 'IfExp': {
        const [otherwise, end] = [asm.label(), asm.label()]
        this.condition(node.test, otherwise, false)
        this.expr(node.body)
        asm.jump('JUMP', end)
        asm.mark(otherwise)
        this.expr(node.orelse)
        return asm.mark(end)
      }
      case 'Lambda':
        return this.#function(node, '<lambda>', node.params, node.body)
      case 'Tuple':
        return this.#sequence(node.items, 'BUILD_TUPLE')
      case 'List':
        return this.#sequence(node.items, 'BUILD_LIST')
      case 'Set':
        if (node.items.some((item) => item.kind === 'Starred')) {
          asm.emit('BUILD_SET', 0)
          for (const item of node.items) {
            this.expr(item.kind === 'Starred' ? item.value : item)
            if (item.kind === 'Starred') asm.emit('SET_UPDATE')
            else asm.emit('SET_ADD', 1)
          }
          return
        }
        for (const item of node.items) this.expr(item)
        return asm.emit('BUILD_SET', node.items.length)
      case 'Dict':
        return this.#dict(node.items)
      case 'Comp':
        return this.#comprehension(node)
      case 'Starred':
        throw new SourceError("can't use starred expression here", node)
      case 'NamedExpr':
        this.expr(node.value)
        asm.emit('DUP')
        return this.store(node.name)
      case 'Yield':
        if (node.value) this.expr(node.value)
        else asm.push(null)
        return asm.emit('YIELD')
      case 'YieldFrom':
        this.expr(node.value)
        return this.#delegate()
      case 'Await':
        throw new SourceError('not simulated: await', node)
    }
  }

  #delegate(): void {
    const { asm } = this
    const [again, end] = [asm.label(), asm.label()]
    asm.emit('GET_DELEGATE')
    asm.push(null)
    asm.mark(again)
    asm.jump('DELEGATE', end)
    asm.emit('YIELD')
    asm.jump('JUMP', again)
    asm.mark(end)
  }

  #sequence(items: readonly Expr[], build: 'BUILD_TUPLE' | 'BUILD_LIST'): void {
    const { asm } = this
    if (items.some((item) => item.kind === 'Starred')) {
      asm.emit('BUILD_LIST', 0)
      this.#spread(items)
      if (build === 'BUILD_TUPLE') asm.emit('LIST_TO_TUPLE')
      return
    }
    for (const item of items) this.expr(item)
    asm.emit(build, items.length)
  }

  /** Adds items, starred or not, to the list on the stack. */
  #spread(items: readonly Expr[]): void {
    const { asm } = this
    for (const item of items) {
      this.expr(item.kind === 'Starred' ? item.value : item)
      asm.emit(item.kind === 'Starred' ? 'LIST_EXTEND' : 'LIST_APPEND', 1)
    }
  }

  #dict(items: readonly [Expr | undefined, Expr][]): void {
    const { asm } = this
    if (items.every(([key]) => key)) {
      for (const [key, value] of items) {
        this.expr(key!)
        this.expr(value)
      }
      return asm.emit('BUILD_MAP', items.length)
    }
    asm.emit('BUILD_MAP', 0)
    for (const [key, value] of items) {
      if (key) {
        this.expr(key)
        this.expr(value)
        asm.emit('MAP_ADD', 1)
      } else {
        this.expr(value)
        asm.emit('DICT_UPDATE')
      }
    }
  }

  #compare(node: Extract<Expr, { kind: 'Compare' }>): void {
    const { asm } = this
    this.expr(node.left)
    const [fail, end] = [asm.label(), asm.label()]
    node.ops.forEach((op, i) => {
      const last = i === node.ops.length - 1
      this.expr(node.comparators[i]!)
      if (!last) {
        asm.emit('DUP')
        asm.emit('ROT3')
      }
      this.#comparison(op)
      if (!last) asm.jump('JUMP_IF_FALSE_OR_POP', fail)
    })
    if (node.ops.length === 1) return
    asm.jump('JUMP', end)
    asm.mark(fail)
    asm.emit('ROT2')
    asm.emit('POP')
    asm.mark(end)
  }

  #comparison(op: string): void {
    const { asm } = this
    if (op === 'in' || op === 'not in') asm.emit('IN', op === 'in' ? 0 : 1)
    else if (op === 'is' || op === 'is not') asm.emit('IS', op === 'is' ? 0 : 1)
    else asm.emit('COMPARE', COMPARISONS.indexOf(op as (typeof COMPARISONS)[number]))
  }

  #call(node: Extract<Expr, { kind: 'Call' }>): void {
    const { asm } = this
    const spreads =
      node.args.some((each) => each.kind === 'Starred') || node.keywords.some(({ name }) => name === undefined)
    if (!spreads && node.keywords.length === 0) {
      if (node.func.kind === 'Attribute') {
        this.expr(node.func.value)
        // A failing call marks from the object on; a failing look-up the attribute.
        asm.at(node.func)
        asm.emit('LOAD_METHOD', asm.name(this.#mangled(node.func.name)))
        asm.at(node)
        for (const each of node.args) this.expr(each)
        return asm.emit('CALL_METHOD', node.args.length)
      }
      this.expr(node.func)
      for (const each of node.args) this.expr(each)
      return asm.emit('CALL', node.args.length)
    }
    this.expr(node.func)
    if (spreads) {
      asm.emit('BUILD_LIST', 0)
      this.#spread(node.args)
      this.#keywords(node.keywords)
      return asm.emit('CALL_SPREAD')
    }
    for (const each of node.args) this.expr(each)
    for (const { value } of node.keywords) this.expr(value)
    const names = new PyTuple(node.keywords.map(({ name }) => name!))
    const repeated = names.items.find((name, i) => names.items.indexOf(name) !== i)
    if (repeated !== undefined)
      throw new SourceError(`keyword argument repeated: ${repeated}`, node.keywords.at(-1)!.value)
    asm.push(names)
    asm.emit('CALL_KEYWORDS', node.args.length)
  }

  /** A dict of keyword arguments, or None. */
  #keywords(keywords: readonly Keyword[]): void {
    const { asm } = this
    if (keywords.length === 0) return asm.push(null)
    asm.emit('BUILD_MAP', 0)
    for (const { name, value } of keywords) {
      if (name === undefined) {
        this.expr(value)
        asm.emit('DICT_MERGE')
      } else {
        asm.push(name)
        this.expr(value)
        asm.emit('MAP_ADD', 1)
      }
    }
  }

  #joined(parts: readonly (string | FormattedValue)[]): void {
    const { asm } = this
    let count = 0
    for (const part of parts) {
      if (typeof part === 'string') asm.push(part)
      else {
        if (part.debug !== '') {
          asm.push(part.debug)
          count++
        }
        this.expr(part.value)
        if (part.spec) this.#joined(part.spec)
        const conversion = part.conversion || (part.debug !== '' && !part.spec ? 'r' : '')
        asm.emit('FORMAT', ['', 's', 'r', 'a'].indexOf(conversion) * 2 + (part.spec ? 1 : 0))
      }
      count++
    }
    asm.emit('BUILD_STRING', count)
  }

  #comprehension(node: Extract<Expr, { kind: 'Comp' }>): void {
    const { asm } = this
    const names = { list: '<listcomp>', set: '<setcomp>', dict: '<dictcomp>', generator: '<genexpr>' }
    const name = names[node.of]
    const code = new Code(name, this.#qualified(name), this.#code.source, node.line, false)
    const inner = new Compiler(code, this.#scope.children.get(node)!, 'module', this.#className)
    code.parameterCount = 1
    inner.asm.local('.0')
    inner.asm.at(node)
    code.isGenerator = node.of === 'generator'
    if (node.of !== 'generator')
      inner.asm.emit(node.of === 'list' ? 'BUILD_LIST' : node.of === 'set' ? 'BUILD_SET' : 'BUILD_MAP', 0)
    inner.#clause(node, node.clauses, 0)
    if (node.of === 'generator') inner.asm.push(null)
    inner.asm.emit('RETURN')
    this.#makeFunction(code, 0)
    this.expr(node.clauses[0]!.iter)
    asm.at(node.clauses[0]!.iter)
    asm.emit('GET_ITER')
    asm.at(node)
    asm.emit('CALL', 1)
  }

  #clause(node: Extract<Expr, { kind: 'Comp' }>, clauses: readonly Clause[], depth: number): void {
    const { asm } = this
    const clause = clauses[depth]
    if (!clause) {
      this.expr(node.element)
      if (node.value) this.expr(node.value)
      if (node.of === 'generator') {
        asm.emit('YIELD')
        asm.emit('POP')
      } else
        asm.emit(node.of === 'list' ? 'LIST_APPEND' : node.of === 'set' ? 'SET_ADD' : 'MAP_ADD', clauses.length + 1)
      return
    }
    const [start, end] = [asm.label(), asm.label()]
    if (depth === 0) asm.emit('LOAD_FAST', 0)
    else {
      this.expr(clause.iter)
      asm.at(clause.iter)
      asm.emit('GET_ITER')
    }
    asm.mark(start)
    asm.jump('FOR_ITER', end)
    this.assign(clause.target)
    for (const test of clause.ifs) this.condition(test, start, false)
    this.#clause(node, clauses, depth + 1)
    asm.jump('JUMP', start)
    asm.mark(end)
  }

  /** Emits an instruction for others that compile a part. */
  emit(operation: Operation, operand = 0): void {
    this.asm.emit(operation, operand)
  }
  statements(body: readonly Stmt[]): void {
    this.#statements(body)
  }
}

export type { Compiler }

function constantValue(node: Extract<Expr, { kind: 'Constant' }>): Value {
  if (node.type === 'float') return new PyFloat(node.value as number)
  if (node.type === 'ellipsis') return Ellipsis
  if (node.type === 'bytes') return new PyBytes(Uint8Array.from(node.value as string, (c) => c.charCodeAt(0)))
  return node.value as Value
}
