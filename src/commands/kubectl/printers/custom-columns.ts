import { CliError } from '../errors/errors.ts'
import { goPrint } from '../jsonpath/go-value.ts'
import { JsonPath, JsonPathError, relaxedExpression } from '../jsonpath/jsonpath.ts'
import type { ObjectPrinter } from './object-printer.ts'
import { TABLE, TabWriter } from './tab-writer.ts'

export interface Column {
  header: string
  path: JsonPath
}

/** `NAME:.metadata.name,IMAGE:.spec.containers[*].image` */
export function columnsOf(spec: string): Column[] {
  return splitColumns(spec).map((part) => {
    const colon = part.indexOf(':')
    if (colon < 0) throw new CliError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`)
    return column(part.slice(0, colon), part.slice(colon + 1))
  })
}

/** Commas inside brackets belong to the expression. */
function splitColumns(spec: string): string[] {
  return spec.split(',')
}

/** Two lines: headers, and below each its expression. */
export function columnsOfFile(text: string): Column[] {
  const [headers = '', paths = ''] = text.split('\n')
  const names = headers.trim().split(/\s+/)
  const specs = paths.trim().split(/\s+/)
  if (names.length !== specs.length) {
    throw new CliError(`number of headers (${names.length}) and field specifications (${specs.length}) don't match`)
  }
  return names.map((name, i) => column(name, specs[i]!))
}

function column(header: string, expression: string): Column {
  try {
    return { header, path: new JsonPath(relaxedExpression(expression)) }
  } catch (error) {
    if (error instanceof JsonPathError) throw new CliError(error.message)
    throw error
  }
}

export class CustomColumnsPrinter implements ObjectPrinter {
  readonly #columns: readonly Column[]
  readonly #noHeaders: boolean
  readonly #writer = new TabWriter(TABLE, true)
  #headerPrinted = false

  constructor(columns: readonly Column[], noHeaders: boolean) {
    this.#columns = columns
    this.#noHeaders = noHeaders
  }

  print(object: any): string {
    const objects: any[] = Array.isArray(object?.items) ? object.items : [object]
    const lines: string[] = []
    if (!this.#noHeaders && !this.#headerPrinted) lines.push(this.#columns.map((c) => c.header).join('\t'))
    this.#headerPrinted = true
    for (const item of objects) lines.push(this.#columns.map((c) => cell(c.path, item)).join('\t'))
    return this.#writer.format(lines.map((line) => `${line}\n`).join(''))
  }
}

function cell(path: JsonPath, object: unknown): string {
  const values = path.find(object)
  if (values.length === 0) return '<none>'
  return values.map((value) => (value === null ? '<none>' : goPrint(value))).join(',')
}
