import { DESIRED, numberAnnotation } from './annotations.ts'
import type { Rollout } from './rollout.ts'
import { byCreation } from './rollout.ts'
import { desiredOf, fence, proportion, totalDesired } from './strategy.ts'

/** True when the Deployment's size was changed since its active ReplicaSets were sized. */
export function isScalingEvent({ deployment, sets }: Rollout): boolean {
  return sets.some((set) => {
    const desired = numberAnnotation(set, DESIRED)
    return desiredOf(set) > 0 && desired !== undefined && desired !== deployment.spec.replicas
  })
}

/** Brings the ReplicaSets to the Deployment's size without rolling on: in the middle of a rollout, proportionally. */
export function scaleDeployment(rollout: Rollout): void {
  const { deployment, newest, sets } = rollout
  const { replicas, strategy } = deployment.spec
  const active = sets.filter((set) => desiredOf(set) > 0)
  if (active.length <= 1) {
    rollout.resize(active[0] ?? newest ?? [...rollout.old].sort(byCreation).at(-1), replicas)
    return
  }
  const saturated =
    newest &&
    numberAnnotation(newest, DESIRED) === replicas &&
    desiredOf(newest) === replicas &&
    (newest.status?.availableReplicas ?? 0) === replicas
  if (saturated) {
    for (const set of rollout.old) rollout.resize(set, 0)
    return
  }
  if (strategy?.type !== 'RollingUpdate') return
  const allowed = replicas > 0 ? replicas + fence(deployment).surge : 0
  const toAdd = allowed - totalDesired(active)
  active.sort((a, b) => desiredOf(b) - desiredOf(a) || (toAdd > 0 ? byCreation(b, a) : byCreation(a, b)))
  let added = 0
  const sizes = active.map((set) => {
    const part = toAdd === 0 ? 0 : proportion(set, deployment, toAdd, added)
    added += part
    return desiredOf(set) + part
  })
  sizes[0] = Math.max(0, sizes[0]! + (toAdd - added))
  active.forEach((set, i) => {
    rollout.scale(set, sizes[i]!)
  })
}
