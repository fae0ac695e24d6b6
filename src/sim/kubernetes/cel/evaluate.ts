import { Environment } from '@marcbachmann/cel-js'
import { BoundedRegExp } from '../../linux/regexp/bounded-regexp.ts'
import { compareQuantities, parseQuantity, quantityValue } from '../api/quantity.ts'

/** Kubernetes' CEL: expressions of admission policies and of custom resources' rules. */

/** JSON as CEL sees it: whole numbers are ints. */
export function toCel(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(toCel)
  if (typeof value === 'object' && value !== null) {
    const out: Record<string, unknown> = {}
    for (const [key, member] of Object.entries(value)) if (member !== undefined) out[key] = toCel(member)
    return out
  }
  return value === undefined ? null : value
}

export function fromCel(value: unknown): any {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(fromCel)
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [String(k), fromCel(v)]))
  if (typeof value === 'object' && value !== null) {
    if ('valueOf' in value && typeof value.valueOf() !== 'object') return fromCel(value.valueOf())
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, fromCel(v)]))
  }
  return value
}

class Quantity {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

let base: Environment | undefined

/** Teaches an environment `quantity('200Mi')` and its comparisons. */
export function withQuantities(environment: Environment): Environment {
  return environment
    .registerType('Quantity', Quantity)
    .registerFunction('quantity(string): Quantity', (text: string) => {
      if (!parseQuantity(text)) throw new Error(`quantities must match the regular expression`)
      return new Quantity(text)
    })
    .registerFunction('isQuantity(string): bool', (text: string) => parseQuantity(text) !== undefined)
    .registerFunction(
      'Quantity.isGreaterThan(Quantity): bool',
      (a: Quantity, b: Quantity) => compareQuantities(a.text, b.text) > 0,
    )
    .registerFunction(
      'Quantity.isLessThan(Quantity): bool',
      (a: Quantity, b: Quantity) => compareQuantities(a.text, b.text) < 0,
    )
    .registerFunction('Quantity.compareTo(Quantity): int', (a: Quantity, b: Quantity) =>
      BigInt(compareQuantities(a.text, b.text)),
    )
    .registerFunction('Quantity.asInteger(): int', (a: Quantity) => BigInt(quantityValue(a.text)))
}

function environment(): Environment {
  base ??= withQuantities(
    new Environment({
      unlistedVariablesAreDyn: true,
      homogeneousAggregateLiterals: false,
      enableOptionalTypes: true,
    }),
  )
    .registerFunction('list.isSorted(): bool', (list: any[]) => list.every((item, i) => i === 0 || list[i - 1] <= item))
    .registerFunction('list.sum(): dyn', (list: any[]) =>
      list.reduce((a, b) => a + b, typeof list[0] === 'bigint' || list.length === 0 ? 0n : 0),
    )
    .registerFunction(
      'string.find(string): string',
      (text: string, pattern: string) => new BoundedRegExp(pattern).exec(text)?.[0] ?? '',
    )
    .registerFunction(
      'string.findAll(string): list',
      (text: string, pattern: string) => text.match(new BoundedRegExp(pattern, 'g')) ?? [],
    )
  return base
}

export class CelError extends Error {}

type Program = (context: Record<string, unknown>) => unknown
const programs = new Map<string, Program | CelError>()

/** Compiles once. Throws CelError for what is no expression. */
export function compileCel(expression: string): Program {
  let program = programs.get(expression)
  if (!program) {
    try {
      program = environment().parse(expression) as unknown as Program
    } catch (error) {
      program = new CelError(celSyntaxMessage(expression, error))
    }
    programs.set(expression, program)
  }
  if (program instanceof CelError) throw program
  return program
}

/** Evaluates with JSON variables; gives JSON. */
export function evaluateCel(expression: string, variables: Record<string, unknown>): any {
  const context: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(variables))
    context[name] = typeof value === 'function' ? value : toCel(value)
  try {
    return fromCel(compileCel(expression)(context))
  } catch (error) {
    if (error instanceof CelError) throw error
    throw new CelError(runtimeMessage(error))
  }
}

function runtimeMessage(error: unknown): string {
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  const missing = /No such key: (.*)/i.exec(message)
  return missing ? `no such key: ${missing[1]}` : message
}

const EXPECTED =
  "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}"

/** In the words of cel-go, with the place marked. */
function celSyntaxMessage(expression: string, error: unknown): string {
  const atEnd = /[-+*/%<>=!&|?:(,[{.]\s*$/.test(expression)
  const column = atEnd ? expression.length + 1 : positionOf(error) + 1
  const found = atEnd ? "'<EOF>'" : `'${expression[column - 1] ?? '<EOF>'}'`
  const problem = `Syntax error: mismatched input ${found} expecting ${EXPECTED}`
  return `ERROR: <input>:1:${column}: ${problem}\n | ${expression}\n | ${'.'.repeat(Math.max(0, column - 1))}^`
}

function positionOf(error: unknown): number {
  const node = (error as { node?: { pos?: number } }).node
  return node?.pos ?? 0
}
