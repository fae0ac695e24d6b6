import type { KubeObject } from '../api/object.ts'
import { type Controller, defineController } from './shared/controller.ts'
import { equal } from './shared/equal.ts'
import { formatTime } from './shared/meta.ts'
import { isConflict, isNotFound } from './shared/pod-control.ts'
import { isPodReady } from './shared/pods.ts'

const MONITOR_MS = 5000
const GRACE_MS = 50_000
const STARTUP_GRACE_MS = 60_000

interface Health {
  /** What was last heard of the node, and when. */
  heartbeat: unknown
  lease: unknown
  heardAt: number
  everPosted: boolean
  ready: string | undefined
}

interface Taint {
  key: string
  value?: string
  effect: string
  timeAdded?: string
}

/** Conditions that keep new Pods away, and the taint that does it. */
const CONDITION_TAINTS: Record<string, Record<string, string>> = {
  Ready: { False: 'node.kubernetes.io/not-ready', Unknown: 'node.kubernetes.io/unreachable' },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
}
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable'
const MANAGED = new Set([UNSCHEDULABLE, ...Object.values(CONDITION_TAINTS).flatMap((taints) => Object.values(taints))])
const EVICTING = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
const NEVER = 'Kubelet never posted node status.'
const STOPPED = 'Kubelet stopped posting node status.'

/** Notices nodes that stopped reporting, taints nodes by their conditions, and marks the Pods of dead ones not ready. */
export const nodeLifecycleController = defineController(
  'node-lifecycle-controller',
  (controller) => {
    const { api } = controller
    const health = new Map<string, Health>()
    controller.watch('nodes', ({ type, object, previous }) => {
      if (type !== 'DELETED' && (!previous || mattersForTaints(previous, object)))
        controller.enqueue(object.metadata.name)
    })
    controller.every(MONITOR_MS, () => monitor(controller, health))
    return (name) => {
      const node = api.get('nodes', undefined, name)
      if (!node) return
      taintByCondition(controller, node)
      if (!health.has(name)) register(controller, node, health)
    }
  },
  { account: 'node-controller', eventSource: 'node-controller' },
)

function mattersForTaints(before: KubeObject, after: KubeObject): boolean {
  const statuses = (node: KubeObject) => (node.status?.conditions ?? []).map((c: any) => [c.type, c.status])
  return (
    before.spec?.unschedulable !== after.spec?.unschedulable ||
    !equal(before.spec?.taints, after.spec?.taints) ||
    !equal(statuses(before), statuses(after))
  )
}

function taintByCondition(controller: Controller, node: KubeObject): void {
  const wanted: Taint[] = []
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = CONDITION_TAINTS[type]?.[status]
    if (key) wanted.push({ key, effect: 'NoSchedule' })
  }
  if (node.spec?.unschedulable) wanted.push({ key: UNSCHEDULABLE, effect: 'NoSchedule' })
  setTaints(controller, node, wanted, (taint) => taint.effect === 'NoSchedule' && MANAGED.has(taint.key))
}

/** Replaces the taints that are `ours` by the wanted ones; those already there stay as they are. */
function setTaints(
  controller: Controller,
  node: KubeObject,
  wanted: readonly Taint[],
  ours: (taint: Taint) => boolean,
): void {
  const taints: Taint[] = node.spec?.taints ?? []
  const same = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect
  const missing = wanted.filter((taint) => !taints.some((t) => same(t, taint)))
  const kept = taints.filter((taint) => !ours(taint) || wanted.some((t) => same(t, taint)))
  if (missing.length === 0 && kept.length === taints.length) return
  const timeAdded = formatTime(controller.api.now())
  const next = [...kept, ...missing.map((taint) => ({ ...taint, timeAdded }))]
  const patch = {
    metadata: { resourceVersion: node.metadata.resourceVersion },
    spec: { taints: next.length > 0 ? next : null },
  }
  try {
    controller.api.patch('nodes', undefined, node.metadata.name, patch, { type: 'merge' })
  } catch (error) {
    if (isConflict(error)) controller.enqueue(node.metadata.name)
    else if (!isNotFound(error)) throw error
  }
}

function monitor(controller: Controller, health: Map<string, Health>): void {
  const { api } = controller
  const nodes = api.list('nodes')
  const names = new Set(nodes.map(({ metadata }) => metadata.name))
  for (const name of [...health.keys()]) {
    if (names.has(name)) continue
    health.delete(name)
    const gone = { apiVersion: 'v1', kind: 'Node', metadata: { name, uid: name } } as KubeObject
    const message = `Node ${name} event: Removing Node ${name} from Controller`
    controller.event(gone, 'Normal', 'RemovingNode', message)
  }
  for (const node of nodes) checkNode(controller, node, health)
  const current = api.list('nodes')
  const reachable = current.some((node) => readyStatus(node) === 'True')
  for (const node of current) {
    const status = readyStatus(node)
    const key = status === 'False' ? EVICTING[0] : status === 'Unknown' ? EVICTING[1] : undefined
    // When no node at all is heard of, the fault is likelier here: nothing is evicted.
    const wanted = key && reachable ? [{ key, effect: 'NoExecute' }] : []
    setTaints(controller, node, wanted, (taint) => taint.effect === 'NoExecute' && EVICTING.includes(taint.key))
  }
}

function readyStatus(node: KubeObject): string | undefined {
  return node.status?.conditions?.find((condition: any) => condition.type === 'Ready')?.status
}

function signsOfLife({ api }: Controller, { metadata, status }: KubeObject): { heartbeat: unknown; lease: unknown } {
  const ready = status?.conditions?.find((condition: any) => condition.type === 'Ready')
  const lease = api.get('leases.coordination.k8s.io', 'kube-node-lease', metadata.name)
  return { heartbeat: ready?.lastHeartbeatTime, lease: lease?.spec?.renewTime }
}

function register(controller: Controller, node: KubeObject, healths: Map<string, Health>): Health {
  const { name } = node.metadata
  const signs = signsOfLife(controller, node)
  const everPosted = signs.heartbeat !== undefined
  const health = { ...signs, heardAt: controller.clock.now, everPosted, ready: readyStatus(node) }
  healths.set(name, health)
  controller.event(node, 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`)
  return health
}

function checkNode(controller: Controller, node: KubeObject, healths: Map<string, Health>): void {
  const { name } = node.metadata
  const { now } = controller.clock
  const { heartbeat, lease } = signsOfLife(controller, node)
  const health = healths.get(name) ?? register(controller, node, healths)
  if (health.heartbeat !== heartbeat || health.lease !== lease) {
    Object.assign(health, { heartbeat, lease, heardAt: now, everPosted: heartbeat !== undefined })
  }
  const grace = health.everPosted ? GRACE_MS : STARTUP_GRACE_MS
  let current = node
  if (now - health.heardAt >= grace) current = markUnknown(controller, node)
  const status = readyStatus(current)
  if (health.ready === 'True' && status !== 'True') {
    const message = `Node ${name} status is now: NodeNotReady`
    controller.event(current, 'Normal', 'NodeNotReady', message)
  }
  if (status !== 'True' && status !== undefined) markPodsNotReady(controller, name)
  health.ready = status
}

function markUnknown(controller: Controller, node: KubeObject): KubeObject {
  const time = formatTime(controller.api.now())
  const conditions = [...(node.status?.conditions ?? [])]
  let changed = false
  for (const type of ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']) {
    const at = conditions.findIndex((condition) => condition.type === type)
    if (at < 0) {
      const lastHeartbeatTime = node.metadata.creationTimestamp
      const words = { reason: 'NodeStatusNeverUpdated', message: NEVER }
      conditions.push({ type, status: 'Unknown', ...words, lastHeartbeatTime, lastTransitionTime: time })
      changed = true
    } else if (conditions[at].status !== 'Unknown') {
      const words = { reason: 'NodeStatusUnknown', message: STOPPED }
      conditions[at] = { ...conditions[at], status: 'Unknown', ...words, lastTransitionTime: time }
      changed = true
    }
  }
  if (!changed) return node
  return controller.api.update('nodes', { ...node, status: { ...node.status, conditions } }, { subresource: 'status' })
}

/** Nobody can tell whether the Pods of a dead node serve; Services leave them out. */
function markPodsNotReady(controller: Controller, node: string): void {
  const { api } = controller
  for (const pod of api.list('pods', { onNode: node })) {
    if (!isPodReady(pod)) continue
    const lastTransitionTime = formatTime(api.now())
    const conditions = pod.status.conditions.map((condition: any) =>
      condition.type === 'Ready' ? { ...condition, status: 'False', lastTransitionTime } : condition,
    )
    try {
      api.update('pods', { ...pod, status: { ...pod.status, conditions } }, { subresource: 'status' })
      controller.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready')
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error
    }
  }
}
