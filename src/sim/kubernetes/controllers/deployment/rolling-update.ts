import type { Rollout } from './rollout.ts'
import { desiredOf, fence, newSetSize, totalAvailable, totalDesired } from './strategy.ts'

/** One step of a rolling update. True when something was scaled. */
export function rollOn(rollout: Rollout): boolean {
  return growNewest(rollout) || shrinkOld(rollout)
}

function growNewest(rollout: Rollout): boolean {
  const { deployment, newest, sets } = rollout
  if (!newest) return false
  const { replicas } = deployment.spec
  const size = desiredOf(newest) > replicas ? replicas : newSetSize(deployment, sets, desiredOf(newest))
  return rollout.resize(newest, size)
}

function shrinkOld(rollout: Rollout): boolean {
  const { deployment, newest, sets } = rollout
  if (totalDesired(rollout.old) === 0) return false
  const minimum = deployment.spec.replicas - fence(deployment).unavailable
  const newUnavailable = desiredOf(newest) - (newest?.status?.availableReplicas ?? 0)
  const removable = totalDesired(sets) - minimum - newUnavailable
  if (removable <= 0) return false
  const cleaned = removeUnhealthy(rollout, removable)
  return removeAvailable(rollout, minimum) || cleaned
}

/** Old Pods that do not serve anyway go first: removing them cannot hurt. */
function removeUnhealthy(rollout: Rollout, limit: number): boolean {
  let removed = 0
  for (const set of rollout.old) {
    const size = desiredOf(set)
    const unhealthy = size - (set.status?.availableReplicas ?? 0)
    if (removed >= limit) break
    if (size === 0 || unhealthy <= 0) continue
    const count = Math.min(limit - removed, unhealthy)
    rollout.resize(set, size - count)
    removed += count
  }
  return removed > 0
}

function removeAvailable(rollout: Rollout, minimum: number): boolean {
  let spare = totalAvailable(rollout.sets) - minimum
  let any = false
  for (const set of rollout.old) {
    const count = Math.min(spare, desiredOf(set))
    if (count <= 0) continue
    any = rollout.resize(set, desiredOf(set) - count) || any
    spare -= count
  }
  return any
}
