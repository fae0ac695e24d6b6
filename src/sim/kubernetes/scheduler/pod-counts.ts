import type { LabelSelector } from '../api/client.ts'
import type { KubeObject } from '../api/object.ts'
import { matchesSelector } from '../controllers/shared/selector.ts'

interface Count {
  selector: LabelSelector
  terminating: boolean
  byNode: Map<string, number>
}

const REMEMBERED = 256

/**
 * How many Pods of a namespace match a selector, by node: counted once when first asked for, then kept up with every
 * Pod that comes and goes, so that spreading does not look at all Pods for each one it places.
 */
export class PodCounts {
  readonly #counts = new Map<string, Map<string, Count>>()
  readonly #podsIn: (namespace: string) => Iterable<KubeObject>
  #size = 0

  /** `podsIn` gives the assigned Pods of a namespace. */
  constructor(podsIn: (namespace: string) => Iterable<KubeObject>) {
    this.#podsIn = podsIn
  }

  /** `terminating`: whether Pods being deleted count. */
  byNode(namespace: string, selector: LabelSelector, terminating = false): ReadonlyMap<string, number> {
    let counts = this.#counts.get(namespace)
    if (!counts) {
      counts = new Map()
      this.#counts.set(namespace, counts)
    }
    const id = JSON.stringify([selector, terminating])
    let count = counts.get(id)
    if (!count) {
      if (this.#size >= REMEMBERED) {
        this.#counts.clear()
        this.#size = 0
        return this.byNode(namespace, selector, terminating)
      }
      count = { selector, terminating, byNode: new Map() }
      counts.set(id, count)
      this.#size++
      for (const pod of this.#podsIn(namespace)) tally(count, pod, 1)
    }
    return count.byNode
  }

  add(pod: KubeObject): void {
    this.#tallyAll(pod, 1)
  }

  remove(pod: KubeObject): void {
    this.#tallyAll(pod, -1)
  }

  #tallyAll(pod: KubeObject, sign: 1 | -1): void {
    for (const count of this.#counts.get(pod.metadata.namespace ?? '')?.values() ?? []) tally(count, pod, sign)
  }
}

function tally({ selector, terminating, byNode }: Count, pod: KubeObject, sign: 1 | -1): void {
  if ((pod.metadata.deletionTimestamp && !terminating) || !matchesSelector(selector, pod.metadata.labels)) return
  const node = pod.spec.nodeName
  byNode.set(node, (byNode.get(node) ?? 0) + sign)
}
