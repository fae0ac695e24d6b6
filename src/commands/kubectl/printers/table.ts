import { type ApiResource, kindPrefix } from '../discovery/resource.ts'
import { TABLE, TabWriter } from './tab-writer.ts'

export interface Table {
  kind: 'Table'
  columnDefinitions: { name: string; type?: string; format?: string; priority?: number }[]
  rows: { cells: unknown[]; object?: any }[]
  metadata?: { resourceVersion?: string; continue?: string }
}

export interface TableOptions {
  wide?: boolean
  noHeaders?: boolean
  withNamespace?: boolean
  /** Names become `deployment.apps/web`. */
  kind?: Pick<ApiResource, 'group' | 'kind'>
  showLabels?: boolean
  labelColumns?: readonly string[]
}

/** Prints Tables of one kind, one after the other, under one header and with columns that only widen. */
export class TablePrinter {
  readonly #options: TableOptions
  readonly #writer = new TabWriter(TABLE, true)
  #headerPrinted = false
  /** Columns of the first table: later ones of a watch come without. */
  #columns: Table['columnDefinitions'] | undefined

  constructor(options: TableOptions) {
    this.#options = options
  }

  /** `event` is put before each row (`--output-watch-events`). */
  print(table: Table, event?: string): string {
    return this.#writer.format(this.rows(table, event))
  }

  /** The text before it is laid out: cells separated by tabs. */
  rows(table: Table, event?: string): string {
    if (table.columnDefinitions?.length > 0) this.#columns = table.columnDefinitions
    const columns = this.#columns ?? []
    if (table.rows.length === 0) return ''
    const shown = columns
      .map((column, i) => ({ column, i }))
      .filter(({ column }) => this.#options.wide || !column.priority)
    let out = ''
    if (!this.#options.noHeaders && !this.#headerPrinted) {
      const names = shown.map(({ column }) => column.name.toUpperCase())
      out += `${[...this.#before(event && 'EVENT', 'NAMESPACE'), ...names, ...this.#labelHeaders()].join('\t')}\n`
    }
    this.#headerPrinted = true
    const nameAt = columns.findIndex((c) => c.format === 'name')
    for (const row of table.rows) {
      const cells = shown.map(({ i }) => {
        const text = cellText(row.cells[i])
        return i === Math.max(0, nameAt) && this.#options.kind ? `${kindPrefix(this.#options.kind)}/${text}` : text
      })
      const { namespace = '', labels = {} } = row.object?.metadata ?? {}
      out += `${[...this.#before(event, namespace), ...cells, ...this.#labels(labels)].join('\t')}\n`
    }
    return out
  }

  #before(event: string | undefined, namespace: string): string[] {
    return [...(event ? [event] : []), ...(this.#options.withNamespace ? [namespace] : [])]
  }

  #labelHeaders(): string[] {
    const { labelColumns = [], showLabels } = this.#options
    const names = labelColumns.map((label) => label.split('/').at(-1)!.toUpperCase())
    return showLabels ? [...names, 'LABELS'] : names
  }

  #labels(labels: Record<string, string>): string[] {
    const { labelColumns = [], showLabels } = this.#options
    const values = labelColumns.map((label) => labels[label] ?? '')
    return showLabels ? [...values, formatLabels(labels)] : values
  }
}

export function formatLabels(labels: Record<string, string> | undefined): string {
  const pairs = Object.keys(labels ?? {})
    .sort()
    .map((key) => `${key}=${labels![key]}`)
  return pairs.length > 0 ? pairs.join(',') : '<none>'
}

/** The first line only; control characters made visible. */
function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return ''
  const text = typeof cell === 'string' ? cell : String(cell)
  const end = text.search(/[\f\n\r]/)
  const line = end >= 0 ? `${text.slice(0, end)}...` : text
  return line.replaceAll('\x1b', '^[')
}
