import type { KubeObject } from '../../api/object.ts'
import { MAX, numberAnnotation } from './annotations.ts'

/** An int-or-percent of a total. */
export function scaled(value: number | string | undefined, total: number, roundUp: boolean): number {
  if (value === undefined) return 0
  if (typeof value === 'number') return value
  const exact = (Number(value.replace('%', '')) * total) / 100
  return roundUp ? Math.ceil(exact) : Math.floor(exact)
}

/** How many Pods an update may add and miss. */
export function fence(deployment: KubeObject): { surge: number; unavailable: number } {
  const { replicas, strategy } = deployment.spec
  if (strategy?.type !== 'RollingUpdate') return { surge: 0, unavailable: 0 }
  const surge = scaled(strategy.rollingUpdate?.maxSurge, replicas, true)
  let unavailable = scaled(strategy.rollingUpdate?.maxUnavailable, replicas, false)
  // Both zero could never move.
  if (surge === 0 && unavailable === 0) unavailable = 1
  return { surge, unavailable: replicas === 0 ? 0 : Math.min(unavailable, replicas) }
}

export function desiredOf(set: KubeObject | undefined): number {
  return set?.spec.replicas ?? 0
}

export function totalDesired(sets: readonly KubeObject[]): number {
  return sets.reduce((sum, set) => sum + desiredOf(set), 0)
}

export function totalAvailable(sets: readonly (KubeObject | undefined)[]): number {
  return sets.reduce((sum, set) => sum + (set?.status?.availableReplicas ?? 0), 0)
}

/** The size the newest ReplicaSet may have now. */
export function newSetSize(deployment: KubeObject, all: readonly KubeObject[], newSize: number): number {
  const { replicas, strategy } = deployment.spec
  if (strategy?.type === 'Recreate') return replicas
  const room = replicas + fence(deployment).surge - totalDesired(all)
  return room <= 0 ? newSize : newSize + Math.min(room, replicas - newSize)
}

/** A ReplicaSet's fair part of a change in the Deployment's size. */
export function proportion(set: KubeObject, deployment: KubeObject, toAdd: number, added: number): number {
  if (desiredOf(set) === 0 || toAdd === 0 || toAdd === added) return 0
  const part = fraction(set, deployment)
  return toAdd > 0 ? Math.min(part, toAdd - added) : Math.max(part, toAdd - added)
}

function fraction(set: KubeObject, deployment: KubeObject): number {
  const size = desiredOf(set)
  if (deployment.spec.replicas === 0) return -size
  const maxNow = deployment.spec.replicas + fence(deployment).surge
  const maxBefore = numberAnnotation(set, MAX) || deployment.status?.replicas
  if (!maxBefore) return 0
  const exact = (size * maxNow) / maxBefore
  return Math.floor(exact + 0.5) - size
}
