import type { ComponentContext, Running } from '../api/component.ts'
import { ApiError, type KubeObject } from '../api/object.ts'
import { equal } from '../controllers/shared/equal.ts'
import { formatTime, keyOf, splitKey } from '../controllers/shared/meta.ts'
import { isPodFinished } from '../controllers/shared/pods.ts'
import { SchedulerCache } from './cache.ts'
import { type Diagnosis, fitMessage } from './fit-error.ts'
import { Framework } from './framework.ts'
import type { NodeInfo } from './node-info.ts'
import { type ClusterChange, type Cycle, newCycle, type PluginContext } from './plugin.ts'
import { PLUGINS } from './plugins/index.ts'
import { isGated } from './plugins/scheduling-gates.ts'
import { volumePlan } from './plugins/volume-binding.ts'
import { preempt } from './preemption.ts'
import { type QueuedPod, SchedulingQueue } from './queue.ts'
import { Verdicts } from './verdicts.ts'
import { VolumeBinder } from './volume-binder.ts'

const NAME = 'default-scheduler'
/** Plugins that a node by itself decides about, whatever else runs in the cluster. */
const PER_NODE = new Set([
  'NodeUnschedulable',
  'NodeName',
  'TaintToleration',
  'NodeAffinity',
  'NodeResourcesFit',
  'NodePorts',
])

export interface RunningScheduler extends Running {
  /** What the plugins said of each node, for the Pods tried last. */
  readonly verdicts: Verdicts
}

/** kube-scheduler with its default profile. */
export function startScheduler(context: ComponentContext): RunningScheduler {
  const scheduler = new Scheduler(context)
  return { verdicts: scheduler.verdicts, stop: () => scheduler.stop() }
}

class Scheduler {
  readonly verdicts = new Verdicts()
  readonly #context: ComponentContext
  readonly #plugins: PluginContext
  readonly #cache = new SchedulerCache()
  readonly #queue: SchedulingQueue
  readonly #framework: Framework
  readonly #volumes: VolumeBinder
  readonly #random
  /** Unassigned Pods with a nominated node. */
  readonly #nominated = new Map<string, KubeObject>()
  readonly #watches: { stop(): void }[] = []
  #planned = false
  #stopped = false

  constructor(context: ComponentContext) {
    const api = context.api.as('system:kube-scheduler', 'kube-scheduler')
    this.#context = { ...context, api }
    this.#random = context.random.fork('scheduler')
    this.#plugins = { api, cache: this.#cache }
    this.#queue = new SchedulingQueue(context.clock, () => this.#plan())
    this.#framework = new Framework(PLUGINS, this.#plugins, this.verdicts, (node) =>
      this.#nominated.size === 0
        ? []
        : [...this.#nominated.values()].filter((pod) => pod.status?.nominatedNodeName === node),
    )
    this.#volumes = new VolumeBinder(api, context.clock)
    this.#watch()
  }

  stop(): void {
    this.#stopped = true
    this.#queue.stop()
    for (const watch of this.#watches) watch.stop()
  }

  #watch(): void {
    const { api } = this.#context
    this.#watches.push(
      api.watch('nodes', ({ type, object, previous }) => {
        if (type === 'DELETED') this.#cache.removeNode(object.metadata.name)
        else {
          this.#cache.setNode(object)
          if (!previous || nodeChanged(previous, object)) this.#changed('node', object.metadata.name)
        }
      }),
      api.watch('pods', ({ type, object, previous }) => {
        if (object.spec.nodeName) this.#assignedPod(type, object, previous)
        else this.#waitingPod(type, object, previous)
      }),
    )
    for (const resource of ['persistentvolumeclaims', 'persistentvolumes', 'storageclasses.storage.k8s.io']) {
      this.#watches.push(
        api.watch(resource, ({ type, object }) => {
          if (type !== 'DELETED') this.#changed('volume')
          if (resource === 'persistentvolumeclaims') this.#volumes.claimChanged(object)
        }),
      )
    }
  }

  #assignedPod(type: string, pod: KubeObject, previous: KubeObject | undefined): void {
    const { uid } = pod.metadata
    this.#queue.remove(uid)
    this.#nominated.delete(uid)
    if (type === 'DELETED' || isPodFinished(pod)) {
      const wasThere = this.#cache.pod(uid) !== undefined
      this.#cache.removePod(uid)
      if (wasThere) this.#changed('pod-gone', pod.spec.nodeName)
      return
    }
    const isNew = !previous?.spec.nodeName
    const labelsChanged = previous !== undefined && previous.metadata.labels !== pod.metadata.labels
    const matters = isNew || labelsChanged || previous.spec !== pod.spec
    const startsLeaving = pod.metadata.deletionTimestamp && !previous?.metadata.deletionTimestamp
    if (matters || startsLeaving) this.#cache.setPod(pod)
    if (matters) this.#changed('pod-assigned', pod.spec.nodeName)
  }

  #waitingPod(type: string, pod: KubeObject, previous: KubeObject | undefined): void {
    const { uid, deletionTimestamp } = pod.metadata
    if (type === 'DELETED' || deletionTimestamp || isPodFinished(pod)) {
      this.#queue.remove(uid)
      this.#nominated.delete(uid)
      this.#volumes.forget(uid)
      if (this.#cache.pod(uid)) this.#cache.removePod(uid)
      return
    }
    if ((pod.spec.schedulerName ?? NAME) !== NAME) return
    if (pod.status?.nominatedNodeName) this.#nominated.set(uid, pod)
    else this.#nominated.delete(uid)
    // It has its node already, in the scheduler's mind.
    if (this.#cache.pod(uid)) return
    if (isGated(pod)) return
    if (!this.#queue.has(uid)) {
      if (!previous || isGated(previous)) this.#queue.add(keyOf(pod), uid, pod.spec.priority ?? 0)
      return
    }
    if (previous && (previous.spec !== pod.spec || !equal(previous.metadata.labels, pod.metadata.labels))) {
      if (!equal(previous.spec, pod.spec) || !equal(previous.metadata.labels, pod.metadata.labels))
        this.#queue.wake(uid)
    }
  }

  /** Wakes the unschedulable Pods that a change may help. */
  #changed(change: ClusterChange, nodeName?: string): void {
    for (const queued of this.#queue.unschedulable) {
      const interested = this.#framework.plugins.some(
        ({ name, wakes }) => queued.rejectedBy.has(name) && wakes?.includes(change),
      )
      if ((interested || queued.rejectedBy.size === 0) && this.#mayHelp(queued, change, nodeName))
        this.#queue.wake(queued.uid)
    }
  }

  /** Where only the node itself was in the way: whether this one is not (any more). */
  #mayHelp(queued: QueuedPod, change: ClusterChange, nodeName: string | undefined): boolean {
    if (change === 'volume' || change === 'pod-assigned') return true
    if ([...queued.rejectedBy].some((name) => !PER_NODE.has(name))) return true
    const { namespace, name } = splitKey(queued.key)
    const pod = this.#context.api.get('pods', namespace, name)
    const node = this.#cache.node(nodeName ?? '')
    if (!pod || !node) return false
    const cycle = newCycle(pod)
    return this.#framework.plugins.every(
      ({ name: plugin, filter }) => !PER_NODE.has(plugin) || !filter?.(cycle, node, this.#plugins),
    )
  }

  #plan(): void {
    if (this.#planned || this.#stopped) return
    this.#planned = true
    this.#context.clock.after(0.5 + this.#random.float() * 1.5, () => {
      this.#planned = false
      if (this.#stopped) return
      const queued = this.#queue.pop()
      if (!queued) return
      this.#plan()
      this.#schedule(queued)
    })
  }

  #schedule(queued: QueuedPod): void {
    const { api, onError } = this.#context
    const { namespace, name } = splitKey(queued.key)
    const pod = api.get('pods', namespace, name)
    if (!pod || pod.metadata.uid !== queued.uid || pod.spec.nodeName || pod.metadata.deletionTimestamp) return
    this.verdicts.begin(pod, api.now())
    try {
      this.#place(queued, pod)
    } catch (error) {
      this.verdicts.end({ message: (error as Error).message })
      onError?.('scheduler', queued.key, error)
      if (!(error instanceof ApiError)) throw error
      if (error.code !== 404 && !this.#queue.has(queued.uid)) this.#queue.backOff(queued)
    }
  }

  #place(queued: QueuedPod, pod: KubeObject): void {
    if (this.#cache.nodes.length === 0) {
      this.#fail(queued, pod, new Set(), 'no nodes available to schedule pods')
      return
    }
    const { cycle, feasible, diagnosis } = this.#framework.findNodes(pod)
    if (feasible.length === 0) {
      this.#unplaceable(queued, cycle, diagnosis)
      return
    }
    const node = this.#select(cycle, feasible)
    this.verdicts.end({ node: node.name })
    const plan = volumePlan(cycle, node, this.#plugins)
    if (!plan) {
      this.#bind(pod, node.name)
      return
    }
    // The Pod counts as being there while its volumes are made.
    this.#cache.setPod({ ...pod, spec: { ...pod.spec, nodeName: node.name } })
    this.#volumes.bind(pod, node.name, plan, (error) => {
      const current = this.#context.api.get('pods', pod.metadata.namespace, pod.metadata.name)
      if (current?.metadata.uid !== pod.metadata.uid || current.metadata.deletionTimestamp) return
      if (!error) this.#bind(current, node.name)
      else {
        this.#cache.removePod(pod.metadata.uid)
        this.#fail(queued, current, new Set(['VolumeBinding']), error)
      }
    })
  }

  #select(cycle: Cycle, feasible: readonly NodeInfo[]): NodeInfo {
    if (feasible.length === 1) return feasible[0]!
    const points = this.#framework.score(cycle, feasible)
    const best = Math.max(...points)
    return this.#random.pick(feasible.filter((_, i) => points[i] === best))
  }

  #bind(pod: KubeObject, node: string): void {
    const { api, events } = this.#context
    const { namespace, name, uid } = pod.metadata
    const target = { kind: 'Node', name: node }
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, uid }, target }
    api.create('pods', binding, { subresource: 'binding' })
    const message = `Successfully assigned ${namespace}/${name} to ${node}`
    events.record(pod, 'Normal', 'Scheduled', message, { component: NAME, host: HOST, action: 'Binding' })
  }

  #unplaceable(queued: QueuedPod, cycle: Cycle, diagnosis: Diagnosis): void {
    const message = fitMessage(diagnosis)
    if (diagnosis.preFilter) {
      // A later plugin that never ran is asked for its state, and says so.
      this.#fail(queued, cycle.pod, diagnosis.plugins, `${message} not found`)
      return
    }
    const result = preempt(cycle, diagnosis, this.#framework, this.#plugins)
    if ('message' in result) {
      const text = `${message} no new claims to deallocate, ${result.message}`
      this.#fail(queued, cycle.pod, diagnosis.plugins, text)
      return
    }
    this.#fail(queued, cycle.pod, diagnosis.plugins, message, result.node)
    this.#context.clock.after(1 + this.#random.float() * 2, () => {
      for (const victim of result.victims) this.#evict(victim, cycle.pod, result.node)
    })
  }

  #evict(victim: KubeObject, preemptor: KubeObject, node: string): void {
    const { api, events } = this.#context
    const { namespace, name, uid } = victim.metadata
    const current = api.get('pods', namespace, name)
    if (this.#stopped || current?.metadata.uid !== uid || current.metadata.deletionTimestamp) return
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: `${NAME}: preempting to accommodate a higher priority pod`,
      lastProbeTime: null,
      lastTransitionTime: formatTime(api.now()),
      observedGeneration: current.metadata.generation,
    }
    const conditions = [...(current.status?.conditions ?? []), condition]
    api.update('pods', { ...current, status: { ...current.status, conditions } }, { subresource: 'status' })
    api.delete('pods', namespace, name, { preconditions: { uid } })
    const message = `Preempted by pod ${preemptor.metadata.uid} on node ${node}`
    const source = { component: NAME, host: HOST, action: 'Preempting', related: preemptor }
    events.record(victim, 'Normal', 'Preempted', message, source)
  }

  #fail(
    queued: QueuedPod,
    pod: KubeObject,
    rejectedBy: ReadonlySet<string>,
    message: string,
    nominated?: string,
  ): void {
    const { api, events } = this.#context
    this.verdicts.end({ message })
    this.#queue.park(queued, rejectedBy)
    events.record(pod, 'Warning', 'FailedScheduling', message, { component: NAME, host: HOST, action: 'Scheduling' })
    const old: any[] = pod.status?.conditions ?? []
    const current = old.find((condition) => condition.type === 'PodScheduled')
    const next = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastProbeTime: null,
      lastTransitionTime: current?.status === 'False' ? current.lastTransitionTime : formatTime(api.now()),
      observedGeneration: pod.metadata.generation,
    }
    const nominatedNodeName = nominated ?? pod.status?.nominatedNodeName
    if (equal(current, next) && nominatedNodeName === pod.status?.nominatedNodeName) return
    const conditions = [...old.filter((condition) => condition.type !== 'PodScheduled'), next]
    const status = { ...pod.status, conditions, ...(nominatedNodeName && { nominatedNodeName }) }
    api.update('pods', { ...pod, status }, { subresource: 'status' })
  }
}

/** The recorded cluster's control plane ran on a machine called vm. */
const HOST = `${NAME}-vm`

/** Heartbeats change nothing for the scheduler. */
function nodeChanged(before: KubeObject, after: KubeObject): boolean {
  return (
    !equal(before.spec, after.spec) ||
    !equal(before.metadata.labels, after.metadata.labels) ||
    !equal(before.status?.allocatable, after.status?.allocatable)
  )
}
