import type { DockerEvent } from '../../../sim/containers/docker/events.ts'
import { rfc3339Nano9 } from '../../../sim/containers/timestamp.ts'
import { DOCKER_FUNCTIONS } from '../../go-template/functions.ts'
import { Template } from '../../go-template/template.ts'
import { GoStruct } from '../../go-template/value.ts'
import { expandEscapes } from '../format/list.ts'
import { filterQuery } from './filters.ts'
import type { Session } from './session.ts'
import { parseTimestamp } from './timestamp.ts'

export async function showEvents(session: Session): Promise<number> {
  const { client, flags, process } = session
  const now = process.wallClock()
  const stream = await client.stream('GET', '/events', {
    query: {
      since: parseTimestamp(flags.string('since'), now),
      until: parseTimestamp(flags.string('until'), now),
      filters: filterQuery(flags.list('filter')),
    },
  })
  const format = flags.string('format')
  const template =
    format === undefined || format === ''
      ? undefined
      : new Template(format === 'json' ? '{{json .}}' : expandEscapes(format), { functions: DOCKER_FUNCTIONS })
  for await (const event of stream as AsyncIterable<DockerEvent>)
    await session.print(`${template ? template.execute(asGo(event)) : plain(event)}\n`)
  return 0
}

function asGo(event: DockerEvent): GoStruct {
  const { Actor, status, id, from, ...rest } = event
  return new GoStruct('events.Message', {
    ...(status ? { Status: status, ID: id, From: from } : {}),
    ...rest,
    Actor: new GoStruct('events.Actor', { ID: Actor.ID, Attributes: Actor.Attributes }),
    Time: event.time,
    TimeNano: event.timeNano,
  })
}

function plain(event: DockerEvent): string {
  const attributes = Object.entries(event.Actor.Attributes).map(([name, value]) => `${name}=${value}`)
  const shown = attributes.length > 0 ? ` (${attributes.join(', ')})` : ''
  return `${rfc3339Nano9(event.timeNano / 1e6)} ${event.Type} ${event.Action} ${event.Actor.ID}${shown}`
}
