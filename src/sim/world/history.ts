import type { ApiClient } from '../kubernetes/api/client.ts'
import type { Clock } from '../time/event-queue.ts'
import type { HistoryEntry } from './api.ts'

/** Heartbeats, whose every beat would be a version, and the second name under which the same events are served. */
const LEFT_OUT = new Set(['leases.coordination.k8s.io', 'events.events.k8s.io'])

/** Keeps every version of every object from now on. */
export class HistoryRecorder {
  readonly entries: HistoryEntry[] = []

  constructor(client: ApiClient, clock: Clock) {
    for (const { resource } of client.resources()) {
      if (LEFT_OUT.has(resource)) continue
      client.watch(resource, ({ type, object }) => {
        this.entries.push({ t: clock.now, type, resource, object })
      })
    }
  }
}
