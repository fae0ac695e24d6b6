import { allNamespacesFlag, chunkSizeFlag } from '../builder/flags.ts'
import type { Command } from '../command.ts'
import { interval, lastSeen } from '../describe/events.ts'
import { CliError } from '../errors/errors.ts'
import { bool, list, string } from '../flags/flag.ts'
import { printerFor, printFlags } from '../printers/print-flags.ts'
import { TABLE, TabWriter } from '../printers/tab-writer.ts'
import type { Session } from '../session.ts'

export const events: Command = {
  name: 'events',
  short: 'List events',
  long: `Display events.

 Prints a table of the most important information about events. You can request events for a namespace, for all namespace, or filtered to only those pertaining to a specified resource.`,
  examples: `
# List recent events in the default namespace
kubectl events

# List recent events for the specified pod, then wait for more events and list them as they arrive
kubectl events --for pod/web-pod-13je7 --watch

# List recent only events of type 'Warning' or 'Normal'
kubectl events --types=Warning,Normal`,
  use: 'events [(-o|--output=)json|yaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  flags: [
    ...printFlags(),
    allNamespacesFlag(),
    chunkSizeFlag(),
    string('for', 'Filter events to only those pertaining to the specified resource.'),
    bool('no-headers', "When using the default output format, don't print headers."),
    list('types', 'Output only events of given types.'),
    bool('watch', 'After listing the requested events, watch for more events.', { shorthand: 'w' }),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { flags } = session
  for (const type of flags.list('types')) {
    if (!['normal', 'warning'].includes(type.toLowerCase())) throw new CliError('valid --types are Normal or Warning')
  }
  const path = flags.bool('all-namespaces') ? '/api/v1/events' : `/api/v1/namespaces/${session.namespace}/events`
  const query = [
    ['fieldSelector', await fieldSelector(session)],
    ['limit', flags.int('chunk-size') || undefined],
  ] as const
  const answer = await session.client.json({ path, query })
  const types = flags.list('types').map((type) => type.toLowerCase())
  const wanted = (event: any) => types.length === 0 || types.includes(String(event.type).toLowerCase())
  const items: any[] = (answer.items ?? []).filter(wanted)
  if (!flags.bool('watch')) items.sort((a, b) => lastSeen(a) - lastSeen(b))
  const rows = new EventRows(session)
  if (flags.string('output')) {
    const objects = items.map((event) => ({ apiVersion: 'v1', kind: 'Event', ...event }))
    if (flags.string('output') === 'name') return
    await session.print(
      printerFor(session).print({ kind: 'EventList', apiVersion: 'v1', metadata: answer.metadata, items: objects }),
    )
  } else if (items.length > 0) await session.print(rows.text(items))
  if (flags.bool('watch')) {
    const watchQuery = [query[0], ['resourceVersion', answer.metadata?.resourceVersion], ['watch', 'true']] as const
    for await (const change of await session.client.stream({ path, query: watchQuery })) {
      const { type, object } = change as any
      if ((type === 'ADDED' || type === 'MODIFIED') && wanted(object)) await session.print(rows.text([object]))
    }
    return
  }
  if (items.length === 0 && !flags.string('output')) {
    await session.printError(
      flags.bool('all-namespaces') ? 'No events found.\n' : `No events found in ${session.namespace} namespace.\n`,
    )
  }
}

async function fieldSelector(session: Session): Promise<string | undefined> {
  const target = session.flags.string('for')
  if (!target) return undefined
  const [type, name, ...more] = target.split('/')
  if (!type || !name || more.length > 0) throw new CliError('--for must be in resource/name form')
  const resource = await session.mapper.resource(type)
  const apiVersion = resource.group ? `${resource.group}/${resource.version}` : resource.version
  return `involvedObject.kind=${resource.kind},involvedObject.name=${name},involvedObject.apiVersion=${apiVersion}`
}

class EventRows {
  readonly #session: Session
  readonly #writer = new TabWriter(TABLE, true)
  #header: boolean

  constructor(session: Session) {
    this.#session = session
    this.#header = !session.flags.bool('no-headers')
  }

  text(items: readonly any[]): string {
    const all = this.#session.flags.bool('all-namespaces')
    const lines: string[] = []
    if (this.#header) lines.push(`${all ? 'NAMESPACE\t' : ''}LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE`)
    this.#header = false
    for (const event of items) {
      const object = `${event.involvedObject?.kind}/${event.involvedObject?.name}`
      const message = String(event.message ?? '').trim()
      const seen = interval(event, this.#session.now())
      lines.push(
        `${all ? `${event.metadata.namespace}\t` : ''}${seen}\t${event.type}\t${event.reason}\t${object}\t${message}`,
      )
    }
    return this.#writer.format(lines.map((line) => `${line}\n`).join(''))
  }
}
