import type { KubeObject } from '../../api/object.ts'
import { parseTime } from './meta.ts'

export function podCondition(
  pod: KubeObject,
  type: string,
): { status: string; lastTransitionTime?: string } | undefined {
  return pod.status?.conditions?.find((condition: { type: string }) => condition.type === type)
}

export function isPodReady(pod: KubeObject): boolean {
  return podCondition(pod, 'Ready')?.status === 'True'
}

export function isPodFinished(pod: KubeObject): boolean {
  const phase = pod.status?.phase
  return phase === 'Succeeded' || phase === 'Failed'
}

export function isPodTerminating(pod: KubeObject): boolean {
  return pod.metadata.deletionTimestamp !== undefined
}

/** Neither finished nor being deleted. */
export function isPodActive(pod: KubeObject): boolean {
  return !isPodFinished(pod) && !isPodTerminating(pod)
}

/** Ready for at least that many seconds. */
export function isPodAvailable(pod: KubeObject, minReadySeconds: number, now: number): boolean {
  const ready = podCondition(pod, 'Ready')
  if (ready?.status !== 'True') return false
  if (!minReadySeconds) return true
  return ready.lastTransitionTime !== undefined && parseTime(ready.lastTransitionTime) + minReadySeconds * 1000 <= now
}

/** Milliseconds until a ready Pod counts as available, or undefined when time will not change it. */
export function untilAvailable(pod: KubeObject, minReadySeconds: number, now: number): number | undefined {
  const ready = podCondition(pod, 'Ready')
  if (ready?.status !== 'True' || !minReadySeconds || !ready.lastTransitionTime) return undefined
  const at = parseTime(ready.lastTransitionTime) + minReadySeconds * 1000
  return at > now ? at - now : undefined
}

export function restarts(pod: KubeObject): number {
  let most = 0
  for (const status of pod.status?.containerStatuses ?? []) most = Math.max(most, status.restartCount ?? 0)
  return most
}
