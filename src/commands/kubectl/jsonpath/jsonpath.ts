import { compactJson, indentedJson } from '../json/json.ts'
import { Evaluation } from './evaluate.ts'
import { goFloat } from './go-value.ts'
import type { Node } from './node.ts'
import { JsonPathError, parseTemplate } from './parser.ts'

export { JsonPathError } from './parser.ts'

/** A compiled JSONPath template. The constructor throws JsonPathError. */
export class JsonPath {
  readonly #nodes: Node[]
  readonly #allowMissing: boolean

  constructor(template: string, options: { allowMissingKeys?: boolean } = {}) {
    this.#nodes = parseTemplate(template)
    this.#allowMissing = options.allowMissingKeys ?? true
  }

  /** Values of all nodes, flattened. */
  find(data: unknown): unknown[] {
    return this.findGroups(data).flat()
  }

  findGroups(data: unknown): unknown[][] {
    return new Evaluation(this.#allowMissing).find(this.#nodes, data)
  }

  text(data: unknown): string {
    return this.findGroups(data)
      .map((group) => group.map(printed).join(' '))
      .join('')
  }

  /** `-o jsonpath-as-json` */
  json(data: unknown): string {
    return this.findGroups(data)
      .map((group) => `${indentedJson(group)}\n`)
      .join('')
  }
}

/** A text is itself, a number as Go prints a float, what has parts as JSON. */
function printed(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'object') return compactJson(value)
  if (typeof value === 'number') return goFloat(value)
  return String(value)
}

/** `metadata.name`, `.metadata.name` and `{.metadata.name}` mean the same. */
export function relaxedExpression(text: string): string {
  if (text === '') return text
  const match = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(text)
  if (!match)
    throw new JsonPathError(
      `unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'`,
    )
  return `{.${match[1] ?? match[2]}}`
}
