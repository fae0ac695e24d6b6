import type { ApiClient, WatchEvent } from '../api/client.ts'
import type { Pod } from './pod.ts'

type Handler = (event: WatchEvent<Pod>) => void

/** One watch of all Pods, shared by the kubelets of a cluster: each is told only of the Pods bound to it. */
export class PodSource {
  readonly #handlers = new Map<string, Handler>()
  readonly #pods = new Map<string, Map<string, Pod>>()
  readonly #watch: { stop(): void }

  constructor(api: ApiClient) {
    this.#watch = api.watch<Pod>('pods', (event) => {
      const { nodeName } = event.object.spec
      if (!nodeName) return
      const pods = this.#on(nodeName)
      const { uid } = event.object.metadata
      const known = pods.has(uid)
      if (event.type === 'DELETED') pods.delete(uid)
      else pods.set(uid, event.object)
      this.#handlers.get(nodeName)?.(event.type === 'MODIFIED' && !known ? { ...event, type: 'ADDED' } : event)
    })
  }

  /** Existing Pods of the node as ADDED, then every change. */
  subscribe(nodeName: string, handler: Handler): { stop(): void } {
    this.#handlers.set(nodeName, handler)
    for (const object of [...this.#on(nodeName).values()]) handler({ type: 'ADDED', object })
    return {
      stop: () => {
        if (this.#handlers.get(nodeName) === handler) this.#handlers.delete(nodeName)
      },
    }
  }

  podsOn(nodeName: string): Pod[] {
    return [...this.#on(nodeName).values()]
  }

  stop(): void {
    this.#watch.stop()
  }

  #on(nodeName: string): Map<string, Pod> {
    let pods = this.#pods.get(nodeName)
    if (!pods) {
      pods = new Map()
      this.#pods.set(nodeName, pods)
    }
    return pods
  }
}
