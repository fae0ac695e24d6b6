import type { LabelSelector } from '../../api/client.ts'
import type { KubeObject } from '../../api/object.ts'
import { controllerOf } from '../../controllers/shared/meta.ts'
import { matchesLabels, matchesSelector } from '../../controllers/shared/selector.ts'
import type { NodeInfo } from '../node-info.ts'
import type { Cycle, PluginContext, SchedulerPlugin } from '../plugin.ts'
import { unresolvable, unschedulable } from '../status.ts'
import { matchesRequiredNodes } from './node-affinity.ts'
import { type Taint, toleratesTaint } from './tolerations.ts'

interface Constraint {
  topologyKey: string
  maxSkew: number
  minDomains: number
  selector: LabelSelector
  honorAffinity: boolean
  honorTaints: boolean
  /** One of the scheduler's own, for Pods that give none. */
  isDefault: boolean
}

interface Spread extends Constraint {
  /** Matching Pods by the domain's name. */
  domains: Map<string, number>
  minimum: number
}

interface Scored {
  constraint: Constraint
  domains: ReadonlyMap<string, number>
  /** The domains are the nodes' names. */
  byNode: boolean
  weight: number
}

const HOSTNAME = 'kubernetes.io/hostname'
const NAME = 'PodTopologySpread'

export const podTopologySpread: SchedulerPlugin = {
  name: NAME,
  wakes: ['node', 'pod-gone', 'pod-assigned', 'pod-itself'],
  preFilter(cycle, context) {
    const constraints = constraintsOf(cycle.pod, 'DoNotSchedule')
    const spreads = constraints.map((constraint) => countDomains(constraint, constraints, cycle, context))
    cycle.state.set(NAME, spreads)
    return { skip: spreads.length === 0 }
  },
  filter(cycle, node, context) {
    for (const spread of (cycle.state.get(NAME) as Spread[] | undefined) ?? []) {
      const value = node.labels[spread.topologyKey]
      if (value === undefined) {
        return unresolvable("node(s) didn't match pod topology spread constraints (missing required label)")
      }
      const self = matchesSelector(spread.selector, cycle.pod.metadata.labels) ? 1 : 0
      const here = (spread.domains.get(value) ?? 0) + triedOut(spread, value, cycle, context)
      if (here + self - spread.minimum > spread.maxSkew) {
        return unschedulable("node(s) didn't match pod topology spread constraints")
      }
    }
    return undefined
  },
  weight: 2,
  preScore(cycle, nodes, context) {
    const own = constraintsOf(cycle.pod, 'ScheduleAnyway')
    const hasOwn = (cycle.pod.spec.topologySpreadConstraints ?? []).length > 0
    const constraints = hasOwn ? own : defaultConstraints(cycle.pod, context)
    if (constraints.length === 0) return false
    const scored = constraints.map((constraint): Scored => {
      const counts = context.cache.counts.byNode(cycle.pod.metadata.namespace ?? '', constraint.selector)
      // A node is its own domain.
      if (constraint.topologyKey === HOSTNAME) {
        return { constraint, domains: counts, byNode: true, weight: Math.log(nodes.length + 2) }
      }
      const domains = new Map<string, number>()
      for (const { labels } of nodes) {
        const value = labels[constraint.topologyKey]
        if (value !== undefined && !domains.has(value)) domains.set(value, 0)
      }
      if (domains.size === 0) return { constraint, domains, byNode: false, weight: Math.log(2) }
      for (const [name, count] of counts) {
        const value = context.cache.node(name)?.labels[constraint.topologyKey]
        if (value !== undefined && domains.has(value)) domains.set(value, domains.get(value)! + count)
      }
      return { constraint, domains, byNode: false, weight: Math.log(domains.size + 2) }
    })
    cycle.state.set(`${NAME}/score`, scored)
    return true
  },
  score(cycle, { labels, name }) {
    let score = 0
    for (const { constraint, domains, byNode, weight } of cycle.state.get(`${NAME}/score`) as Scored[]) {
      const value = labels[constraint.topologyKey]
      if (value === undefined) {
        if (!constraint.isDefault) return -1
        continue
      }
      score += (domains.get(byNode ? name : value) ?? 0) * weight + (constraint.maxSkew - 1)
    }
    return Math.round(score)
  },
  normalize(scores) {
    const counted = scores.filter((score) => score >= 0)
    const max = Math.max(0, ...counted)
    const min = Math.min(...counted)
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i]!
      if (score < 0) scores[i] = 0
      else scores[i] = max === 0 ? 100 : Math.floor((100 * (max + min - score)) / max)
    }
  },
}

function constraintsOf(pod: KubeObject, when: string): Constraint[] {
  return (pod.spec.topologySpreadConstraints ?? [])
    .filter((c: any) => c.whenUnsatisfiable === when)
    .map(
      (c: any): Constraint => ({
        topologyKey: c.topologyKey,
        maxSkew: c.maxSkew,
        minDomains: c.minDomains ?? 1,
        selector: withLabelKeys(c.labelSelector, c.matchLabelKeys, pod),
        honorAffinity: c.nodeAffinityPolicy !== 'Ignore',
        honorTaints: c.nodeTaintsPolicy === 'Honor',
        isDefault: false,
      }),
    )
}

function withLabelKeys(
  selector: LabelSelector | undefined,
  keys: string[] | undefined,
  pod: KubeObject,
): LabelSelector {
  const matchLabels: Record<string, string> = { ...selector?.matchLabels }
  for (const key of keys ?? []) {
    const value = pod.metadata.labels?.[key]
    if (value !== undefined) matchLabels[key] = value
  }
  if (!selector) return { matchExpressions: [{ key: '', operator: 'In', values: [] }] }
  return { ...selector, matchLabels }
}

/** Spread over nodes and zones what belongs together: Pods of one Service, or of one controller. */
function defaultConstraints(pod: KubeObject, { api }: PluginContext): Constraint[] {
  const { namespace } = pod.metadata
  const matchLabels: Record<string, string> = {}
  for (const service of api.list('services', { namespace })) {
    if (service.spec.selector && matchesLabels(service.spec.selector, pod.metadata.labels)) {
      Object.assign(matchLabels, service.spec.selector)
    }
  }
  let selector: LabelSelector = { matchLabels }
  const owner = controllerOf(pod)
  const resource = owner && OWNERS[owner.kind]
  const controller = resource ? api.get(resource, namespace, owner.name) : undefined
  if (controller?.kind === 'ReplicationController') Object.assign(matchLabels, controller.spec.selector)
  else if (controller) {
    const { matchLabels: more, matchExpressions } = controller.spec.selector
    selector = { matchLabels: { ...matchLabels, ...more }, ...(matchExpressions && { matchExpressions }) }
  }
  if (Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0) return []
  const common = { minDomains: 1, selector, honorAffinity: true, honorTaints: false, isDefault: true }
  return [
    { ...common, topologyKey: HOSTNAME, maxSkew: 3 },
    { ...common, topologyKey: 'topology.kubernetes.io/zone', maxSkew: 5 },
  ]
}

const OWNERS: Record<string, string> = {
  ReplicaSet: 'replicasets.apps',
  ReplicationController: 'replicationcontrollers',
  StatefulSet: 'statefulsets.apps',
}

function countDomains(
  constraint: Constraint,
  all: readonly Constraint[],
  { pod }: Cycle,
  { cache }: PluginContext,
): Spread {
  const counts = cache.counts.byNode(pod.metadata.namespace ?? '', constraint.selector)
  const domains = new Map<string, number>()
  for (const node of cache.nodes) {
    if (!all.every(({ topologyKey }) => node.labels[topologyKey] !== undefined)) continue
    if (!isCounted(constraint, pod, node)) continue
    const value = node.labels[constraint.topologyKey]!
    domains.set(value, (domains.get(value) ?? 0) + (counts.get(node.name) ?? 0))
  }
  const enough = domains.size >= constraint.minDomains
  return { ...constraint, domains, minimum: enough ? Math.min(...domains.values()) : 0 }
}

function isCounted({ honorAffinity, honorTaints }: Constraint, pod: KubeObject, { node }: NodeInfo): boolean {
  if (!node || (honorAffinity && !matchesRequiredNodes(pod, node))) return false
  if (!honorTaints) return true
  return (node.spec?.taints ?? []).every(
    (t: Taint) => t.effect === 'PreferNoSchedule' || toleratesTaint(pod.spec.tolerations, t),
  )
}

/** The difference that Pods tried out as gone or present make to a domain. */
function triedOut(
  { topologyKey, selector }: Constraint,
  value: string,
  cycle: Cycle,
  { cache }: PluginContext,
): number {
  let difference = 0
  const counts = (pod: KubeObject) =>
    pod.metadata.namespace === cycle.pod.metadata.namespace &&
    !pod.metadata.deletionTimestamp &&
    cache.node(pod.spec.nodeName)?.labels[topologyKey] === value &&
    matchesSelector(selector, pod.metadata.labels)
  for (const uid of cycle.without) {
    const pod = cache.pod(uid)
    if (pod && counts(pod)) difference--
  }
  for (const pod of cycle.extra) if (counts(pod)) difference++
  return difference
}
