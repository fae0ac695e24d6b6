import type { InfoOptions } from '../../builder/infos.ts'
import { resourcePath } from '../../discovery/resource.ts'
import { CliError, StatusError } from '../../errors/errors.ts'
import type { ObjectPrinter } from '../../printers/object-printer.ts'
import { printerFor, TABLE_FORMATS } from '../../printers/print-flags.ts'
import type { Table, TablePrinter } from '../../printers/table.ts'
import type { Session } from '../../session.ts'
import { tablePrinter } from './human.ts'
import { asTable, namedTargets, TABLE_ACCEPT } from './tables.ts'

/** `get -w`: what is there, then every change until the stream ends. */
export async function watch(session: Session, options: InfoOptions): Promise<void> {
  const { flags } = session
  const { targets, errors } = await namedTargets(session, options)
  if (errors.length > 0) throw errors[0]!
  const [target] = targets
  if (!target || targets.length > 1) throw new CliError('you may only specify a single resource type')
  const human = flags.string('output') === '' || flags.string('output') === 'wide'
  const accept = human ? TABLE_ACCEPT : 'application/json'
  const path = resourcePath(target.resource, target.namespace)
  const fieldSelector = target.name !== undefined ? `metadata.name=${target.name}` : options.fieldSelector
  const query = [
    ['fieldSelector', fieldSelector],
    ['labelSelector', options.selector],
  ] as const
  const output = new WatchOutput(
    session,
    human ? tablePrinter(session, target.resource, false) : printerFor(session, { also: TABLE_FORMATS }),
  )
  const first: any =
    target.name !== undefined
      ? await session.client.json({ path: resourcePath(target.resource, target.namespace, target.name), accept })
      : await session.client.json({ path, query: [...query, ['limit', flags.int('chunk-size') || undefined]], accept })
  if (!flags.bool('watch-only')) await output.initial(first)
  const resourceVersion = first.metadata?.resourceVersion || rowVersion(first)
  const stream = await session.client.stream({
    path,
    query: [...query, ['resourceVersion', resourceVersion], ['watch', 'true']],
    accept,
  })
  for await (const event of stream) {
    const { type, object } = event as { type: string; object: any }
    if (type === 'BOOKMARK') continue
    if (type === 'ERROR') throw new StatusError(object)
    await output.event(type, object)
  }
}

/** A single object as a Table has its version in its row. */
const rowVersion = (table: Table) => table.rows?.[0]?.object?.metadata?.resourceVersion

class WatchOutput {
  readonly #session: Session
  readonly #printer: TablePrinter | ObjectPrinter
  readonly #events: boolean

  constructor(session: Session, printer: TablePrinter | ObjectPrinter) {
    this.#session = session
    this.#printer = printer
    this.#events = session.flags.bool('output-watch-events')
  }

  async initial(answer: any): Promise<void> {
    if ('rows' in this.#printer) return this.event('ADDED', answer)
    const items: any[] = Array.isArray(answer.items) ? answer.items : [answer]
    const kind = String(answer.kind).replace(/List$/, '')
    for (const item of items) await this.event('ADDED', { apiVersion: answer.apiVersion, kind, ...item })
  }

  async event(type: string, object: any): Promise<void> {
    const text =
      'rows' in this.#printer
        ? this.#printer.print(asTable(object), this.#events ? type : undefined)
        : this.#printer.print(this.#events ? { type, object } : object)
    if (text) await this.#session.print(text)
  }
}
