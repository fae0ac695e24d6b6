import type { Problem } from './problem.ts'
import type { YamlSource } from './yaml-source.ts'

/** The part of JSON Schema that the course's own schemas use. */
export interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  pattern?: string
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  minItems?: number
  minLength?: number
  minimum?: number
  /** Only lists of `required`: exactly one of these fields must be there. */
  oneOf?: { required: string[] }[]
  description?: string
}

type Path = readonly (string | number)[]

/** Checks a file against a schema; problems carry the line and the way out. */
export function checkSchema(source: YamlSource, root: Schema): Problem[] {
  const problems: Problem[] = []
  const report = (path: Path, message: string, fix?: string) => {
    const at = path.length > 0 ? `${showPath(path)}: ` : ''
    problems.push({ file: source.file, line: source.line(path), message: at + message, fix })
  }

  const visit = (value: unknown, given: Schema, path: Path): void => {
    const schema = given.$ref ? (root.$defs?.[given.$ref.replace('#/$defs/', '')] ?? {}) : given
    const types = schema.type === undefined ? [] : [schema.type].flat()
    if (types.length > 0 && !types.some((type) => hasType(value, type))) {
      report(path, `must be ${types.map(article).join(' or ')}, is ${describe(value)}`, schema.description)
      return
    }
    if (schema.const !== undefined && value !== schema.const) report(path, `must be ${JSON.stringify(schema.const)}`)
    if (schema.enum && !schema.enum.includes(value)) {
      report(path, `${JSON.stringify(value)} is not one of ${schema.enum.join(', ')}`)
    }
    if (typeof value === 'string') {
      if (schema.pattern && !new RegExp(schema.pattern).test(value)) {
        report(path, `${JSON.stringify(value)} does not have the right form`, schema.description)
      }
      if (schema.minLength && value.trim().length < schema.minLength) report(path, 'must not be empty')
    }
    if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum) {
      report(path, `must be at least ${schema.minimum}`)
    }
    if (Array.isArray(value)) {
      if (schema.minItems && value.length < schema.minItems) {
        report(path, `needs at least ${schema.minItems}, has ${value.length}`, schema.description)
      }
      if (schema.items) for (const [i, item] of value.entries()) visit(item, schema.items, [...path, i])
      return
    }
    if (hasType(value, 'object')) visitObject(value as Record<string, unknown>, schema, path)
  }

  const visitObject = (value: Record<string, unknown>, schema: Schema, path: Path): void => {
    const known = Object.keys(schema.properties ?? {})
    for (const name of schema.required ?? []) {
      if (!(name in value)) report(path, `"${name}" is missing`, schema.properties?.[name]?.description)
    }
    if (schema.oneOf) {
      const choices = schema.oneOf.flatMap((choice) => choice.required)
      const present = choices.filter((name) => name in value)
      if (present.length !== 1) {
        const seen = present.length === 0 ? 'none' : present.join(' and ')
        report(path, `needs exactly one of ${choices.join(', ')}; has ${seen}`)
      }
    }
    for (const [name, item] of Object.entries(value)) {
      const property = schema.properties?.[name]
      if (property) visit(item, property, [...path, name])
      else if (schema.additionalProperties === false) {
        const near = nearest(name, known)
        report(
          [...path, name],
          `unknown field "${name}"`,
          near ? `did you mean "${near}"?` : `known: ${known.join(', ')}`,
        )
      } else if (typeof schema.additionalProperties === 'object') {
        visit(item, schema.additionalProperties, [...path, name])
      }
    }
  }

  problems.push(...source.problems)
  if (source.problems.length === 0) visit(source.value, root, [])
  return problems
}

function hasType(value: unknown, type: string): boolean {
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'null') return value === null
  return typeof value === type
}

const article = (type: string) => ({ object: 'a map', array: 'a list', string: 'a text' })[type] ?? `a ${type}`

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a map'
  return `${typeof value === 'string' ? 'the text' : `the ${typeof value}`} ${JSON.stringify(value)}`
}

function showPath(path: Path): string {
  return path.map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${part}`)).join('')
}

/** The known name that differs in at most two letters. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  let best: string | undefined
  let bestDistance = 3
  for (const candidate of known) {
    const distance = editDistance(name, candidate)
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    }
    row = next
  }
  return row[b.length]!
}
