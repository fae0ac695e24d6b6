import type { KubeObject } from '../api/object.ts'
import { scaled } from './deployment/strategy.ts'
import { type Controller, defineController } from './shared/controller.ts'
import { equal } from './shared/equal.ts'
import { controllerOf, formatTime, keyOf, parseTime, splitKey } from './shared/meta.ts'
import { isGone } from './shared/pod-control.ts'
import { isPodFinished, isPodReady } from './shared/pods.ts'
import { matchesSelector } from './shared/selector.ts'
import { watchKeys } from './shared/watch-owned.ts'

const BUDGETS = 'poddisruptionbudgets.policy'
/** An eviction that was allowed but whose Pod is still there after so long did not happen. */
const DISRUPTED_MS = 120_000
const SCALED: Record<string, string> = {
  ReplicaSet: 'replicasets.apps',
  Deployment: 'deployments.apps',
  StatefulSet: 'statefulsets.apps',
  ReplicationController: 'replicationcontrollers',
}

/** Keeps count of how many Pods of each budget may be disrupted now. */
export const disruptionController = defineController(
  'disruption-controller',
  (controller) => {
    const { api } = controller
    watchKeys(controller, BUDGETS)
    controller.watch('pods', ({ type, object, previous }) => {
      const isSame =
        type === 'MODIFIED' &&
        previous !== undefined &&
        isPodReady(previous) === isPodReady(object) &&
        previous.status?.phase === object.status?.phase &&
        previous.metadata.deletionTimestamp === object.metadata.deletionTimestamp &&
        previous.metadata.labels === object.metadata.labels
      if (isSame) return
      for (const budget of api.list(BUDGETS, { namespace: object.metadata.namespace })) {
        const { selector } = budget.spec
        const selects = (pod: KubeObject | undefined) => pod && matchesSelector(selector, pod.metadata.labels)
        if (selects(object) || selects(previous)) controller.enqueue(keyOf(budget))
      }
    })
    for (const resource of Object.values(SCALED)) {
      controller.watch(resource, ({ object, previous }) => {
        if (previous?.spec.replicas === object.spec.replicas) return
        for (const budget of api.list(BUDGETS, { namespace: object.metadata.namespace }))
          controller.enqueue(keyOf(budget))
      })
    }
    return (key) => {
      const { namespace, name } = splitKey(key)
      const budget = api.get(BUDGETS, namespace, name)
      if (budget) sync(controller, budget)
    }
  },
  { eventSource: 'controllermanager' },
)

function sync(controller: Controller, budget: KubeObject): void {
  const { api } = controller
  const now = api.now()
  const { namespace } = budget.metadata
  const pods = api
    .list('pods', { namespace })
    .filter((pod) => matchesSelector(budget.spec.selector, pod.metadata.labels) && !isPodFinished(pod))
  if (pods.length === 0) controller.event(budget, 'Normal', 'NoPods', 'No matching pods found')
  const { expected, desired, problem } = expectations(controller, budget, pods)
  const disrupted = stillDisrupted(budget, pods, now)
  const next = earliest(disrupted)
  if (next !== undefined) controller.enqueueAfter(keyOf(budget), next + DISRUPTED_MS - now)
  const healthy = pods.filter(
    (pod) => isPodReady(pod) && !pod.metadata.deletionTimestamp && disrupted[pod.metadata.name] === undefined,
  ).length
  const allowed = expected <= 0 || problem ? 0 : Math.max(0, healthy - desired)
  const status = {
    conditions: [condition(budget, allowed, problem, now)],
    currentHealthy: healthy,
    desiredHealthy: desired,
    disruptionsAllowed: allowed,
    ...(Object.keys(disrupted).length > 0 && { disruptedPods: disrupted }),
    expectedPods: expected,
    observedGeneration: budget.metadata.generation,
  }
  if (equal(status, budget.status)) return
  try {
    api.update(BUDGETS, { ...budget, status }, { subresource: 'status' })
  } catch (error) {
    if (!isGone(error)) throw error
    controller.enqueue(keyOf(budget))
  }
}

function expectations(
  controller: Controller,
  budget: KubeObject,
  pods: readonly KubeObject[],
): { expected: number; desired: number; problem?: string } {
  const { minAvailable, maxUnavailable } = budget.spec
  if (typeof minAvailable === 'number') return { expected: pods.length, desired: minAvailable }
  if (minAvailable === undefined && maxUnavailable === undefined) return { expected: pods.length, desired: 0 }
  let expected: number
  try {
    expected = expectedCount(controller, pods)
  } catch (error) {
    const message = `Failed to calculate the number of expected pods: ${(error as Error).message}`
    controller.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', message)
    return { expected: 0, desired: 0, problem: (error as Error).message }
  }
  if (maxUnavailable !== undefined)
    return { expected, desired: Math.max(0, expected - scaled(maxUnavailable, expected, true)) }
  return { expected, desired: scaled(minAvailable, expected, true) }
}

/** The wanted sizes of all controllers that the Pods belong to. */
function expectedCount({ api }: Controller, pods: readonly KubeObject[]): number {
  const sizes = new Map<string, number>()
  for (const pod of pods) {
    const { namespace, name } = pod.metadata
    let owner = controllerOf(pod)
    if (!owner) continue
    let object = SCALED[owner.kind] ? api.get(SCALED[owner.kind]!, namespace, owner.name) : undefined
    if (object && object.metadata.uid !== owner.uid) object = undefined
    const above = object && controllerOf(object)
    if (above?.kind === 'Deployment') {
      owner = above
      object = api.get('deployments.apps', namespace, above.name)
    }
    if (!object) throw new Error(`found no controllers for pod "${name}"`)
    sizes.set(owner.uid, object.spec.replicas ?? 1)
  }
  let sum = 0
  for (const size of sizes.values()) sum += size
  return sum
}

function stillDisrupted(budget: KubeObject, pods: readonly KubeObject[], now: number): Record<string, string> {
  const out: Record<string, string> = {}
  const present = new Map(pods.map((pod) => [pod.metadata.name, pod]))
  for (const [name, time] of Object.entries<string>(budget.status?.disruptedPods ?? {})) {
    const pod = present.get(name)
    if (pod && !pod.metadata.deletionTimestamp && parseTime(time) + DISRUPTED_MS > now) out[name] = time
  }
  return out
}

function earliest(disrupted: Record<string, string>): number | undefined {
  const times = Object.values(disrupted).map(parseTime)
  return times.length > 0 ? Math.min(...times) : undefined
}

function condition(budget: KubeObject, allowed: number, problem: string | undefined, now: number): object {
  const [status, reason] = problem
    ? ['False', 'SyncFailed']
    : allowed > 0
      ? ['True', 'SufficientPods']
      : ['False', 'InsufficientPods']
  const old = budget.status?.conditions?.find((c: any) => c.type === 'DisruptionAllowed')
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : formatTime(now)
  const observedGeneration = budget.metadata.generation
  return { type: 'DisruptionAllowed', status, reason, message: problem ?? '', lastTransitionTime, observedGeneration }
}
