import { parseRfc3339 } from '../../../time/date.ts'
import { humanDuration } from '../../api/duration.ts'
import { age } from '../cells.ts'
import type { Cell } from '../definition.ts'

/** Rows of events, whichever of the two APIs is asked. */
export function eventCells(event: any, now: number): Cell[] {
  const first = event.firstTimestamp
    ? age(event.firstTimestamp, now)
    : event.eventTime
      ? microAge(event.eventTime, now)
      : '<unknown>'
  let last = event.lastTimestamp ? age(event.lastTimestamp, now) : first
  let count = event.count ?? 0
  if (event.series) {
    last = microAge(event.series.lastObservedTime, now)
    count = event.series.count
  } else if (count === 0) {
    // A singleton of the newer API.
    count = 1
  }
  const object = event.involvedObject ?? {}
  const kind = String(object.kind ?? '').toLowerCase()
  const source = [
    event.source?.component || event.reportingComponent,
    event.source?.host || event.reportingInstance,
  ].filter(Boolean)
  return [
    last,
    event.type ?? '',
    event.reason ?? '',
    object.name ? `${kind}/${object.name}` : kind,
    object.fieldPath ?? '',
    source.join(', '),
    String(event.message ?? '').trim(),
    first,
    count,
    event.metadata.name,
  ]
}

const microAge = (text: string, now: number): string => humanDuration(now - parseRfc3339(text))
