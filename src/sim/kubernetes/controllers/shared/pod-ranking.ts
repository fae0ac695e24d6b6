import type { KubeObject } from '../../api/object.ts'
import { parseTime } from './meta.ts'
import { isPodReady, podCondition, restarts } from './pods.ts'

const PHASES: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 }

/**
 * Sorts Pods so that those to be deleted first come first: unassigned, pending, not ready, cheap
 * (controller.kubernetes.io/pod-deletion-cost), crowded on their node, ready or created recently (on a logarithmic
 * scale), restarted often. `crowd` counts related Pods by node.
 */
export function rankForDeletion(
  pods: readonly KubeObject[],
  crowd: ReadonlyMap<string, number>,
  now: number,
): KubeObject[] {
  return [...pods].sort((a, b) => {
    const byNode = Number(!!a.spec.nodeName) - Number(!!b.spec.nodeName)
    if (byNode) return byNode
    const byPhase = (PHASES[a.status?.phase] ?? 0) - (PHASES[b.status?.phase] ?? 0)
    if (byPhase) return byPhase
    const byReady = Number(isPodReady(a)) - Number(isPodReady(b))
    if (byReady) return byReady
    const byCost = deletionCost(a) - deletionCost(b)
    if (byCost) return byCost
    const byCrowd = (crowd.get(b.spec.nodeName) ?? 0) - (crowd.get(a.spec.nodeName) ?? 0)
    if (a.spec.nodeName && byCrowd) return byCrowd
    if (isPodReady(a)) {
      const byReadyTime = byRecency(readyTime(a), readyTime(b), now)
      if (byReadyTime) return byReadyTime
    }
    const byRestarts = restarts(b) - restarts(a)
    if (byRestarts) return byRestarts
    const byAge = byRecency(parseTime(a.metadata.creationTimestamp), parseTime(b.metadata.creationTimestamp), now)
    if (byAge) return byAge
    return a.metadata.uid < b.metadata.uid ? -1 : a.metadata.uid > b.metadata.uid ? 1 : 0
  })
}

function deletionCost(pod: KubeObject): number {
  return Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0) || 0
}

function readyTime(pod: KubeObject): number {
  return parseTime(podCondition(pod, 'Ready')?.lastTransitionTime ?? '')
}

/** Negative when `a` is younger by at least a power of two. */
function byRecency(a: number, b: number, now: number): number {
  const rank = (time: number) => (now - time > 0 ? Math.floor(Math.log2((now - time) * 1e6)) : -1)
  return rank(a) - rank(b) || 0
}
