import { DOCKER_FUNCTIONS } from '../../go-template/functions.ts'
import { Template, TemplateExecutionError, TemplateSyntaxError } from '../../go-template/template.ts'
import { GoStruct } from '../../go-template/value.ts'
import { CommandError } from '../cli/session.ts'
import { alignTable } from './table.ts'

/** One row: what each field of a template gives. */
export type Row = Readonly<Record<string, unknown>>

export interface ListFormat {
  /** Name of the Go type, for errors: `formatter.containerContext`. */
  type: string
  /** Column titles by field. */
  headers: Readonly<Record<string, string>>
  /** The default table's template, without `table `. */
  table: string
  /** What `--quiet` prints. */
  quiet?: string
}

/** Rows as `--format` asks for; `table` when it does not ask. */
export function formatList(rows: readonly Row[], list: ListFormat, format?: string, quiet = false): string {
  let template = format === undefined || format === '' || format === 'table' ? `table ${list.table}` : format
  if (quiet && list.quiet && (format === undefined || format === 'table')) template = list.quiet
  if (template === 'json') template = '{{json .}}'
  const isTable = template.startsWith('table')
  const body = expandEscapes(isTable ? template.replace(/^table\s*/, '') : template)
  const parsed = parse(body)
  const lines =
    body === '{{json .}}' ? rows.map(asJson) : rows.map((row) => run(parsed, new GoStruct(`*${list.type}`, row)))
  if (!isTable) return lines.map((line) => `${line}\n`).join('')
  const header = run(parse(body, HEADER_FUNCTIONS), list.headers)
  return alignTable([header, ...lines])
}

/** A row as an object: its methods with an argument are left out, and what HTML knows is escaped. */
function asJson(row: Row): string {
  const fields = Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => typeof value !== 'function')
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
  return JSON.stringify(fields).replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)
}

function parse(text: string, functions: typeof DOCKER_FUNCTIONS = DOCKER_FUNCTIONS): Template {
  try {
    return new Template(text, { functions })
  } catch (error) {
    if (error instanceof TemplateSyntaxError) throw new CommandError(`failed to parse template: ${error.message}`)
    throw error
  }
}

function run(template: Template, data: unknown): string {
  try {
    return template.execute(data)
  } catch (error) {
    if (error instanceof TemplateExecutionError) throw new CommandError(`failed to execute template: ${error.message}`)
    throw error
  }
}

/** `\t` and `\n` typed in a shell word. */
export function expandEscapes(template: string): string {
  return template.replace(/\\t/g, '\t').replace(/\\n/g, '\n')
}

/** Column titles go through the functions untouched, but for those that shape text. */
const HEADER_FUNCTIONS: typeof DOCKER_FUNCTIONS = {
  ...DOCKER_FUNCTIONS,
  json: (value) => value,
  title: (value) => value,
  lower: (value) => value,
  upper: (value) => value,
  truncate: (value) => value,
  split: (value) => value,
  join: (value) => value,
}
