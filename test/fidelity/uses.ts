import { typeInfo } from '../../src/sim/kubernetes/api/schema.ts'
import { fieldsOf, innermost, typeOfResource } from './api-types.ts'
import { children, isNode, propertyName, type SourceFile, type SyntaxNode } from './syntax.ts'

/** Which fields a file reads or writes: `core.v1.PodSpec.nodeName`. */
export interface Uses {
  reads: Set<string>
  writes: Set<string>
}

/** Type codes an expression may have; none when nothing is known of it. */
type Types = readonly string[]
const UNKNOWN: Types = []
const SAME = new Set(['filter', 'slice', 'toSorted', 'sort', 'concat', 'reverse', 'toReversed'])
const ONE = new Set(['find', 'findLast', 'at', 'pop', 'shift'])
const EACH = new Set([...SAME, ...ONE, 'map', 'flatMap', 'forEach', 'some', 'every', 'findIndex'])

/**
 * Finds a file's uses of the given API types. The types of expressions are followed through names: annotations where
 * there are any, variables and callbacks, and else what a name means in the API (`container`, `spec.containers`).
 * Where a receiver stays unknown, only a field name that a single type has counts.
 */
export const usesOf = (file: SourceFile, vocabulary: Vocabulary, { results }: Signatures): Uses =>
  new Reader(vocabulary, results).read(file.program)

/** What the source's own declarations tell, by name. */
export interface Signatures {
  /** What functions return. */
  results: ReadonlyMap<string, Types>
  /** The members of interfaces. */
  shapes: ReadonlyMap<string, readonly string[]>
}

export function signatures(files: readonly SourceFile[], types: ReadonlySet<string>): Signatures {
  const shapes = new Map<string, readonly string[]>()
  const results = new Map<string, Types>()
  const each = (act: (node: SyntaxNode) => void) => {
    const visit = (node: SyntaxNode) => {
      act(node)
      for (const child of children(node)) visit(child)
    }
    for (const { program } of files) visit(program)
  }
  each((node) => {
    if (node.type === 'TSInterfaceDeclaration') shapes.set(node.id.name, memberNames(node.body.body))
  })
  const names = new Names(types, shapes)
  each((node) => {
    const returned = (node.type === 'VariableDeclarator' ? node.init : node)?.returnType
    if (!node.id?.name || !returned) return
    const codes = names.annotated(returned.typeAnnotation)
    if (codes.length > 0) results.set(node.id.name, union(results.get(node.id.name) ?? [], codes))
  })
  return { results, shapes }
}

/** What names mean among the API types that a file acts on. */
export class Vocabulary {
  readonly names: Names
  readonly types: ReadonlySet<string>
  readonly #hints = new Map<string, Set<string>>()
  /** The types that have a field. */
  readonly #owners = new Map<string, string[]>()

  constructor(types: ReadonlySet<string>, { shapes }: Pick<Signatures, 'shapes'>) {
    this.types = types
    this.names = new Names(types, shapes)
    const hint = (name: string, code: string) => this.#hints.set(name, (this.#hints.get(name) ?? new Set()).add(code))
    for (const type of types) {
      const short = type.slice(type.lastIndexOf('.') + 1)
      const word = short[0]!.toLowerCase() + short.slice(1)
      hint(word, type)
      hint(plural(word), `[${type}`)
      for (const { name, type: code } of fieldsOf(type)) {
        this.#owners.set(name, [...(this.#owners.get(name) ?? []), type])
        if (!typeInfo(innermost(code))) continue
        hint(name, code)
        if (code.startsWith('[') && name.endsWith('s')) hint(singular(name), code.slice(1))
      }
    }
  }

  hint(name: string): Types {
    return [...(this.#hints.get(name) ?? [])]
  }

  owners(field: string): readonly string[] {
    return this.#owners.get(field) ?? []
  }
}

class Reader {
  readonly #uses: Uses = { reads: new Set(), writes: new Set() }
  readonly #words: Vocabulary
  readonly #results: ReadonlyMap<string, Types>
  #scope = new Map<string, Types>()

  constructor(words: Vocabulary, results: ReadonlyMap<string, Types>) {
    this.#words = words
    this.#results = results
  }

  read(program: SyntaxNode): Uses {
    this.#visit(program)
    return this.#uses
  }

  #named(name: string): Types {
    return this.#scope.get(name) ?? this.#words.hint(name)
  }

  #use(into: Set<string>, receiver: Types, field: string): Types {
    const known = receiver.map(bare).filter((type) => typeInfo(type)?.fields.has(field))
    const owners = this.#words.owners(field)
    const types = known.length > 0 ? known : owners.length === 1 || receiver.length === 0 ? owners : []
    if (known.length > 0 || this.#mean(owners, field))
      for (const type of types) if (this.#words.types.has(type)) into.add(`${type}.${field}`)
    const codes = types.map((type) => typeInfo(type)!.fields.get(field)!.type)
    return codes.length > 0 ? [...new Set(codes)] : this.#words.hint(field)
  }

  /** Whether a field of an unknown receiver tells by its name alone what it is. */
  #mean(owners: readonly string[], field: string): boolean {
    const codes = new Set(owners.map((type) => typeInfo(type)!.fields.get(field)!.type))
    return owners.length === 1 || (codes.size === 1 && !codes.has('s'))
  }

  /** Records what an expression reads; its types. */
  #visit(node: SyntaxNode): Types {
    const rule = this.#rules[node.type]
    if (rule) return rule(node)
    for (const child of children(node)) this.#visit(child)
    return UNKNOWN
  }

  readonly #inner = (node: SyntaxNode): Types => this.#visit(node.expression ?? node.argument)

  readonly #function = (node: SyntaxNode): Types => this.#call(node, [])

  readonly #rules: Record<string, (node: SyntaxNode) => Types> = {
    Identifier: (node) => this.#named(node.name),
    ThisExpression: () => UNKNOWN,
    ChainExpression: this.#inner,
    ParenthesizedExpression: this.#inner,
    TSNonNullExpression: this.#inner,
    AwaitExpression: this.#inner,
    TSSatisfiesExpression: this.#inner,
    TSAsExpression: (node) => {
      const inner = this.#visit(node.expression)
      const said = this.#words.names.annotated(node.typeAnnotation)
      return said.length > 0 ? said : inner
    },
    MemberExpression: (node) => {
      const receiver = this.#visit(node.object)
      const name = propertyName(node)
      if (node.property.type === 'PrivateIdentifier') return this.#words.hint(node.property.name)
      if (name === undefined) {
        if (node.computed) this.#visit(node.property)
        return receiver.map(element)
      }
      return this.#use(this.#uses.reads, receiver, name)
    },
    CallExpression: (node) => {
      const { callee } = node
      const method = callee.type === 'MemberExpression' ? propertyName(callee) : undefined
      let receiver = UNKNOWN
      if (method !== undefined && (EACH.has(method) || method === 'values' || method === 'entries')) {
        const isObject = callee.object.type === 'Identifier' && callee.object.name === 'Object'
        receiver = this.#visit(isObject ? node.arguments[0] : callee.object)
        if (isObject) return receiver.map((code) => (code.startsWith('{') ? `[${code.slice(1)}` : code))
      } else this.#visit(callee)
      let result = UNKNOWN
      for (const argument of node.arguments as SyntaxNode[]) {
        if (isFunction(argument)) result = this.#call(argument, method && EACH.has(method) ? receiver.map(element) : [])
        else this.#visit(argument)
      }
      const resource = method && /^(get|list)$/.test(method) ? node.arguments[0]?.value : undefined
      const kind = typeof resource === 'string' ? typeOfResource(resource) : undefined
      if (kind) return [method === 'get' ? kind : `[${kind}`]
      if (method && SAME.has(method)) return receiver
      if (method && ONE.has(method)) return receiver.map(element)
      if (method === 'map') return result.map((code) => `[${code}`)
      if (method === 'flatMap') return result
      const called = callee.type === 'Identifier' ? callee.name : undefined
      return (called && this.#results.get(called)) || UNKNOWN
    },
    LogicalExpression: (node) => union(this.#visit(node.left), this.#visit(node.right)),
    ConditionalExpression: (node) => {
      this.#visit(node.test)
      return union(this.#visit(node.consequent), this.#visit(node.alternate))
    },
    AssignmentExpression: (node) => {
      const value = this.#visit(node.right)
      if (node.left.type !== 'MemberExpression') return value
      const receiver = this.#visit(node.left.object)
      const name = propertyName(node.left)
      if (name !== undefined) this.#use(this.#uses.writes, receiver, name)
      return value
    },
    ObjectExpression: (node) => {
      const spread = (node.properties as SyntaxNode[]).flatMap((each) =>
        each.type === 'SpreadElement' ? this.#visit(each.argument) : [],
      )
      for (const each of node.properties as SyntaxNode[]) {
        if (each.type !== 'Property') continue
        const name = propertyName(each)
        this.#visit(each.value)
        if (name === undefined) this.#visit(each.key)
        else this.#write(spread, name)
      }
      return spread
    },
    VariableDeclarator: (node) => {
      const value = node.init ? this.#visit(node.init) : UNKNOWN
      this.#bind(node.id, value)
      return UNKNOWN
    },
    ForOfStatement: (node) => {
      const over = this.#visit(node.right)
      this.#bind(node.left.declarations?.[0]?.id ?? node.left, over.map(element))
      return this.#visit(node.body)
    },
    FunctionDeclaration: this.#function,
    FunctionExpression: this.#function,
    ArrowFunctionExpression: this.#function,
  }

  /** A key of an object being made: by what was spread into it, else by every type that has the key. */
  #write(spread: Types, name: string): void {
    const known = spread.map(bare).filter((type) => typeInfo(type)?.fields.has(name))
    for (const type of known.length > 0 ? known : this.#words.owners(name))
      if (this.#words.types.has(type)) this.#uses.writes.add(`${type}.${name}`)
  }

  #call(node: SyntaxNode, first: Types): Types {
    const outer = this.#scope
    this.#scope = new Map(outer)
    for (const [i, parameter] of (node.params as SyntaxNode[]).entries()) this.#bind(parameter, i === 0 ? first : [])
    const result = node.body ? this.#visit(node.body) : UNKNOWN
    this.#scope = outer
    return result
  }

  #bind(pattern: SyntaxNode, value: Types): void {
    if (pattern.type === 'AssignmentPattern') {
      this.#visit(pattern.right)
      this.#bind(pattern.left, value)
    } else if (pattern.type === 'Identifier') {
      const said = this.#words.names.annotated(pattern.typeAnnotation?.typeAnnotation)
      const known = said.length > 0 ? said : value
      // A variable of which nothing is known means what its name means.
      this.#scope.set(pattern.name, known.length > 0 ? known : this.#words.hint(pattern.name))
    } else if (pattern.type === 'ObjectPattern') {
      const said = this.#words.names.annotated(pattern.typeAnnotation?.typeAnnotation)
      const from = said.length > 0 ? said : value
      for (const each of pattern.properties as SyntaxNode[]) {
        const name = each.type === 'Property' ? propertyName(each) : undefined
        if (name === undefined) continue
        const literal = member(pattern.typeAnnotation?.typeAnnotation, name)
        const field = this.#use(this.#uses.reads, from, name)
        const told = literal ? this.#words.names.annotated(literal) : UNKNOWN
        this.#bind(each.value, told.length > 0 ? told : field)
      }
    } else if (pattern.type === 'ArrayPattern')
      for (const each of pattern.elements as (SyntaxNode | null)[]) if (each) this.#bind(each, value.map(element))
  }
}

const bare = (code: string) => innermost(code)
const element = (code: string) => (/^[[{]/.test(code) ? code.slice(1) : code)
const union = (a: Types, b: Types): Types => [...new Set([...a, ...b])]
const isFunction = (node: SyntaxNode) => /^(Arrow)?Function(Expression)?/.test(node.type)
const plural = (word: string) => (word.endsWith('y') ? `${word.slice(0, -1)}ies` : `${word}s`)
const singular = (word: string) => (word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.replace(/s$/, ''))

/** What type annotations mean in the API. */
class Names {
  /** By the name TypeScript code gives them: `Container`. */
  readonly #short = new Map<string, Types>()
  readonly #found = new Map<string, Types>()
  readonly #types: ReadonlySet<string>
  readonly #shapes: ReadonlyMap<string, readonly string[]>

  constructor(types: ReadonlySet<string>, shapes: ReadonlyMap<string, readonly string[]>) {
    this.#types = types
    this.#shapes = shapes
    for (const type of types) {
      const short = type.slice(type.lastIndexOf('.') + 1)
      this.#short.set(short, [...(this.#short.get(short) ?? []), type])
    }
  }

  /** The API types an annotation names: `Container[] | undefined`; one that lists members, the types that have them. */
  annotated(node: SyntaxNode | undefined): Types {
    if (!isNode(node)) return UNKNOWN
    if (node.type === 'TSArrayType') return this.annotated(node.elementType).map((code) => `[${code}`)
    if (node.type === 'TSTypeOperator') return this.annotated(node.typeAnnotation)
    if (node.type === 'TSUnionType') return (node.types as SyntaxNode[]).flatMap((each) => this.annotated(each))
    if (node.type === 'TSTypeLiteral') return this.#shaped(memberNames(node.members))
    if (node.type !== 'TSTypeReference' || node.typeName.type !== 'Identifier') return UNKNOWN
    const { name } = node.typeName
    return this.#short.get(name) ?? this.#shaped(this.#shapes.get(name) ?? [])
  }

  #shaped(members: readonly string[]): Types {
    if (members.length < 2) return UNKNOWN
    const key = members.join()
    let found = this.#found.get(key)
    if (!found) {
      found = this.#find(members)
      this.#found.set(key, found)
    }
    return found
  }

  #find(members: readonly string[]): Types {
    return [...this.#types].filter((type) => members.every((name) => typeInfo(type)?.fields.has(name)))
  }
}

const memberNames = (members: readonly SyntaxNode[]): string[] =>
  members.flatMap(({ type, key }) => (type === 'TSPropertySignature' && key.type === 'Identifier' ? [key.name] : []))

const member = (node: SyntaxNode | undefined, name: string): SyntaxNode | undefined =>
  node?.type === 'TSTypeLiteral'
    ? (node.members as SyntaxNode[]).find((each) => each.key?.name === name)?.typeAnnotation?.typeAnnotation
    : undefined
