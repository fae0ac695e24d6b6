import type { Clock } from '../../time/event-queue.ts'
import type { Waiting } from '../../time/waiting.ts'
import type { KubeObject } from '../api/object.ts'
import { gone } from '../api/status-error.ts'
import type { Store, StoredEvent, Table } from './store.ts'
import { PushStream } from './watch-stream.ts'

export interface WatchRequest {
  table: Table
  store: Store
  clock: Clock
  waiting: Waiting
  /** `''` and `'0'`: begin with what is there. */
  resourceVersion: string
  /** Whether the watcher may see an object. */
  matches: (object: KubeObject) => boolean
  /** The object as it is sent; `first` for the first event (Tables carry their columns there). */
  render: (object: KubeObject, first: boolean) => unknown
  bookmarks: boolean
  sendInitialEvents: boolean
  timeoutSeconds?: number
  /** apiVersion and kind of bookmarks. */
  bookmark: (resourceVersion: string, initialEventsEnd: boolean) => unknown
}

const BOOKMARK_INTERVAL = 60_000
/** Servers end watches between 30 and 60 minutes by themselves. */
const DEFAULT_TIMEOUT = 45 * 60_000

export function watchStream(request: WatchRequest): PushStream {
  const { table, store, clock, waiting, matches, render } = request
  let first = true
  const send = (type: string, object: KubeObject) => {
    stream.push({ type, object: render(object, first) })
    first = false
  }
  const deliver = (event: StoredEvent) => {
    const now = matches(event.object)
    if (event.type === 'DELETED') {
      if (now || (event.previous && matches(event.previous))) send('DELETED', event.object)
      return
    }
    const before = event.previous !== undefined && matches(event.previous)
    if (now) send(before ? 'MODIFIED' : 'ADDED', event.object)
    else if (before) {
      const last = event.previous!
      send('DELETED', {
        ...last,
        metadata: { ...last.metadata, resourceVersion: event.object.metadata.resourceVersion },
      })
    }
  }
  let unsubscribe = () => {}
  const timers: { cancel(): void }[] = []
  const stream = new PushStream(waiting, () => {
    unsubscribe()
    for (const timer of timers) timer.cancel()
  })
  const initial = request.resourceVersion === '' || request.resourceVersion === '0' || request.sendInitialEvents
  if (initial) {
    for (const object of table.list()) if (matches(object)) send('ADDED', object)
    if (request.sendInitialEvents && request.bookmarks)
      stream.push({ type: 'BOOKMARK', object: request.bookmark(String(store.revision), true) })
  } else {
    const missed = table.since(Number(request.resourceVersion))
    if (!missed) {
      const { status } = gone(`too old resource version: ${request.resourceVersion} (${table.compactedRevision + 1})`)
      stream.push({ type: 'ERROR', object: status })
      stream.end()
      return stream
    }
    for (const event of missed) deliver(event)
  }
  unsubscribe = table.subscribe(deliver)
  const timeout = request.timeoutSeconds ? request.timeoutSeconds * 1000 : DEFAULT_TIMEOUT
  timers.push(clock.after(timeout, () => stream.end()))
  if (request.bookmarks) {
    const tick = () => {
      stream.push({ type: 'BOOKMARK', object: request.bookmark(String(store.revision), false) })
      timers[1] = clock.after(BOOKMARK_INTERVAL, tick)
    }
    timers[1] = clock.after(BOOKMARK_INTERVAL, tick)
  }
  return stream
}
