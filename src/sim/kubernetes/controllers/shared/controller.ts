import type { Clock } from '../../../time/event-queue.ts'
import { Random } from '../../../time/random.ts'
import { WorkQueue } from '../../../time/work-queue.ts'
import type { ApiClient, WatchEvent } from '../../api/client.ts'
import type { ControllerDefinition } from '../../api/component.ts'
import type { KubeObject, ResourceName } from '../../api/object.ts'
import { countWrites } from './write-counter.ts'

/** What a controller's set-up is given: a client under its own account, one work queue, watches, events. */
export interface Controller {
  readonly name: string
  readonly api: ApiClient
  readonly clock: Clock
  readonly random: Random
  /** See ComponentContext. */
  readonly clusterCIDR: string | undefined
  /** Asks for a reconciliation of the key soon. */
  enqueue(key: string): void
  /** How much this pass over the key has to look at: heavy keys are looked at less often, so that a change costs no more. */
  weigh(key: string, size: number): void
  /** The same after some milliseconds; an earlier plan wins. */
  enqueueAfter(key: string, ms: number): void
  watch<T extends KubeObject = KubeObject>(resource: ResourceName, handler: (event: WatchEvent<T>) => void): void
  /** Repeats until the controller stops; the first time after one interval. */
  every(ms: number, action: () => void): void
  /** Records an Event on the object in this controller's name. */
  event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void
  /** Called when the controller stops. */
  onStop(action: () => void): void
}

export interface ControllerOptions {
  /** ServiceAccount in kube-system; the controller's name when absent. */
  account?: string
  /** The Events' source; the controller's name when absent. */
  eventSource?: string
  /** Milliseconds between a change and its reconciliation. */
  latency?: { min: number; max: number }
  /** Its latencies are the same in every world: it takes nothing from the seed that others live on. */
  unseeded?: boolean
  /** Milliseconds before a failed key is tried again: `first`, doubling up to `max`. */
  backOff?: { first: number; max: number }
}

/** A request to the API server takes so long; a key is not looked at again before its last pass would be through. */
const WRITE_MS = 5
const MAX_BUSY_MS = 60
/** Keys of more objects than this wait a tenth of a millisecond for each. */
const LIGHT = 50

/**
 * A level-triggered controller: `setup` registers watches that only enqueue keys, and returns the function that
 * reconciles one key from the state as it is. A throw requeues the key with back-off.
 */
export function defineController(
  name: string,
  setup: (controller: Controller) => (key: string) => void,
  options: ControllerOptions = {},
): ControllerDefinition {
  return {
    name,
    start(context) {
      const { api, take } = countWrites(
        context.api.as(`system:serviceaccount:kube-system:${options.account ?? name}`, 'kube-controller-manager'),
      )
      const busyUntil = new Map<string, number>()
      const weights = new Map<string, number>()
      const random = options.unseeded ? new Random(0, name) : context.random.fork(name)
      const stops: (() => void)[] = []
      let reconcile: (key: string) => void = () => {}
      let working: string | undefined
      /** Asked for again by what it wrote itself. */
      let again = false
      const queue = new WorkQueue({
        clock: context.clock,
        random,
        latency: options.latency,
        backOff: options.backOff,
        work(key) {
          busyUntil.delete(key)
          weights.delete(key)
          take()
          working = key
          again = false
          try {
            reconcile(key)
          } finally {
            working = undefined
            const writes = take()
            if (writes > 0) busyUntil.set(key, context.clock.now + Math.min(writes * WRITE_MS, MAX_BUSY_MS))
            if (again) enqueue(key)
          }
        },
        onError: (key, error) => context.onError?.(name, key, error),
      })
      const enqueue = (key: string) => {
        const busy = Math.max((busyUntil.get(key) ?? 0) - context.clock.now, (weights.get(key) ?? 0) / 10)
        if (key === working) again = true
        else if (busy > 0) queue.addAfter(key, busy)
        else queue.add(key)
      }
      reconcile = setup({
        name,
        api,
        clock: context.clock,
        random,
        clusterCIDR: context.clusterCIDR,
        enqueue,
        weigh(key, size) {
          if (size > LIGHT) weights.set(key, size)
        },
        enqueueAfter: (key, ms) => queue.addAfter(key, Math.max(0, ms)),
        watch(resource, handler) {
          const watch = api.watch(resource, handler)
          stops.push(() => watch.stop())
        },
        every(ms, action) {
          let timer = context.clock.after(ms, function tick() {
            timer = context.clock.after(ms, tick)
            action()
          })
          stops.push(() => timer.cancel())
        },
        event: (object, type, reason, message) =>
          context.events.record(object, type, reason, message, { component: options.eventSource ?? name }),
        onStop: (action) => stops.push(action),
      })
      return {
        stop() {
          queue.stop()
          for (const stop of stops) stop()
        },
      }
    },
  }
}
