import type { Clock } from '../../time/event-queue.ts'
import type { Random } from '../../time/random.ts'
import type { ApiClient, WatchEvent } from '../api/client.ts'
import type { KubeObject } from '../api/object.ts'

/** How badly the components of a cluster hear of changes. Events of one watch never overtake each other. */
export interface WatchFaults {
  /** Each event comes up to this many ms late. */
  late: number
  /** Chance that an event comes twice. */
  doubled: number
}

/** The same client whose watches are slow and repeat themselves, as after a reconnection. Writes and reads are as ever. */
export function withWatchFaults(api: ApiClient, clock: Clock, random: Random, faults: WatchFaults): ApiClient {
  const watch = <T extends KubeObject>(resource: string, handler: (event: WatchEvent<T>) => void): { stop(): void } => {
    let stopped = false
    let begun = false
    let free = 0
    const watching = api.watch<T>(resource, (event) => {
      if (!begun) {
        handler(event)
        return
      }
      free = Math.max(free, clock.now + random.float() * faults.late)
      const times = random.float() < faults.doubled ? 2 : 1
      clock.after(free - clock.now, () => {
        for (let i = 0; i < times && !stopped; i++) handler(event)
      })
    })
    begun = true
    return {
      stop() {
        stopped = true
        watching.stop()
      },
    }
  }
  return {
    ...pass(api),
    as: (user, manager) => withWatchFaults(api.as(user, manager), clock, random, faults),
    watch,
  }
}

const pass = (api: ApiClient): Omit<ApiClient, 'as' | 'watch'> => ({
  get: (resource, namespace, name) => api.get(resource, namespace, name),
  list: (resource, options) => api.list(resource, options),
  create: (resource, object, options) => api.create(resource, object, options),
  update: (resource, object, options) => api.update(resource, object, options),
  patch: (resource, namespace, name, patch, options) => api.patch(resource, namespace, name, patch, options),
  delete: (resource, namespace, name, options) => api.delete(resource, namespace, name, options),
  now: () => api.now(),
  resources: () => api.resources(),
  servesGroup: (group) => api.servesGroup(group),
})
