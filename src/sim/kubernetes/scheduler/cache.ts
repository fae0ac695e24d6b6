import type { KubeObject } from '../api/object.ts'
import { isPodFinished } from '../controllers/shared/pods.ts'
import { NodeInfo } from './node-info.ts'
import { PodCounts } from './pod-counts.ts'

/** The scheduler's picture of the cluster: nodes, the Pods on them, and Pods it has promised a node. */
export class SchedulerCache {
  readonly #nodes = new Map<string, NodeInfo>()
  /** Assigned Pods by uid, as counted: with spec.nodeName set even when only assumed. */
  readonly #pods = new Map<string, KubeObject>()
  readonly #byNamespace = new Map<string, Map<string, KubeObject>>()
  /** Pods with required or preferred Pod (anti-)affinity. */
  readonly withAffinity = new Map<string, KubeObject>()
  readonly counts = new PodCounts((namespace) => this.#byNamespace.get(namespace)?.values() ?? [])
  #list: NodeInfo[] | undefined

  /** Nodes that exist, in the order of their names. */
  get nodes(): readonly NodeInfo[] {
    this.#list ??= [...this.#nodes.values()].filter((info) => info.node).sort((a, b) => (a.name < b.name ? -1 : 1))
    return this.#list
  }

  node(name: string): NodeInfo | undefined {
    const info = this.#nodes.get(name)
    return info?.node ? info : undefined
  }

  pod(uid: string): KubeObject | undefined {
    return this.#pods.get(uid)
  }

  podsIn(namespace: string): Iterable<KubeObject> {
    return this.#byNamespace.get(namespace)?.values() ?? []
  }

  setNode(node: KubeObject): void {
    const info = this.#info(node.metadata.name)
    if (!info.node) this.#list = undefined
    info.setNode(node)
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name)
    if (!info) return
    info.node = undefined
    if (info.pods.size === 0) this.#nodes.delete(name)
    this.#list = undefined
  }

  /** An assigned Pod, as the server has it; a finished one takes nothing any more. */
  setPod(pod: KubeObject): void {
    this.removePod(pod.metadata.uid)
    if (isPodFinished(pod)) return
    const { uid, namespace = '' } = pod.metadata
    this.#pods.set(uid, pod)
    let space = this.#byNamespace.get(namespace)
    if (!space) {
      space = new Map()
      this.#byNamespace.set(namespace, space)
    }
    space.set(uid, pod)
    this.#info(pod.spec.nodeName).add(pod)
    this.counts.add(pod)
    if (pod.spec.affinity?.podAffinity || pod.spec.affinity?.podAntiAffinity) this.withAffinity.set(uid, pod)
  }

  removePod(uid: string): void {
    const pod = this.#pods.get(uid)
    if (!pod) return
    this.#pods.delete(uid)
    this.#byNamespace.get(pod.metadata.namespace ?? '')?.delete(uid)
    this.counts.remove(pod)
    this.withAffinity.delete(uid)
    const info = this.#nodes.get(pod.spec.nodeName)
    info?.remove(uid)
    if (info && !info.node && info.pods.size === 0) this.#nodes.delete(info.name)
  }

  #info(name: string): NodeInfo {
    let info = this.#nodes.get(name)
    if (!info) {
      info = new NodeInfo(name)
      this.#nodes.set(name, info)
    }
    return info
  }
}
