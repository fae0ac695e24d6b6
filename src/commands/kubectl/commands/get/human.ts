import type { InfoOptions } from '../../builder/infos.ts'
import type { ApiResource } from '../../discovery/resource.ts'
import { CliError, throwAll } from '../../errors/errors.ts'
import { TABLE, TabWriter } from '../../printers/tab-writer.ts'
import { type Table, TablePrinter } from '../../printers/table.ts'
import type { Session } from '../../session.ts'
import { sortObjects } from './sort.ts'
import { fetchTables, namedTargets, type TargetTable } from './tables.ts'

/** The default output: one table a kind, blank lines between. */
export async function printTables(session: Session, options: InfoOptions): Promise<void> {
  const { flags } = session
  const sortBy = flags.string('sort-by')
  const { targets, errors } = await namedTargets(session, options)
  const found = await fetchTables(session, targets, options, sortBy ? 'Object' : undefined)
  const allErrors = [...errors, ...found.errors]
  const tables = sortBy ? sorted(found.tables, sortBy) : found.tables
  const text = layOut(session, tables)
  if (text) await session.print(text)
  else if (!options.ignoreNotFound && allErrors.length === 0)
    await session.printError(nothingFound(session, targets, options))
  throwAll(allErrors)
}

function nothingFound(session: Session, targets: readonly { resource: ApiResource }[], options: InfoOptions): string {
  const namespaced = !options.allNamespaces && targets.every((target) => target.resource.namespaced)
  return namespaced ? `No resources found in ${session.namespace} namespace.\n` : 'No resources found\n'
}

export function tablePrinter(session: Session, resource: ApiResource, withKind: boolean): TablePrinter {
  const { flags } = session
  return new TablePrinter({
    wide: flags.string('output') === 'wide',
    noHeaders: flags.bool('no-headers'),
    withNamespace: flags.bool('all-namespaces') && resource.namespaced,
    kind: withKind || flags.bool('show-kind') ? resource : undefined,
    showLabels: flags.bool('show-labels'),
    labelColumns: flags.list('label-columns').map((label) => label.trim()),
  })
}

/** Neighbouring tables of one kind are one table. */
function layOut(session: Session, tables: readonly TargetTable[]): string {
  const key = ({ resource }: { resource: ApiResource }) => `${resource.resource}.${resource.group}`
  const withKind = new Set(tables.map(({ target }) => key(target))).size > 1
  const groups: string[] = []
  for (let i = 0; i < tables.length; ) {
    const { target } = tables[i]!
    // A namespaced and a cluster-wide kind together: only the first has a namespace column.
    const printer = tablePrinter(session, target.resource, withKind)
    let rows = ''
    while (i < tables.length && key(tables[i]!.target) === key(target)) rows += printer.rows(tables[i++]!.table)
    if (rows) groups.push(new TabWriter(TABLE).format(rows))
  }
  return groups.join('\n')
}

function sorted(tables: readonly TargetTable[], sortBy: string): TargetTable[] {
  if (new Set(tables.map(({ target }) => target.resource)).size > 1) {
    throw new CliError(`couldn't find any field with path ${JSON.stringify(relaxed(sortBy))} in the list of objects`)
  }
  const [first] = tables
  if (!first) return []
  const rows = tables.flatMap(({ table }) => table.rows)
  const table: Table = { ...first.table, rows: sortObjects(rows, sortBy, (row) => row.object, true) }
  return [{ ...first, table }]
}

const relaxed = (path: string) => `{.${path.replace(/^\{?\.?|\}$/g, '')}}`
