import type { KubeObject } from '../../api/object.ts'
import { claim, watchOrphans } from '../shared/claim.ts'
import { defineController } from '../shared/controller.ts'
import { controllerOf, formatTime, splitKey } from '../shared/meta.ts'
import { isGone } from '../shared/pod-control.ts'
import { isEmptySelector } from '../shared/selector.ts'
import { watchKeys, watchOwned } from '../shared/watch-owned.ts'
import { revisionOf } from './annotations.ts'
import { conditionOf, withCondition } from './conditions.ts'
import { recreate } from './recreate.ts'
import { rollOn } from './rolling-update.ts'
import { byCreation, Rollout } from './rollout.ts'
import { isScalingEvent, scaleDeployment } from './scaling.ts'
import { countedStatus, hasDeadline, isComplete, rolloutStatus, untilDeadline } from './status.ts'

export const deploymentController = defineController('deployment-controller', (controller) => {
  const { api } = controller
  const orphans = watchOrphans(controller, 'replicasets.apps')
  watchKeys(controller, 'deployments.apps')
  watchOwned(controller, 'replicasets.apps', 'Deployment', 'deployments.apps')
  // A Recreate rollout waits for the last old Pod to go.
  controller.watch('pods', ({ type, object }) => {
    const set = type === 'DELETED' ? controllerOf(object) : undefined
    if (set?.kind !== 'ReplicaSet') return
    const owner = api.get('replicasets.apps', object.metadata.namespace, set.name)
    const deployment = owner && controllerOf(owner)
    if (deployment?.kind === 'Deployment') controller.enqueue(`${object.metadata.namespace}/${deployment.name}`)
  })

  return (key) => {
    const { namespace, name } = splitKey(key)
    const deployment = api.get('deployments.apps', namespace, name)
    if (!deployment) return
    if (isEmptySelector(deployment.spec.selector)) {
      const message = 'This deployment is selecting all pods. A non-empty selector is required.'
      controller.event(deployment, 'Warning', 'SelectingAll', message)
      return
    }
    const rollout = new Rollout(controller, deployment, claim(controller, deployment, 'replicasets.apps', orphans))
    try {
      sync(rollout)
    } catch (error) {
      // A newer version of something exists, and its event asks for another pass.
      if (!isGone(error)) throw error
      controller.enqueue(key)
    }
    const wait = untilDeadline(rollout.deployment, rollout.deployment.status, api.now())
    if (wait !== undefined) controller.enqueueAfter(key, wait)
  }
})

function sync(rollout: Rollout): void {
  const now = rollout.controller.api.now()
  if (rollout.deployment.metadata.deletionTimestamp) {
    rollout.syncRevision(false)
    rollout.writeStatus(countedStatus(rollout.deployment, rollout.sets, rollout.newest, now))
    return
  }
  notePause(rollout)
  const { paused, strategy } = rollout.deployment.spec
  if (paused || isScalingEvent(rollout)) {
    rollout.syncRevision(false)
    scaleDeployment(rollout)
    if (paused) cleanUp(rollout)
    rollout.writeStatus(countedStatus(rollout.deployment, rollout.sets, rollout.newest, now))
    return
  }
  let changed: boolean
  if (strategy?.type === 'Recreate') changed = recreate(rollout)
  else {
    rollout.syncRevision(true)
    changed = rollOn(rollout)
  }
  if (!changed && isComplete(rollout.deployment, rollout.deployment.status)) cleanUp(rollout)
  rollout.writeStatus(rolloutStatus(rollout.deployment, rollout.sets, rollout.newest, now))
}

function notePause(rollout: Rollout): void {
  const { deployment, controller } = rollout
  if (!hasDeadline(deployment)) return
  const condition = conditionOf(deployment.status, 'Progressing')
  if (condition?.reason === 'ProgressDeadlineExceeded') return
  const { paused } = deployment.spec
  const isNoted = condition?.reason === 'DeploymentPaused'
  if (!!paused === isNoted) return
  const [reason, message] = paused
    ? ['DeploymentPaused', 'Deployment is paused']
    : ['DeploymentResumed', 'Deployment is resumed']
  const next = { type: 'Progressing', status: 'Unknown', reason, message }
  const conditions = withCondition(deployment.status?.conditions, next, formatTime(controller.api.now()))
  rollout.writeStatus({ ...deployment.status, conditions })
}

/** Deletes old ReplicaSets beyond spec.revisionHistoryLimit. */
function cleanUp({ deployment, old, controller }: Rollout): void {
  const limit = deployment.spec.revisionHistoryLimit
  if (limit === undefined || limit === 2_147_483_647) return
  const alive = old.filter((set) => !set.metadata.deletionTimestamp)
  alive.sort((a, b) => revisionOf(a) - revisionOf(b) || byCreation(a, b))
  for (const set of alive.slice(0, Math.max(0, alive.length - limit))) {
    if (isUnused(set)) controller.api.delete('replicasets.apps', set.metadata.namespace, set.metadata.name)
  }
}

function isUnused({ spec, status, metadata }: KubeObject): boolean {
  return !spec.replicas && !status?.replicas && (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0)
}
