import type { KubeObject } from '../sim/kubernetes/api/object.ts'
import type { HistoryEntry } from '../sim/world/api.ts'
import type { ClusterView } from './view.ts'

/** The cluster at a moment of its past: moves forward entry by entry. */
export class HistoryView implements ClusterView {
  #objects = new Map<string, KubeObject>()

  apply({ type, resource, object }: HistoryEntry): void {
    const { namespace = '', name } = object.metadata
    const key = `${resource}/${namespace}/${name}`
    if (type === 'DELETED') this.#objects.delete(key)
    else this.#objects.set(key, object)
  }

  async all(kind: string, apiVersion?: string): Promise<readonly KubeObject[]> {
    return [...this.#objects.values()].filter(
      (object) => object.kind === kind && (apiVersion === undefined || object.apiVersion === apiVersion),
    )
  }
}

/**
 * The moments of a history: all changes of one instant count as one, and all before `since` as the first. Yields
 * after each, so that a caller can ask the view.
 */
export function* moments(history: readonly HistoryEntry[], since = 0): Generator<{ t: number; view: ClusterView }> {
  const view = new HistoryView()
  for (const [i, entry] of history.entries()) {
    view.apply(entry)
    const next = history[i + 1]
    if (next && (next.t < since || next.t === entry.t)) continue
    yield { t: entry.t, view }
  }
}
