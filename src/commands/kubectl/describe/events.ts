import { parseRfc3339 } from '../../../sim/time/date.ts'
import { ageOf } from '../printers/age.ts'
import type { DescribeContext } from './describer.ts'
import type { DescribeWriter } from './writer.ts'

/** The events about the described object. */
export async function eventsOf(context: DescribeContext): Promise<any[]> {
  const { object } = context
  const { name, namespace, uid } = object.metadata
  const fields = [
    ['involvedObject.name', name],
    ['involvedObject.namespace', namespace],
    ['involvedObject.kind', object.kind],
    ['involvedObject.uid', object.kind === 'Node' ? undefined : uid],
  ].filter(([, value]) => value)
  const path = namespace ? `/api/v1/namespaces/${namespace}/events` : '/api/v1/events'
  const query = [
    ['fieldSelector', fields.map(([key, value]) => `${key}=${value}`).join(',')],
    ['limit', '500'],
  ] as const
  return (await context.get(path, query)).items ?? []
}

export async function describeEvents(w: DescribeWriter, context: DescribeContext): Promise<void> {
  if (context.showEvents) writeEvents(w, await eventsOf(context), context.now)
}

export function writeEvents(w: DescribeWriter, events: readonly any[], now: number) {
  if (events.length === 0) return w.line(0, 'Events:\t<none>')
  w.flush()
  w.line(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage')
  w.line(1, '----\t------\t----\t----\t-------')
  for (const event of sortEvents(events)) {
    const source = event.source?.component || event.reportingComponent || ''
    const place = event.involvedObject?.fieldPath ? `${event.involvedObject.fieldPath}: ` : ''
    w.line(
      1,
      `${event.type}\t${event.reason}\t${interval(event, now)}\t${source}\t${place}${String(event.message ?? '').trim()}`,
    )
  }
}

/** `5s`, or `5s (x3 over 2m)` for what was seen more than once. */
export function interval(event: any, now: number): string {
  const first = ageOf(event.eventTime || event.firstTimestamp, now)
  if (event.series) return `${ageOf(event.series.lastObservedTime, now)} (x${event.series.count} over ${first})`
  if (event.count > 1) return `${ageOf(event.lastTimestamp, now)} (x${event.count} over ${first})`
  return first
}

export const lastSeen = (event: any): number =>
  parseRfc3339(
    event.series?.lastObservedTime || event.lastTimestamp || event.eventTime || event.metadata?.creationTimestamp,
  )

/** By last timestamp, in whole seconds; those that have only a precise time come first, as in describe. */
export function sortEvents(events: readonly any[]): any[] {
  const time = (event: any) => (event.lastTimestamp ? parseRfc3339(event.lastTimestamp) : Number.NEGATIVE_INFINITY)
  return [...events].sort((a, b) => (time(a) === time(b) ? 0 : time(a) - time(b)))
}
