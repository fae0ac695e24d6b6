import type { Clock, Timer } from '../../time/event-queue.ts'
import type { ApiClient } from '../api/client.ts'
import type { KubeObject } from '../api/object.ts'
import { isFullyBound } from '../controllers/volumes/match.ts'
import type { VolumePlan } from './plugins/volume-binding.ts'

const TIMEOUT_MS = 600_000
const SELECTED_NODE = 'volume.kubernetes.io/selected-node'

interface Waiting {
  pod: KubeObject
  claims: Set<string>
  timer: Timer
  done(error?: string): void
}

/** Carries out a Pod's volume plan, and waits until the volume controller has bound its claims. */
export class VolumeBinder {
  readonly #api: ApiClient
  readonly #clock: Clock
  readonly #waiting = new Map<string, Waiting>()

  constructor(api: ApiClient, clock: Clock) {
    this.#api = api
    this.#clock = clock
  }

  /** Calls `done` with nothing when all claims are bound, or with what went wrong. */
  bind(pod: KubeObject, node: string, { bind, provision }: VolumePlan, done: (error?: string) => void): void {
    const { uid, namespace } = pod.metadata
    const claims = new Set([...bind.map(({ claim }) => claim), ...provision].map(({ metadata }) => metadata.name))
    const timer = this.#clock.after(TIMEOUT_MS, () => this.#finish(uid, 'binding volumes: context deadline exceeded'))
    this.#waiting.set(uid, { pod, claims, timer, done })
    for (const { claim, volume } of bind) {
      const claimRef = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        name: claim.metadata.name,
        namespace,
        uid: claim.metadata.uid,
        resourceVersion: claim.metadata.resourceVersion,
      }
      const annotations = { ...volume.metadata.annotations, 'pv.kubernetes.io/bound-by-controller': 'yes' }
      this.#api.update('persistentvolumes', {
        ...volume,
        metadata: { ...volume.metadata, annotations },
        spec: { ...volume.spec, claimRef },
      })
    }
    for (const claim of provision) {
      const patch = { metadata: { annotations: { [SELECTED_NODE]: node } } }
      this.#api.patch('persistentvolumeclaims', namespace, claim.metadata.name, patch)
    }
  }

  claimChanged(claim: KubeObject): void {
    if (this.#waiting.size === 0) return
    for (const [uid, { pod, claims }] of this.#waiting) {
      if (pod.metadata.namespace !== claim.metadata.namespace || !claims.has(claim.metadata.name)) continue
      // The provisioner gave the node back: another one is to be chosen.
      const { annotations } = claim.metadata
      if (isFullyBound(claim) && claim.status?.phase === 'Bound') claims.delete(claim.metadata.name)
      else if (annotations?.['volume.kubernetes.io/storage-provisioner'] && annotations[SELECTED_NODE] === '') {
        this.#finish(uid, 'binding volumes: selected node was rejected by the provisioner')
      }
      if (claims.size === 0) this.#finish(uid)
    }
  }

  forget(uid: string): void {
    this.#waiting.get(uid)?.timer.cancel()
    this.#waiting.delete(uid)
  }

  #finish(uid: string, error?: string): void {
    const waiting = this.#waiting.get(uid)
    if (!waiting) return
    this.forget(uid)
    // Not within a watch handler, which must not write.
    this.#clock.after(1, () => waiting.done(error))
  }
}
