import type { Node } from './node.ts'
import { JsonPathError } from './parser.ts'

/** Finds what a parsed template points at: one list of values for each of its top-level nodes. */
export class Evaluation {
  readonly #allowMissing: boolean

  constructor(allowMissing: boolean) {
    this.#allowMissing = allowMissing
  }

  find(nodes: readonly Node[], data: unknown): unknown[][] {
    return this.#sequence(nodes, 0, data, false).results
  }

  /** Walks until the end of the block; `next` is the place after its `{end}`. */
  #sequence(
    nodes: readonly Node[],
    from: number,
    data: unknown,
    inRange: boolean,
  ): { results: unknown[][]; next: number } {
    const results: unknown[][] = []
    for (let i = from; i < nodes.length; i++) {
      const node = nodes[i]!
      const word = keyword(node)
      if (word === 'end') {
        if (!inRange) throw new JsonPathError('not in range, nothing to end')
        return { results, next: i + 1 }
      }
      if (word === 'range') {
        const body = (node as { nodes: Node[] }).nodes.slice(1)
        const items = this.#walkAll([data], body)
        let next = nodes.length
        for (const item of items) {
          const inner = this.#sequence(nodes, i + 1, item, true)
          results.push(...inner.results)
          next = inner.next
        }
        if (items.length === 0) next = afterEnd(nodes, i + 1)
        i = next - 1
        continue
      }
      results.push(this.walk([data], node))
    }
    return { results, next: nodes.length }
  }

  #walkAll(values: unknown[], nodes: readonly Node[]): unknown[] {
    let current = values
    for (const node of nodes) current = this.walk(current, node)
    return current
  }

  walk(values: unknown[], node: Node): unknown[] {
    switch (node.type) {
      case 'list':
        return this.#walkAll(values, node.nodes)
      case 'text':
        return [node.text]
      case 'number':
      case 'bool':
        return [node.value]
      case 'field':
        return this.#field(values, node.name)
      case 'array':
        return this.#array(values, node)
      case 'wildcard':
        return values.flatMap(children)
      case 'recursive':
        return values.flatMap((value) => recursive(value))
      case 'union':
        return node.members.flatMap((member) => this.#walkAll(values, member))
      case 'filter':
        return this.#filter(values, node)
      case 'identifier':
        throw new JsonPathError(`unrecognized identifier ${node.name}`)
    }
  }

  #field(values: unknown[], name: string): unknown[] {
    const found: unknown[] = []
    for (const value of values) {
      if (isMap(value) && Object.hasOwn(value, name)) found.push(value[name])
    }
    if (values.length === 0 || found.length > 0 || this.#allowMissing) return found
    throw new JsonPathError(`${name} is not found`)
  }

  #array(values: unknown[], node: Extract<Node, { type: 'array' }>): unknown[] {
    const found: unknown[] = []
    for (const value of values) {
      if (!Array.isArray(value)) {
        if (value === null || value === undefined) continue
        throw new JsonPathError(`${goJson(value)} is not array or slice`)
      }
      found.push(...slice(value, node))
    }
    return found
  }

  #filter(values: unknown[], node: Extract<Node, { type: 'filter' }>): unknown[] {
    const found: unknown[] = []
    for (const value of values) {
      if (!Array.isArray(value) && !isMap(value))
        throw new JsonPathError(`${goJson(value)} is not array or slice and cannot be filtered`)
      for (const item of children(value)) if (this.#passes(item, node)) found.push(item)
    }
    return found
  }

  #passes(item: unknown, node: Extract<Node, { type: 'filter' }>): boolean {
    const missing = new Evaluation(true)
    const left = missing.#walkAll([item], node.left)
    if (node.operator === 'exists') return left.length > 0
    if (left.length === 0) return false
    if (left.length > 1) throw new JsonPathError(`can only compare one element at a time`)
    const right = missing.#walkAll([item], node.right)
    if (right.length === 0) return false
    if (right.length > 1) throw new JsonPathError(`can only compare one element at a time`)
    return compare(left[0], right[0], node.operator)
  }
}

function keyword(node: Node): string | undefined {
  const first = node.type === 'list' ? node.nodes[0] : undefined
  return first?.type === 'identifier' ? first.name : undefined
}

function afterEnd(nodes: readonly Node[], from: number): number {
  let depth = 0
  for (let i = from; i < nodes.length; i++) {
    const word = keyword(nodes[i]!)
    if (word === 'range') depth++
    if (word === 'end' && depth-- === 0) return i + 1
  }
  return nodes.length
}

function slice(list: unknown[], node: Extract<Node, { type: 'array' }>): unknown[] {
  let start = node.start.known ? node.start.value : 0
  if (start < 0) start += list.length
  let end = node.end.known ? node.end.value : list.length
  // `[-1]` ends one after the last, not at 0.
  if (end < 0 || (end === 0 && node.end.derived)) end += list.length
  if (node.end.derived && (start >= list.length || start < 0)) {
    throw new JsonPathError(`array index out of bounds: index ${start}, length ${list.length}`)
  }
  if (end > list.length) end = list.length
  if (start > end) throw new JsonPathError(`starting index ${start} is greater than ending index ${end}`)
  if (start < 0) start = 0
  const step = node.step.known ? node.step.value : 1
  if (step <= 0) throw new JsonPathError(`step must be > 0`)
  const found: unknown[] = []
  for (let i = start; i < end; i += step) found.push(list[i])
  return found
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value
  if (!isMap(value)) return []
  return Object.keys(value)
    .sort()
    .map((key) => value[key])
}

function recursive(value: unknown): unknown[] {
  const inner = typeof value === 'object' && value !== null ? children(value) : []
  return typeof value === 'object' && value !== null ? [value, ...inner.flatMap(recursive)] : []
}

function compare(left: unknown, right: unknown, operator: string): boolean {
  if (typeof left !== typeof right && !(typeof left === 'number' && typeof right === 'number')) {
    if (operator === '==') return false
    if (operator === '!=') return true
    throw new JsonPathError('incompatible types for comparison')
  }
  const a = left as number
  const b = right as number
  switch (operator) {
    case '==':
      return a === b
    case '!=':
      return a !== b
    case '<':
      return a < b
    case '>':
      return a > b
    case '<=':
      return a <= b
    case '>=':
      return a >= b
    default:
      throw new JsonPathError(`unrecognized filter operator ${operator}`)
  }
}

const goJson = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
