import type { KubeObject, ResourceName } from '../../api/object.ts'
import { claim, watchOrphans } from './claim.ts'
import type { Controller } from './controller.ts'
import { equal } from './equal.ts'
import { controllerOf, formatTime, splitKey } from './meta.ts'
import { createPod, deletePod, isConflict, isNotFound, podFromTemplate, slowStart } from './pod-control.ts'
import { rankForDeletion } from './pod-ranking.ts'
import { isPodActive, isPodAvailable, isPodFinished, isPodReady, untilAvailable } from './pods.ts'
import { matchesLabels } from './selector.ts'
import { watchKeys, watchOwned } from './watch-owned.ts'

/** What ReplicaSet and ReplicationController have in common: keep so many Pods of a template. */
export function manageReplicas(controller: Controller, resource: ResourceName, kind: string): (key: string) => void {
  const { api } = controller
  const orphans = watchOrphans(controller, 'pods')
  watchKeys(controller, resource)
  watchOwned(controller, 'pods', kind, resource)

  return (key) => {
    const { namespace, name } = splitKey(key)
    const owner = api.get(resource, namespace, name)
    if (!owner) return
    const pods = claim(controller, owner, 'pods', orphans, selectorOf(owner))
    controller.weigh(key, pods.length)
    const active = pods.filter(isPodActive)
    const failure = owner.metadata.deletionTimestamp ? {} : reconcile(controller, owner, active, resource)
    const fresh = api.get(resource, namespace, name)
    if (!fresh || fresh.metadata.uid !== owner.metadata.uid) return
    updateStatus(controller, resource, fresh, pods, failure)
    if (failure.error) throw failure.error
    for (const pod of active) {
      const wait = untilAvailable(pod, owner.spec.minReadySeconds ?? 0, api.now())
      if (wait !== undefined) controller.enqueueAfter(key, wait)
    }
  }
}

interface Failure {
  reason?: 'FailedCreate' | 'FailedDelete'
  error?: unknown
}

function selectorOf(owner: KubeObject) {
  return owner.kind === 'ReplicationController' ? { matchLabels: owner.spec.selector } : owner.spec.selector
}

function reconcile(
  controller: Controller,
  owner: KubeObject,
  active: readonly KubeObject[],
  resource: ResourceName,
): Failure {
  const missing = (owner.spec.replicas ?? 1) - active.length
  if (missing > 0) {
    const pod = podFromTemplate(owner, owner.spec.template)
    const { error } = slowStart(Math.min(missing, 500), () => createPod(controller, owner, pod))
    if (!error && missing > 500) controller.enqueueAfter(`${owner.metadata.namespace}/${owner.metadata.name}`, 5)
    return error ? { reason: 'FailedCreate', error } : {}
  }
  if (missing < 0) {
    const now = controller.api.now()
    for (const pod of rankForDeletion(active, crowdOf(controller, owner, active, resource), now).slice(0, -missing)) {
      try {
        deletePod(controller, owner, pod)
      } catch (error) {
        return { reason: 'FailedDelete', error }
      }
    }
  }
  return {}
}

/** Pods by node, of all sets with the same controller (so that a Deployment's old and new Pods count together). */
function crowdOf(controller: Controller, owner: KubeObject, active: readonly KubeObject[], resource: ResourceName) {
  const parent = controllerOf(owner)
  let related = active
  if (parent) {
    related = controller.api
      .list(resource, { namespace: owner.metadata.namespace, ownedBy: parent.uid })
      .flatMap((set) => [
        ...controller.api.list('pods', { namespace: owner.metadata.namespace, ownedBy: set.metadata.uid }),
      ])
      .filter(isPodActive)
  }
  const crowd = new Map<string, number>()
  for (const { spec } of related) if (spec.nodeName) crowd.set(spec.nodeName, (crowd.get(spec.nodeName) ?? 0) + 1)
  return crowd
}

function updateStatus(
  controller: Controller,
  resource: ResourceName,
  owner: KubeObject,
  before: readonly KubeObject[],
  failure: Failure,
): void {
  const { api } = controller
  const now = api.now()
  const selector = selectorOf(owner)
  // What was just created or deleted is counted at the next pass, as the real one counts what its cache showed.
  const active = before.filter(isPodActive)
  const ready = active.filter(isPodReady)
  const labels = owner.spec.template?.metadata?.labels
  const count = (n: number) => (n > 0 ? n : undefined)
  const status: any = {
    ...owner.status,
    replicas: active.length,
    fullyLabeledReplicas: count(active.filter((pod) => matchesLabels(labels, pod.metadata.labels)).length),
    readyReplicas: count(ready.length),
    availableReplicas: count(ready.filter((pod) => isPodAvailable(pod, owner.spec.minReadySeconds ?? 0, now)).length),
    observedGeneration: owner.metadata.generation,
    conditions: conditions(owner.status?.conditions, failure, now),
  }
  if (owner.kind === 'ReplicaSet') {
    status.terminatingReplicas = before.filter((pod) => pod.metadata.deletionTimestamp && !isPodFinished(pod)).length
  }
  if (selector === undefined || equal(status, owner.status)) return
  try {
    api.update(resource, { ...owner, status: JSON.parse(JSON.stringify(status)) }, { subresource: 'status' })
  } catch (error) {
    if (isNotFound(error)) return
    if (isConflict(error)) {
      controller.enqueue(`${owner.metadata.namespace}/${owner.metadata.name}`)
      return
    }
    throw error
  }
}

function conditions(old: any[] = [], failure: Failure, now: number): any[] | undefined {
  const others = old.filter((condition) => condition.type !== 'ReplicaFailure')
  if (!failure.error) return others.length > 0 ? others : undefined
  const existing = old.find((condition) => condition.type === 'ReplicaFailure')
  if (existing) return old
  return [
    ...others,
    {
      type: 'ReplicaFailure',
      status: 'True',
      reason: failure.reason,
      message: (failure.error as Error).message,
      lastTransitionTime: formatTime(now),
    },
  ]
}
