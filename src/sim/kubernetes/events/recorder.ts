import { rfc3339, rfc3339Micro } from '../../time/date.ts'
import type { Clock } from '../../time/event-queue.ts'
import type { ApiClient } from '../api/client.ts'
import type { EventRecorder, EventSource } from '../api/component.ts'
import { ApiError, type KubeObject } from '../api/object.ts'
import { EventCorrelator, Lru } from './correlator.ts'
import { referenceTo } from './reference.ts'

export interface EventRecorderOptions {
  api: ApiClient
  clock: Clock
}

/** The new Events API forgets an event that was not repeated for so long. */
const SERIES_MS = 360_000

/**
 * Writes Events as v1.36 does: most components through the core recorder (count, firstTimestamp, lastTimestamp), those
 * that give an `action` (the scheduler) through events.k8s.io (eventTime, series). Written shortly after the call.
 */
export function createEventRecorder({ api, clock }: EventRecorderOptions): EventRecorder {
  const correlator = new EventCorrelator()
  const series = new Lru<{ name: string; namespace: string; at: number; count: number }>(4096)
  let lastNano = 0n

  /** `NAME.HEX`, from the time in nanoseconds; no two are equal. */
  const eventName = (object: KubeObject, now: number) => {
    let nano = BigInt(Math.floor(now * 1000)) * 1000n
    if (nano <= lastNano) nano = lastNano + 1n
    lastNano = nano
    return `${object.metadata.name}.${nano.toString(16)}`
  }

  const write = (action: () => void) => {
    clock.after(0, () => {
      try {
        action()
      } catch (error) {
        // An event that cannot be stored (its namespace is going) is lost, as the real recorder loses it.
        if (!(error instanceof ApiError)) throw error
      }
    })
  }

  const recordCore = (object: KubeObject, type: string, reason: string, message: string, source: EventSource) => {
    const now = api.now()
    const time = rfc3339(now)
    const reference = referenceTo(object, source.fieldPath)
    const { component, host } = source
    const id = [component, host, reference.kind, reference.namespace, reference.name, reference.uid].join('/')
    const what = `${type}|${reason}|${reference.fieldPath ?? ''}`
    const correlation = correlator.correlate({ source: id, what, message }, now)
    if (!correlation) return
    const namespace = object.metadata.namespace ?? 'default'
    const name = correlation.name ?? eventName(object, now)
    const firstTimestamp = correlation.firstTimestamp ?? time
    correlation.remember(name, firstTimestamp)
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: reference,
      reason,
      message: correlation.message,
      source: { component, ...(host && { host }) },
      firstTimestamp,
      lastTimestamp: time,
      count: correlation.count,
      type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: host ?? '',
    }
    write(() => {
      if (correlation.count > 1 && api.get('events', namespace, name)) {
        const { count, lastTimestamp, message: text } = event
        api.patch('events', namespace, name, { count, lastTimestamp, message: text }, { type: 'merge' })
      } else api.create('events', event)
    })
  }

  const recordSeries = (object: KubeObject, type: string, reason: string, message: string, source: EventSource) => {
    const now = api.now()
    const namespace = object.metadata.namespace ?? 'default'
    const involvedObject = referenceTo(object, source.fieldPath)
    const related = source.related && referenceTo(source.related)
    const id = JSON.stringify([type, source.action, reason, source.component, involvedObject, related])
    const create = (newName: string, more: object) =>
      api.create('events', {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: newName, namespace },
        action: source.action,
        involvedObject,
        ...(related && { related }),
        reason,
        message,
        source: {},
        firstTimestamp: null,
        lastTimestamp: null,
        type,
        eventTime: rfc3339Micro(now),
        reportingComponent: source.component,
        reportingInstance: source.host ?? source.component,
        ...more,
      })
    const known = series.get(id)
    if (known && now - known.at <= SERIES_MS) {
      known.at = now
      known.count++
      // Only the second occurrence is written at once; later ones wait for a refresh that rarely comes.
      if (known.count > 2) return
      const patch = { series: { count: known.count, lastObservedTime: rfc3339Micro(now) } }
      write(() => {
        if (api.get('events', namespace, known.name))
          api.patch('events', namespace, known.name, patch, { type: 'merge' })
        else create(known.name, patch)
      })
      return
    }
    const name = eventName(object, now)
    series.set(id, { name, namespace, at: now, count: 1 })
    write(() => create(name, {}))
  }

  return {
    record(object, type, reason, message, source) {
      if (source.action) recordSeries(object, type, reason, message, source)
      else recordCore(object, type, reason, message, source)
    },
  }
}
