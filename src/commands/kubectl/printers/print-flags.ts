import { CliError } from '../errors/errors.ts'
import { goFileError } from '../errors/report.ts'
import { bool, type FlagSpec, string } from '../flags/flag.ts'
import type { Session } from '../session.ts'
import { CustomColumnsPrinter, columnsOf, columnsOfFile } from './custom-columns.ts'
import { GoTemplatePrinter } from './go-template.ts'
import { JsonPathPrinter } from './jsonpath.ts'
import { NamePrinter } from './name.ts'
import type { ObjectPrinter } from './object-printer.ts'
import { JsonPrinter, KyamlPrinter, YamlPrinter } from './structured.ts'

const TEMPLATES = [
  'go-template',
  'go-template-file',
  'jsonpath',
  'jsonpath-as-json',
  'jsonpath-file',
  'template',
  'templatefile',
]
const COMMON = ['json', 'kyaml', 'name', 'yaml', ...TEMPLATES]

const words = (formats: readonly string[]) => `Output format. One of: (${[...formats].sort().join(', ')}).`

/** `-o` and what goes with it, for commands that print what they have done. */
export const printFlags = (): FlagSpec[] => [
  string('output', words(COMMON), { shorthand: 'o' }),
  string(
    'template',
    'Template string or path to template file to use when -o=go-template, -o=go-template-file. The template format is golang templates [http://golang.org/pkg/text/template/#pkg-overview].',
  ),
  bool(
    'allow-missing-template-keys',
    'If true, ignore any errors in templates when a field or map key is missing in the template. Only applies to golang and jsonpath output formats.',
    { default: 'true' },
  ),
  bool('show-managed-fields', 'If true, keep the managedFields when printing objects in JSON or YAML format.'),
]

export const TABLE_FORMATS = ['wide', 'custom-columns', 'custom-columns-file']

export interface PrinterOptions {
  /** `created`; for the default output, `deployment.apps/web created`. */
  operation?: string
  /** Formats besides the common ones. */
  also?: readonly string[]
  /** Used when `-o` is not given: another format. */
  fallback?: string
  /** Objects are in the server's struct order and stay in it for JSON. */
  typed?: boolean
  only?: readonly string[]
}

/** The printer that `-o` asks for; without it, the name and what was done. */
export function printerFor(session: Session, options: PrinterOptions = {}): ObjectPrinter {
  const output = session.flags.string('output') || impliedTemplate(session) || options.fallback || ''
  if (output === '') return new NamePrinter(options.operation ?? '')
  const printer = formatPrinter(session, output, options)
  if (printer) return printer
  const formats = [...(options.only ?? [...COMMON, ...(options.also ?? [])])].sort().join(',')
  throw new CliError(
    `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: ${formats}`,
  )
}

const impliedTemplate = (session: Session) =>
  session.flags.has('template') && session.flags.string('template') ? 'go-template' : ''

/** Undefined for a format that is no object format. */
export function formatPrinter(
  session: Session,
  output: string,
  options: PrinterOptions = {},
): ObjectPrinter | undefined {
  const managed = session.flags.has('show-managed-fields') && session.flags.bool('show-managed-fields')
  if (options.only && !options.only.includes(output.split('=')[0]!)) return undefined
  switch (output) {
    case 'json':
      return new JsonPrinter(managed, options.typed ?? false)
    case 'yaml':
      return new YamlPrinter(managed)
    case 'kyaml':
      return new KyamlPrinter(managed)
    case 'name':
      return new NamePrinter(options.operation ?? '', true)
    default:
      return templatePrinter(session, output, options)
  }
}

function templatePrinter(session: Session, output: string, options: PrinterOptions): ObjectPrinter | undefined {
  const eq = output.indexOf('=')
  const format = eq < 0 ? output : output.slice(0, eq)
  const known = TEMPLATES.includes(format) || (options.also?.includes(format) && format.startsWith('custom-columns'))
  if (!known) return undefined
  const inline = eq < 0 ? '' : output.slice(eq + 1)
  const text = inline || (session.flags.has('template') ? session.flags.string('template') : '')
  if (format.startsWith('custom-columns')) return customColumns(session, format, inline)
  if (!text) throw new CliError('template format specified but no template given')
  const allowMissing = session.flags.has('allow-missing-template-keys')
    ? session.flags.bool('allow-missing-template-keys')
    : true
  const source = format.endsWith('file') ? templateFile(session, text) : text
  return format.startsWith('jsonpath')
    ? new JsonPathPrinter(source, { allowMissingKeys: allowMissing, asJson: format === 'jsonpath-as-json' })
    : new GoTemplatePrinter(source, allowMissing)
}

function templateFile(session: Session, path: string): string {
  try {
    return session.process.files.readText(path)
  } catch (error) {
    throw new CliError(`error reading --template ${path}, ${goFileError('open', path, error)}`)
  }
}

function customColumns(session: Session, format: string, text: string): ObjectPrinter {
  const noHeaders = session.flags.has('no-headers') && session.flags.bool('no-headers')
  if (!text) throw new CliError('custom-columns format specified but no custom columns given')
  if (format === 'custom-columns') return new CustomColumnsPrinter(columnsOf(text), noHeaders)
  try {
    return new CustomColumnsPrinter(columnsOfFile(session.process.files.readText(text)), noHeaders)
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError(`error reading template ${text}, ${goFileError('open', text, error)}`)
  }
}
