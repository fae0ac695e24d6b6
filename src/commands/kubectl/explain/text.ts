import { element, resolve, type Schema, type Schemas, typeName } from './schema.ts'

const WIDTH = 76

/** Lines of at most `WIDTH` characters; words are not cut. */
export function wrap(text: string): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line))
    .join('\n')
}

function wrapLine(line: string): string {
  const out: string[] = []
  let current = ''
  for (const [, space, word] of line.matchAll(/(\s*)(\S+)/g)) {
    if (current !== '' && current.length + space!.length + word!.length > WIDTH) {
      out.push(current)
      current = word!
    } else current += space! + word!
  }
  out.push(current)
  return out.join('\n')
}

export function indent(text: string, by: number): string {
  const pad = ' '.repeat(by)
  return text
    .split('\n')
    .map((line) => pad + line)
    .join('\n')
}

export interface Explained {
  group: string
  version: string
  kind: string
  schema: Schema
  /** The field path after the kind. */
  path: readonly string[]
  schemas: Schemas
  recursive: boolean
}

export class FieldMissing extends Error {
  /** What had been printed before the field was missed. */
  readonly output: string
  constructor(field: string, output: string) {
    super(`field ${JSON.stringify(field)} does not exist`)
    this.output = output
  }
}

/** The whole text of `kubectl explain`. Throws FieldMissing. */
export function explainText(e: Explained): string {
  let out = `${e.group ? `GROUP:      ${e.group}\n` : ''}KIND:       ${e.kind}\nVERSION:    ${e.version}\n\n`
  let field: Schema = e.schema
  for (const name of e.path) {
    const parent = element(field, e.schemas)
    const next = parent.properties?.[name]
    if (!next) throw new FieldMissing(name, out)
    field = next
  }
  const type = element(field, e.schemas)
  if (e.path.length > 0) out += fieldHeader(e.path.at(-1)!, field, e.schemas)
  out += `DESCRIPTION:\n${description(field, type, e)}`
  if (type.properties) out += `FIELDS:\n${fields(type, e.schemas, e.recursive, 1, [])}`
  return `${out}\n`
}

function fieldHeader(name: string, field: Schema, schemas: Schemas): string {
  const values = resolve(field, schemas).enum
  const enumText = values ? `ENUM:\n${values.map((v) => `    ${v}\n`).join('')}\n` : '\n\n'
  return `FIELD: ${name} <${typeName(field, schemas)}>\n${enumText}`
}

/** What is said of the field, then what is said of its type. */
function description(field: Schema, type: Schema, e: Explained): string {
  const texts =
    e.path.length > 0 ? [field.description, type === field ? undefined : type.description] : [type.description]
  const shown = texts.filter((text): text is string => Boolean(text))
  if (shown.length === 0) return '    <empty>\n'
  return `${shown.map((text) => `${indent(wrap(text), 4)}\n`).join('')}    \n`
}

function fields(type: Schema, schemas: Schemas, recursive: boolean, depth: number, seen: readonly Schema[]): string {
  let out = ''
  const pad = '  '.repeat(depth)
  for (const name of Object.keys(type.properties ?? {}).sort()) {
    const field = type.properties![name]!
    const required = type.required?.includes(name) ? ' -required-' : ''
    out += `${pad}${name}\t<${typeName(field, schemas)}>${required}\n`
    const values = resolve(field, schemas).enum
    if (values) out += `${pad}enum: ${enumWords(values)}\n`
    if (!recursive) {
      out += `${indent(wrap(field.description || '<no description>'), 4)}\n\n`
      continue
    }
    const inner = element(field, schemas)
    if (inner.properties && !seen.includes(inner)) out += fields(inner, schemas, true, depth + 1, [...seen, inner])
  }
  return out
}

/** At most four, then `....`. */
function enumWords(values: readonly unknown[]): string {
  const shown = values.slice(0, 4).map(String).join(', ')
  return values.length > 4 ? `${shown}, ....` : shown
}
