import { isPodFinished } from '../shared/pods.ts'
import type { Rollout } from './rollout.ts'

/** One step of the Recreate strategy: all old Pods must be gone before the first new one. True when it changed something. */
export function recreate(rollout: Rollout): boolean {
  rollout.syncRevision(false)
  let scaledDown = false
  for (const set of rollout.old) scaledDown = rollout.resize(set, 0) || scaledDown
  if (scaledDown || hasOldPods(rollout)) return scaledDown
  if (!rollout.newest) rollout.syncRevision(true)
  return rollout.resize(rollout.newest, rollout.deployment.spec.replicas)
}

function hasOldPods({ controller, deployment, old }: Rollout): boolean {
  const { namespace } = deployment.metadata
  return old.some(
    (set) =>
      (set.status?.replicas ?? 0) > 0 ||
      controller.api.list('pods', { namespace, ownedBy: set.metadata.uid }).some((pod) => !isPodFinished(pod)),
  )
}
