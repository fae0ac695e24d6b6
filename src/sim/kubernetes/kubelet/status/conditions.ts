import type { Container, ContainerStatus, Pod, PodCondition } from '../pod.ts'
import { isSidecar } from '../pod.ts'

interface Facts {
  phase: string
  sandboxReady: boolean
  statuses: ReadonlyMap<string, ContainerStatus>
}

/** The conditions the kubelet owns, in the order it writes them. */
export function kubeletConditions(pod: Pod, facts: Facts): PodCondition[] {
  const containersReady = containersReadyCondition(pod, facts)
  return [
    { type: 'PodReadyToStartContainers', status: facts.sandboxReady ? 'True' : 'False' },
    initializedCondition(pod, facts),
    readyCondition(pod, containersReady),
    containersReady,
  ]
}

export const KUBELET_CONDITIONS = new Set([
  'PodReadyToStartContainers',
  'Initialized',
  'Ready',
  'ContainersReady',
  'PodResizePending',
  'PodResizeInProgress',
])

function initializedCondition(pod: Pod, { phase, statuses }: Facts): PodCondition {
  const type = 'Initialized'
  const incomplete = (pod.spec.initContainers ?? []).filter((c) => !isInitialized(c, statuses.get(c.name)))
  const mainStarted = pod.spec.containers.some((c) => {
    const status = statuses.get(c.name)
    return status?.state?.running || status?.state?.terminated || status?.lastState?.terminated
  })
  if (phase === 'Succeeded' && incomplete.length === 0) return { type, status: 'True', reason: 'PodCompleted' }
  if (incomplete.length === 0 || mainStarted) return { type, status: 'True' }
  return {
    type,
    status: 'False',
    reason: 'ContainersNotInitialized',
    message: `containers with incomplete status: [${incomplete.map((c) => c.name).join(' ')}]`,
  }
}

function isInitialized(container: Container, status: ContainerStatus | undefined): boolean {
  if (!status) return false
  return isSidecar(container) ? status.started === true : status.state?.terminated?.exitCode === 0 && status.ready
}

function containersReadyCondition(pod: Pod, { phase, statuses }: Facts): PodCondition {
  const type = 'ContainersReady'
  if (phase === 'Succeeded') return { type, status: 'False', reason: 'PodCompleted' }
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' }
  const serving = [...(pod.spec.initContainers ?? []).filter(isSidecar), ...pod.spec.containers]
  const unknown = serving.filter((c) => !statuses.has(c.name)).map((c) => c.name)
  const unready = serving.filter((c) => statuses.has(c.name) && !statuses.get(c.name)!.ready).map((c) => c.name)
  if (unknown.length === 0 && unready.length === 0) return { type, status: 'True' }
  const parts = []
  if (unknown.length > 0) parts.push(`containers with unknown status: [${unknown.join(' ')}]`)
  if (unready.length > 0) parts.push(`containers with unready status: [${unready.join(' ')}]`)
  return { type, status: 'False', reason: 'ContainersNotReady', message: parts.join(', ') }
}

function readyCondition(pod: Pod, containersReady: PodCondition): PodCondition {
  const type = 'Ready'
  if (containersReady.status !== 'True') return { ...containersReady, type }
  const messages: string[] = []
  for (const { conditionType } of pod.spec.readinessGates ?? []) {
    const condition = pod.status?.conditions?.find((c) => c.type === conditionType)
    const gate = `corresponding condition of pod readiness gate ${JSON.stringify(conditionType)}`
    if (!condition) messages.push(`${gate} does not exist.`)
    else if (condition.status !== 'True')
      messages.push(
        `the status of pod readiness gate ${JSON.stringify(conditionType)} is not "True", but ${condition.status}`,
      )
  }
  if (messages.length === 0) return { type, status: 'True' }
  return { type, status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ') }
}

/** Stamps new conditions: the transition time stays while the status does; conditions of others are kept. */
export function mergeConditions(pod: Pod, fresh: readonly PodCondition[], now: string): PodCondition[] {
  const old = pod.status?.conditions ?? []
  const generation = pod.metadata.generation
  const owned = fresh.map((condition) => {
    const before = old.find((c) => c.type === condition.type)
    const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : now
    return { lastProbeTime: null, ...condition, lastTransitionTime, observedGeneration: generation }
  })
  const names = new Set(fresh.map((c) => c.type))
  const others = old
    .filter((c) => !names.has(c.type) && !KUBELET_CONDITIONS.has(c.type))
    .map((c) => (c.type === 'PodScheduled' ? { ...c, observedGeneration: generation } : c))
  return [...owned, ...others]
}
