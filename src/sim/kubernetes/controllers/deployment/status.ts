import type { KubeObject } from '../../api/object.ts'
import { formatTime, parseTime } from '../shared/meta.ts'
import { conditionOf, type DeploymentCondition, withCondition, withoutCondition } from './conditions.ts'
import { fence, totalAvailable, totalDesired } from './strategy.ts'

const sum = (sets: readonly KubeObject[], field: string): number =>
  sets.reduce((total, set) => total + (set.status?.[field] ?? 0), 0)

/** Counts and the Available condition, as they are now. */
export function countedStatus(
  deployment: KubeObject,
  all: readonly KubeObject[],
  newest: KubeObject | undefined,
  now: number,
): any {
  const available = totalAvailable(all)
  const enough = available >= deployment.spec.replicas - fence(deployment).unavailable
  return {
    observedGeneration: deployment.metadata.generation,
    replicas: sum(all, 'replicas'),
    updatedReplicas: newest?.status?.replicas ?? 0,
    readyReplicas: sum(all, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, totalDesired(all) - available),
    terminatingReplicas: sum(all, 'terminatingReplicas'),
    collisionCount: deployment.status?.collisionCount,
    conditions: withCondition(
      deployment.status?.conditions,
      {
        type: 'Available',
        status: enough ? 'True' : 'False',
        reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
        message: enough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
      },
      formatTime(now),
    ),
  }
}

export function isComplete(deployment: KubeObject, status: any): boolean {
  const { replicas } = deployment.spec
  return (
    (status?.updatedReplicas ?? 0) === replicas &&
    (status?.replicas ?? 0) === replicas &&
    (status?.availableReplicas ?? 0) === replicas &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  )
}

export function hasDeadline(deployment: KubeObject): boolean {
  const seconds = deployment.spec.progressDeadlineSeconds
  return seconds !== undefined && seconds !== 2_147_483_647
}

function hasProgressed(old: any = {}, next: any): boolean {
  const n = (status: any, field: string): number => status[field] ?? 0
  return (
    n(next, 'updatedReplicas') > n(old, 'updatedReplicas') ||
    n(next, 'replicas') - n(next, 'updatedReplicas') < n(old, 'replicas') - n(old, 'updatedReplicas') ||
    n(next, 'readyReplicas') > n(old, 'readyReplicas') ||
    n(next, 'availableReplicas') > n(old, 'availableReplicas')
  )
}

function hasTimedOut(deployment: KubeObject, status: any, now: number): boolean {
  const condition = conditionOf(status, 'Progressing')
  if (!condition || condition.reason === 'NewReplicaSetAvailable') return false
  if (condition.reason === 'ProgressDeadlineExceeded') return true
  return parseTime(condition.lastUpdateTime ?? '') + deployment.spec.progressDeadlineSeconds * 1000 < now
}

/** Status while rolling out: the counts, how the rollout progresses, and what keeps ReplicaSets from making Pods. */
export function rolloutStatus(
  deployment: KubeObject,
  all: readonly KubeObject[],
  newest: KubeObject | undefined,
  now: number,
): any {
  const status = countedStatus(deployment, all, newest, now)
  const time = formatTime(now)
  const name = newest ? `ReplicaSet "${newest.metadata.name}"` : `Deployment "${deployment.metadata.name}"`
  const current = conditionOf(deployment.status, 'Progressing')
  const settled = status.replicas === status.updatedReplicas && current?.reason === 'NewReplicaSetAvailable'
  const set = (value: 'True' | 'False', reason: string, message: string, conditions = status.conditions) => {
    status.conditions = withCondition(conditions, { type: 'Progressing', status: value, reason, message }, time)
  }
  if (!hasDeadline(deployment)) status.conditions = withoutCondition(status.conditions, 'Progressing')
  else if (!settled) {
    if (isComplete(deployment, status)) set('True', 'NewReplicaSetAvailable', `${name} has successfully progressed.`)
    else if (hasProgressed(deployment.status, status)) {
      // Always a new update time, even when neither status nor reason changes.
      const rest = withoutCondition(status.conditions, 'Progressing')
      set('True', 'ReplicaSetUpdated', `${name} is progressing.`, rest)
      const last = status.conditions.at(-1) as DeploymentCondition
      if (current?.status === 'True') last.lastTransitionTime = current.lastTransitionTime
    } else if (hasTimedOut(deployment, status, now)) {
      set('False', 'ProgressDeadlineExceeded', `${name} has timed out progressing.`)
    }
  }
  const failure = replicaFailure(all, newest)
  if (failure) {
    const { status: value, reason, message } = failure
    const next = { type: 'ReplicaFailure', status: value, reason, message }
    status.conditions = withCondition(status.conditions, next, time)
  } else status.conditions = withoutCondition(status.conditions, 'ReplicaFailure')
  return status
}

function replicaFailure(all: readonly KubeObject[], newest: KubeObject | undefined): any {
  const own = conditionOf(newest?.status, 'ReplicaFailure')
  if (own) return own
  return all.map((set) => conditionOf(set.status, 'ReplicaFailure')).find((condition) => condition !== undefined)
}

/** Milliseconds until the progress deadline must be looked at again. */
export function untilDeadline(deployment: KubeObject, status: any, now: number): number | undefined {
  const condition = conditionOf(status, 'Progressing')
  if (!hasDeadline(deployment) || !condition) return undefined
  if (isComplete(deployment, status) || condition.reason === 'ProgressDeadlineExceeded') return undefined
  const at = parseTime(condition.lastUpdateTime ?? '') + deployment.spec.progressDeadlineSeconds * 1000
  return Math.max(0, at - now) + 1000
}

/** Without the zeros that the API leaves out. */
export function compactStatus(status: any): any {
  const out: any = {}
  for (const [field, value] of Object.entries(status)) {
    if (value === undefined || (value === 0 && field !== 'terminatingReplicas')) continue
    out[field] = value
  }
  return out
}
