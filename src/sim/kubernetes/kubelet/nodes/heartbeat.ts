import { rfc3339Micro } from '../../../time/date.ts'
import type { Timer } from '../../../time/event-queue.ts'
import { ApiError, type KubeObject } from '../../api/object.ts'
import type { NodeServices } from '../node.ts'
import { type NodeIdentity, type NodePressure, nodeObject, nodeStatus } from './node-object.ts'

const LEASE_PERIOD = 10_000
const STATUS_PERIOD = 300_000
const LEASE_NAMESPACE = 'kube-node-lease'

/** Registers the Node and keeps it alive: the lease every 10 s, the status when it changes or every 5 min. */
export class Heartbeat {
  readonly #node: NodeServices
  readonly #identity: NodeIdentity
  readonly #pressure: () => NodePressure
  #timer: Timer | undefined
  /** ms since 1970 */
  #statusAt = Number.NEGATIVE_INFINITY
  #last = ''

  constructor(node: NodeServices, identity: NodeIdentity, pressure: () => NodePressure) {
    this.#node = node
    this.#identity = identity
    this.#pressure = pressure
  }

  start(): void {
    const { api, node } = this.#node
    if (!api.get('nodes', undefined, node.name)) {
      const status = nodeStatus(this.#node, this.#identity, this.#pressure(), undefined)
      api.create('nodes', nodeObject(node, status))
    }
    this.#beat()
    this.#writeStatus()
  }

  stop(): void {
    this.#timer?.cancel()
  }

  /** Something about the node changed: tell it now. */
  refresh(): void {
    this.#writeStatus()
  }

  #beat(): void {
    this.#timer = this.#node.world.clock.after(LEASE_PERIOD, () => this.#beat())
    try {
      this.#renew()
      this.#writeStatus()
    } catch (error) {
      // The API server may be away; the next beat tries again.
      if (!(error instanceof ApiError)) throw error
    }
  }

  #renew(): void {
    const { api, node } = this.#node
    const renewTime = rfc3339Micro(this.#node.wallClock())
    const lease = api.get('leases.coordination.k8s.io', LEASE_NAMESPACE, node.name)
    if (lease) {
      api.update('leases.coordination.k8s.io', { ...lease, spec: { ...lease.spec, renewTime } })
      return
    }
    const owner = api.get('nodes', undefined, node.name)
    if (!owner) return
    api.create('leases.coordination.k8s.io', {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        name: node.name,
        namespace: LEASE_NAMESPACE,
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node.name, uid: owner.metadata.uid }],
      },
      spec: { holderIdentity: node.name, leaseDurationSeconds: 40, renewTime },
    })
  }

  #writeStatus(): void {
    const { api, node } = this.#node
    const now = this.#node.wallClock()
    const current = api.get('nodes', undefined, node.name)
    if (!current) return
    const status = nodeStatus(this.#node, this.#identity, this.#pressure(), current.status)
    const shape = fingerprint(status, current)
    if (shape === this.#last && now - this.#statusAt < STATUS_PERIOD) return
    this.#reportChanges(current, status)
    this.#last = shape
    this.#statusAt = now
    api.update('nodes', { ...current, status: { ...current.status, ...status } }, { subresource: 'status' })
  }

  #reportChanges(current: KubeObject, status: Record<string, unknown>): void {
    for (const condition of status.conditions as { type: string; status: string; reason: string }[]) {
      const old = current.status?.conditions?.find((c: { type: string }) => c.type === condition.type)
      if (!old || old.status === condition.status) continue
      const ready =
        condition.type === 'Ready' ? (condition.status === 'True' ? 'NodeReady' : 'NodeNotReady') : condition.reason
      this.#node.record(
        { ...current, metadata: { ...current.metadata, uid: node_uid(current) } },
        'Normal',
        condition.type === 'Ready' ? ready : `Node${condition.reason.replace(/^Kubelet/, '')}`,
        `Node ${current.metadata.name} status is now: ${condition.type === 'Ready' ? ready : `Node${condition.reason.replace(/^Kubelet/, '')}`}`,
      )
    }
  }
}

/** The kubelet names a Node by its name where a uid belongs. */
const node_uid = (node: KubeObject) => node.metadata.name

/** What of the status matters: everything but the heartbeat times. */
function fingerprint(status: Record<string, unknown>, current: KubeObject): string {
  const conditions = (status.conditions as { type: string; status: string; reason: string }[]).map(
    (c) => `${c.type}=${c.status}`,
  )
  const seen = (current.status?.conditions ?? []).map((c: { type: string; status: string }) => `${c.type}=${c.status}`)
  const images = (status.images as { names: string[] }[]).map((image) => image.names.join())
  return [...conditions, '|', ...seen, '|', ...images].join(' ')
}
