import type { LabelSelector } from '../../api/client.ts'
import type { KubeObject } from '../../api/object.ts'
import { isEmptySelector, matchesSelector } from '../../controllers/shared/selector.ts'
import type { NodeInfo } from '../node-info.ts'
import { type Cycle, newCycle, type PluginContext, type SchedulerPlugin } from '../plugin.ts'
import { unresolvable, unschedulable } from '../status.ts'

interface Term {
  topologyKey: string
  labelSelector?: LabelSelector
  namespaces?: string[]
  namespaceSelector?: LabelSelector
}

/** Pods by domain: `key=value` → count. */
type Domains = Map<string, number>

interface State {
  affinity: Domains[]
  anti: Domains[]
  /** Domains that Pods there do not want to share with this one. */
  existing: Domains
}

const NAME = 'InterPodAffinity'

export const interPodAffinity: SchedulerPlugin = {
  name: NAME,
  wakes: ['node', 'pod-gone', 'pod-assigned', 'pod-itself'],
  preFilter(cycle, context) {
    const state = measure(cycle, context)
    cycle.state.set(NAME, state)
    return { skip: state.affinity.length + state.anti.length + state.existing.size === 0 }
  },
  filter(cycle, { labels }, context) {
    const isTrial = cycle.without.size > 0 || cycle.extra.length > 0
    const state = isTrial ? measure(cycle, context) : (cycle.state.get(NAME) as State)
    const { pod } = cycle
    const terms = required(pod, 'podAffinity')
    if (terms.length > 0 && !isNearFriends(terms, state.affinity, pod, labels)) {
      return unresolvable("node(s) didn't match pod affinity rules")
    }
    const avoided = required(pod, 'podAntiAffinity')
    if (avoided.some((term, i) => countAt(state.anti[i]!, term.topologyKey, labels) > 0)) {
      return unschedulable("node(s) didn't match pod anti-affinity rules")
    }
    for (const domain of state.existing.keys()) {
      const split = domain.indexOf('=')
      if (labels[domain.slice(0, split)] === domain.slice(split + 1)) {
        return unschedulable("node(s) didn't satisfy existing pods anti-affinity rules")
      }
    }
    return undefined
  },
  weight: 2,
  preScore(cycle, nodes, context) {
    const scores = preferences(cycle.pod, nodes, context)
    cycle.state.set(`${NAME}/score`, scores)
    return scores.size > 0
  },
  score(cycle, { labels }) {
    let sum = 0
    for (const [domain, weight] of cycle.state.get(`${NAME}/score`) as Domains) {
      const split = domain.indexOf('=')
      if (labels[domain.slice(0, split)] === domain.slice(split + 1)) sum += weight
    }
    return sum
  },
  normalize(scores) {
    const max = Math.max(...scores)
    const min = Math.min(...scores)
    for (let i = 0; i < scores.length; i++) {
      scores[i] = max === min ? 0 : Math.floor((100 * (scores[i]! - min)) / (max - min))
    }
  },
}

function required(pod: KubeObject, kind: 'podAffinity' | 'podAntiAffinity'): Term[] {
  return pod.spec.affinity?.[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? []
}

function preferred(
  pod: KubeObject,
  kind: 'podAffinity' | 'podAntiAffinity',
): { weight: number; podAffinityTerm: Term }[] {
  return pod.spec.affinity?.[kind]?.preferredDuringSchedulingIgnoredDuringExecution ?? []
}

function countAt(domains: Domains, key: string, labels: Record<string, string>): number {
  return labels[key] === undefined ? 0 : (domains.get(`${key}=${labels[key]}`) ?? 0)
}

function isNearFriends(
  terms: readonly Term[],
  counts: readonly Domains[],
  pod: KubeObject,
  labels: Record<string, string>,
): boolean {
  if (!terms.every(({ topologyKey }) => labels[topologyKey] !== undefined)) return false
  if (terms.every((term, i) => countAt(counts[i]!, term.topologyKey, labels) > 0)) return true
  // The first of a group that wants to be together has nobody to be near to.
  const nobody = counts.every((domains) => domains.size === 0)
  return nobody && terms.every((term) => matchesTerm(term, pod, pod, undefined))
}

function measure(cycle: Cycle, context: PluginContext): State {
  const { pod } = cycle
  const affinityTerms = required(pod, 'podAffinity')
  return {
    affinity: affinityTerms.map((term) => countDomains(term, cycle, context, affinityTerms)),
    anti: required(pod, 'podAntiAffinity').map((term) => countDomains(term, cycle, context, [term])),
    existing: unwanted(cycle, context),
  }
}

/** Pods matching all of `terms`, by the term's domain. */
function countDomains(term: Term, cycle: Cycle, { api, cache }: PluginContext, terms: readonly Term[]): Domains {
  const out: Domains = new Map()
  const add = (node: NodeInfo | undefined, count: number) => {
    const value = node?.labels[term.topologyKey]
    if (value === undefined || count === 0) return
    const domain = `${term.topologyKey}=${value}`
    const sum = (out.get(domain) ?? 0) + count
    if (sum > 0) out.set(domain, sum)
    else out.delete(domain)
  }
  const matches = (pod: KubeObject) => terms.every((t) => matchesTerm(t, cycle.pod, pod, api))
  for (const namespace of namespacesOf(term, cycle.pod, api)) {
    if (terms.length === 1) {
      for (const [name, count] of cache.counts.byNode(namespace, term.labelSelector ?? NOTHING, true)) {
        add(cache.node(name), count)
      }
    } else for (const pod of cache.podsIn(namespace)) if (matches(pod)) add(cache.node(pod.spec.nodeName), 1)
  }
  for (const uid of cycle.without) {
    const pod = cache.pod(uid)
    if (pod && matches(pod)) add(cache.node(pod.spec.nodeName), -1)
  }
  for (const pod of cycle.extra) if (matches(pod)) add(cache.node(pod.spec.nodeName), 1)
  return out
}

const NOTHING: LabelSelector = { matchExpressions: [{ key: '', operator: 'In', values: [] }] }

function unwanted(cycle: Cycle, { api, cache }: PluginContext): Domains {
  const out: Domains = new Map()
  const look = (existing: KubeObject) => {
    for (const term of required(existing, 'podAntiAffinity')) {
      const value = cache.node(existing.spec.nodeName)?.labels[term.topologyKey]
      if (value !== undefined && matchesTerm(term, existing, cycle.pod, api)) out.set(`${term.topologyKey}=${value}`, 1)
    }
  }
  for (const [uid, existing] of cache.withAffinity) if (!cycle.without.has(uid)) look(existing)
  for (const pod of cycle.extra) look(pod)
  return out
}

/** Whether `pod` is one of those that a term of `owner` speaks of. */
function matchesTerm(term: Term, owner: KubeObject, pod: KubeObject, api: PluginContext['api'] | undefined): boolean {
  if (!matchesSelector(term.labelSelector, pod.metadata.labels)) return false
  const namespace = pod.metadata.namespace ?? ''
  if (!term.namespaces?.length && !term.namespaceSelector) return namespace === owner.metadata.namespace
  if (term.namespaces?.includes(namespace)) return true
  if (!term.namespaceSelector) return false
  if (isEmptySelector(term.namespaceSelector)) return true
  return matchesSelector(term.namespaceSelector, api?.get('namespaces', undefined, namespace)?.metadata.labels)
}

function namespacesOf(term: Term, owner: KubeObject, api: PluginContext['api']): string[] {
  if (!term.namespaces?.length && !term.namespaceSelector) return [owner.metadata.namespace ?? '']
  const names = new Set(term.namespaces)
  if (term.namespaceSelector) {
    for (const { metadata } of api.list('namespaces')) {
      if (matchesSelector(term.namespaceSelector, metadata.labels)) names.add(metadata.name)
    }
  }
  return [...names]
}

/** Weights by domain, of what this Pod prefers and what Pods there prefer of it. */
function preferences(pod: KubeObject, nodes: readonly NodeInfo[], context: PluginContext): Domains {
  const { cache, api } = context
  const out: Domains = new Map()
  const add = (key: string, value: string | undefined, weight: number) => {
    if (value !== undefined && weight !== 0) out.set(`${key}=${value}`, (out.get(`${key}=${value}`) ?? 0) + weight)
  }
  const cycle = newCycle(pod)
  for (const [kind, sign] of [
    ['podAffinity', 1],
    ['podAntiAffinity', -1],
  ] as const) {
    for (const { weight, podAffinityTerm: term } of preferred(pod, kind)) {
      for (const [domain, count] of countDomains(term, cycle, context, [term])) {
        const split = domain.indexOf('=')
        add(domain.slice(0, split), domain.slice(split + 1), sign * weight * count)
      }
    }
  }
  if (nodes.length === 0) return out
  for (const existing of cache.withAffinity.values()) {
    const labels = cache.node(existing.spec.nodeName)?.labels ?? {}
    for (const term of required(existing, 'podAffinity')) {
      if (matchesTerm(term, existing, pod, api)) add(term.topologyKey, labels[term.topologyKey], 1)
    }
    for (const [kind, sign] of [
      ['podAffinity', 1],
      ['podAntiAffinity', -1],
    ] as const) {
      for (const { weight, podAffinityTerm: term } of preferred(existing, kind)) {
        if (matchesTerm(term, existing, pod, api)) add(term.topologyKey, labels[term.topologyKey], sign * weight)
      }
    }
  }
  return out
}
