import type { Clause, Expr, Params, Pattern, Stmt } from '../syntax/ast.ts'
import { SourceError, type Span } from '../syntax/syntax-error.ts'

type Kind = 'module' | 'class' | 'function'

/** What a body's names are: its own, an outer function's, the module's. */
export class Scope {
  readonly kind: Kind
  readonly parent: Scope | undefined
  readonly bound = new Set<string>()
  readonly used = new Set<string>()
  readonly globals = new Set<string>()
  readonly nonlocals = new Set<string>()
  readonly parameters: string[] = []
  readonly children = new Map<object, Scope>()
  readonly cells = new Set<string>()
  readonly frees = new Set<string>()
  isGenerator = false

  constructor(kind: Kind, parent: Scope | undefined) {
    this.kind = kind
    this.parent = parent
  }

  /** Where a name of this scope lives. */
  where(name: string): 'local' | 'cell' | 'free' | 'global' | 'name' {
    if (this.globals.has(name)) return 'global'
    if (this.frees.has(name)) return 'free'
    if (this.kind === 'module') return 'global'
    if (this.cells.has(name)) return 'cell'
    if (this.bound.has(name)) return this.kind === 'class' ? 'name' : 'local'
    return this.kind === 'class' ? 'name' : 'global'
  }
}

/** Finds the scopes of a module and resolves their names. */
export function moduleScope(body: readonly Stmt[]): Scope {
  const scope = new Scope('module', undefined)
  new Collector(scope).statements(body)
  resolve(scope)
  return scope
}

function resolve(scope: Scope): void {
  for (const child of scope.children.values()) resolve(child)
  // From the inside out: a child's free names become ours or pass through.
  for (const child of scope.children.values()) {
    const wanted = new Set([...child.used, ...child.nonlocals].filter((name) => needsOuter(child, name)))
    for (const name of [...wanted, ...child.frees]) {
      const owner = ownerOf(scope, name)
      if (!owner) continue
      child.frees.add(name)
      if (owner === scope) scope.cells.add(name)
      else if (scope.kind !== 'module') scope.frees.add(name)
    }
  }
}

const needsOuter = (scope: Scope, name: string): boolean =>
  scope.nonlocals.has(name) || (!scope.bound.has(name) && !scope.globals.has(name))

/** The function scope at or above this one that binds a name. */
function ownerOf(scope: Scope, name: string): Scope | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    if (at.kind === 'module') return undefined
    if (at.kind === 'class') {
      if (name === '__class__') return at
      continue
    }
    if (at.globals.has(name)) return undefined
    if (at.bound.has(name) && !at.nonlocals.has(name)) return at
  }
  return undefined
}

class Collector {
  readonly #scope: Scope

  constructor(scope: Scope) {
    this.#scope = scope
  }

  statements(body: readonly Stmt[]): void {
    for (const statement of body) this.#statement(statement)
  }

  #bind(name: string): void {
    this.#scope.bound.add(name)
  }

  #declare(set: 'globals' | 'nonlocals', name: string, span: Span): void {
    const scope = this.#scope
    const word = set === 'globals' ? 'global' : 'nonlocal'
    if (scope.parameters.includes(name)) throw new SourceError(`name '${name}' is parameter and ${word}`, span)
    if (scope.bound.has(name) && scope.kind === 'function' && !scope.nonlocals.has(name))
      throw new SourceError(`name '${name}' is assigned to before ${word} declaration`, span)
    if (scope.used.has(name) && scope.kind === 'function')
      throw new SourceError(`name '${name}' is used prior to ${word} declaration`, span)
    if (set === 'nonlocals') {
      if (scope.kind === 'module') throw new SourceError('nonlocal declaration not allowed at module level', span)
      if (!scope.parent || !ownerOf(scope.parent, name))
        throw new SourceError(`no binding for nonlocal '${name}' found`, span)
    }
    scope[set].add(name)
  }

  #statement(node: Stmt): void {
    switch (node.kind) {
      case 'Expr':
        return this.#expr(node.value)
      case 'Assign':
        this.#expr(node.value)
        for (const target of node.targets) this.#expr(target, true)
        return
      case 'AugAssign':
        this.#expr(node.value)
        if (node.target.kind === 'Name') this.#scope.used.add(node.target.name)
        return this.#expr(node.target, true)
      case 'AnnAssign':
        if (node.value) this.#expr(node.value)
        return this.#expr(node.target, true)
      case 'Delete':
        for (const target of node.targets) this.#expr(target, true)
        return
      case 'Return':
        if (node.value) this.#expr(node.value)
        if (this.#scope.kind !== 'function') throw new SourceError("'return' outside function", node)
        return
      case 'Raise':
        if (node.exc) this.#expr(node.exc)
        if (node.cause) this.#expr(node.cause)
        return
      case 'Global':
      case 'Nonlocal':
        for (const name of node.names) this.#declare(node.kind === 'Global' ? 'globals' : 'nonlocals', name, node)
        return
      case 'Import':
        for (const { name, as } of node.names) this.#bind(as ?? name.split('.')[0]!)
        return
      case 'ImportFrom':
        for (const { name, as } of node.names) if (name !== '*') this.#bind(as ?? name)
        return
      case 'Assert':
        this.#expr(node.test)
        if (node.message) this.#expr(node.message)
        return
      case 'If':
      case 'While':
        this.#expr(node.test)
        this.statements(node.body)
        return this.statements(node.orelse)
      case 'For':
        this.#expr(node.iter)
        this.#expr(node.target, true)
        this.statements(node.body)
        return this.statements(node.orelse)
      case 'Try':
        this.statements(node.body)
        for (const { type, name, body } of node.handlers) {
          if (type) this.#expr(type)
          if (name !== undefined) this.#bind(name)
          this.statements(body)
        }
        this.statements(node.orelse)
        return this.statements(node.finalbody)
      case 'With':
        for (const { context, target } of node.items) {
          this.#expr(context)
          if (target) this.#expr(target, true)
        }
        return this.statements(node.body)
      case 'FunctionDef':
        for (const decorator of node.decorators) this.#expr(decorator)
        this.#bind(node.name)
        return this.#function(node, node.params, node.body)
      case 'ClassDef': {
        for (const each of [...node.decorators, ...node.bases]) this.#expr(each)
        for (const { value } of node.keywords) this.#expr(value)
        this.#bind(node.name)
        const scope = this.#child(node, 'class')
        new Collector(scope).statements(node.body)
        return
      }
      case 'Print2':
        for (const value of node.values) this.#expr(value)
        if (node.to) this.#expr(node.to)
        return
      case 'Match':
        this.#expr(node.subject)
        for (const { pattern, guard, body } of node.cases) {
          this.#pattern(pattern)
          if (guard) this.#expr(guard)
          this.statements(body)
        }
        return
    }
  }

  #pattern(pattern: Pattern): void {
    switch (pattern.kind) {
      case 'Value':
        return this.#expr(pattern.value)
      case 'Capture':
      case 'Star':
        if (pattern.name !== undefined) this.#bind(pattern.name)
        if (pattern.kind === 'Capture' && pattern.pattern) this.#pattern(pattern.pattern)
        return
      case 'Or':
      case 'Sequence':
        for (const each of pattern.patterns) this.#pattern(each)
        return
      case 'Mapping':
        for (const [key, each] of pattern.items) {
          this.#expr(key)
          this.#pattern(each)
        }
        if (pattern.rest) this.#bind(pattern.rest)
        return
      case 'Class':
        this.#expr(pattern.cls)
        for (const each of pattern.patterns) this.#pattern(each)
        for (const [, each] of pattern.keywords) this.#pattern(each)
    }
  }

  #child(node: object, kind: Kind): Scope {
    const scope = new Scope(kind, this.#scope)
    this.#scope.children.set(node, scope)
    return scope
  }

  #function(node: object, params: Params, body: readonly Stmt[] | Expr): void {
    for (const each of [...params.args, ...params.keywordOnly]) if (each.default) this.#expr(each.default)
    const scope = this.#child(node, 'function')
    for (const { name } of [...params.args, ...params.keywordOnly]) scope.parameters.push(name)
    if (params.vararg !== undefined) scope.parameters.push(params.vararg)
    if (params.kwarg !== undefined) scope.parameters.push(params.kwarg)
    for (const name of scope.parameters) scope.bound.add(name)
    const collector = new Collector(scope)
    if ('kind' in body) collector.#expr(body)
    else collector.statements(body)
  }

  #expr(node: Expr, store = false): void {
    switch (node.kind) {
      case 'Constant':
        return
      case 'Name':
        if (store) this.#bind(node.name)
        else {
          this.#scope.used.add(node.name)
          // super() without arguments finds its class in a cell.
          if (node.name === 'super' && this.#scope.kind === 'function') this.#scope.used.add('__class__')
        }
        return
      case 'JoinedStr':
        this.#formatted(node.parts)
        return
      case 'Attribute':
        return this.#expr(node.value)
      case 'Subscript':
        this.#expr(node.value)
        return this.#expr(node.index)
      case 'Slice':
        for (const each of [node.lower, node.upper, node.step]) if (each) this.#expr(each)
        return
      case 'Call':
        this.#expr(node.func)
        for (const each of node.args) this.#expr(each)
        for (const { value } of node.keywords) this.#expr(value)
        return
      case 'BinOp':
        this.#expr(node.left)
        return this.#expr(node.right)
      case 'UnaryOp':
        return this.#expr(node.operand)
      case 'BoolOp':
        for (const each of node.values) this.#expr(each)
        return
      case 'Compare':
        this.#expr(node.left)
        for (const each of node.comparators) this.#expr(each)
        return
      case 'IfExp':
        this.#expr(node.test)
        this.#expr(node.body)
        return this.#expr(node.orelse)
      case 'Lambda':
        return this.#function(node, node.params, node.body)
      case 'Tuple':
      case 'List':
      case 'Set':
        for (const each of node.items) this.#expr(each, store)
        return
      case 'Dict':
        for (const [key, value] of node.items) {
          if (key) this.#expr(key)
          this.#expr(value)
        }
        return
      case 'Starred':
        return this.#expr(node.value, store)
      case 'NamedExpr': {
        this.#expr(node.value)
        // In a comprehension, it belongs to the function around it.
        let scope = this.#scope
        while (scope.parameters[0] === '.0' && scope.parent) scope = scope.parent
        if (scope !== this.#scope) {
          if (scope.kind === 'module') this.#scope.globals.add(node.name)
          else for (let at = this.#scope; at !== scope; at = at.parent!) at.nonlocals.add(node.name)
        }
        scope.bound.add(node.name)
        return
      }
      case 'Yield':
      case 'YieldFrom':
        if (this.#scope.kind !== 'function') throw new SourceError("'yield' outside function", node)
        this.#scope.isGenerator = true
        if (node.value) this.#expr(node.value)
        return
      case 'Comp':
        return this.#comprehension(node, node.clauses, [node.element, node.value])
      case 'Await':
        return
    }
  }

  #formatted(parts: Extract<Expr, { kind: 'JoinedStr' }>['parts']): void {
    for (const part of parts)
      if (typeof part !== 'string') {
        this.#expr(part.value)
        if (part.spec) this.#formatted(part.spec)
      }
  }

  #comprehension(node: object, clauses: readonly Clause[], elements: readonly (Expr | undefined)[]): void {
    this.#expr(clauses[0]!.iter)
    const scope = this.#child(node, 'function')
    scope.parameters.push('.0')
    scope.bound.add('.0')
    const inner = new Collector(scope)
    clauses.forEach(({ target, iter, ifs }, i) => {
      if (i > 0) inner.#expr(iter)
      inner.#expr(target, true)
      for (const each of ifs) inner.#expr(each)
    })
    for (const each of elements) if (each) inner.#expr(each)
  }
}
