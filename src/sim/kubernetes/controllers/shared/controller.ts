import type { Clock } from '../../../time/event-queue.ts'
import type { Random } from '../../../time/random.ts'
import { WorkQueue } from '../../../time/work-queue.ts'
import type { ApiClient, WatchEvent } from '../../api/client.ts'
import type { ControllerDefinition } from '../../api/component.ts'
import type { KubeObject, ResourceName } from '../../api/object.ts'

/** What a controller's set-up is given: a client under its own account, one work queue, watches, events. */
export interface Controller {
  readonly name: string
  readonly api: ApiClient
  readonly clock: Clock
  readonly random: Random
  /** Asks for a reconciliation of the key soon. */
  enqueue(key: string): void
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
  /** Milliseconds before a failed key is tried again: `first`, doubling up to `max`. */
  backOff?: { first: number; max: number }
}

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
      const api = context.api.as(
        `system:serviceaccount:kube-system:${options.account ?? name}`,
        'kube-controller-manager',
      )
      const random = context.random.fork(name)
      const stops: (() => void)[] = []
      let reconcile: (key: string) => void = () => {}
      const queue = new WorkQueue({
        clock: context.clock,
        random,
        latency: options.latency,
        backOff: options.backOff,
        work: (key) => reconcile(key),
        onError: (key, error) => context.onError?.(name, key, error),
      })
      reconcile = setup({
        name,
        api,
        clock: context.clock,
        random,
        enqueue: (key) => queue.add(key),
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
