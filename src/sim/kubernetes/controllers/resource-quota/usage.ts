import type { KubeObject, ResourceName } from '../../api/object.ts'
import { addQuantities, canonicalQuantity, compareQuantities } from '../../api/quantity.ts'
import { isPodFinished } from '../shared/pods.ts'

export type Usage = Record<string, string>

type Measure = (object: KubeObject) => Usage

const CORE_COUNTED = [
  'configmaps',
  'secrets',
  'replicationcontrollers',
  'resourcequotas',
  'services',
  'persistentvolumeclaims',
]

/** What one object of a resource counts against a quota, by the quota's names (`pods`, `requests.cpu`, `count/jobs.batch`). */
export function usageOf(resource: ResourceName, object: KubeObject): Usage {
  const usage = MEASURES[resource]?.(object) ?? {}
  if (resource === 'pods' && Object.keys(usage).length === 0) return usage
  usage[`count/${resource}`] = '1'
  if (CORE_COUNTED.includes(resource)) usage[resource] = '1'
  return usage
}

export function addUsage(total: Usage, more: Usage): Usage {
  const out = { ...total }
  for (const [name, value] of Object.entries(more))
    out[name] = out[name] === undefined ? canonicalQuantity(value) : addQuantities(out[name], value)
  return out
}

/** The resource whose objects a quota name counts; undefined when it is none of this server's. */
export function resourceCounted(name: string): ResourceName | undefined {
  if (name.startsWith('count/')) return name.slice('count/'.length)
  if (name.endsWith('.storageclass.storage.k8s.io/requests.storage')) return 'persistentvolumeclaims'
  if (name.endsWith('.storageclass.storage.k8s.io/persistentvolumeclaims')) return 'persistentvolumeclaims'
  if (name === 'requests.storage') return 'persistentvolumeclaims'
  if (name === 'services.nodeports' || name === 'services.loadbalancers') return 'services'
  if (CORE_COUNTED.includes(name)) return name
  const isCompute = /^(pods|cpu|memory|ephemeral-storage|hugepages-.+|(requests|limits)\..+)$/.test(name)
  return isCompute ? 'pods' : undefined
}

/** True when a quota's scopes admit the object; only Pods have scopes (and claims, by class). */
export function inScopes(quota: KubeObject, resource: ResourceName, object: KubeObject): boolean {
  const { scopes = [], scopeSelector } = quota.spec
  const terms = [
    ...scopes.map((scopeName: string) => ({ scopeName, operator: 'Exists' })),
    ...(scopeSelector?.matchExpressions ?? []),
  ]
  return terms.every((term: any) => resource === 'pods' && matchesScope(term, object))
}

function matchesScope(
  { scopeName, operator, values = [] }: { scopeName: string; operator: string; values?: string[] },
  pod: KubeObject,
): boolean {
  const { spec } = pod
  switch (scopeName) {
    case 'Terminating':
      return spec.activeDeadlineSeconds !== undefined
    case 'NotTerminating':
      return spec.activeDeadlineSeconds === undefined
    case 'BestEffort':
      return isBestEffort(spec)
    case 'NotBestEffort':
      return !isBestEffort(spec)
    case 'PriorityClass': {
      const name = spec.priorityClassName
      if (operator === 'Exists') return !!name
      if (operator === 'DoesNotExist') return !name
      return values.includes(name ?? '') === (operator === 'In')
    }
    case 'CrossNamespacePodAffinity': {
      const text = JSON.stringify([spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity])
      return /"namespaces":\[[^\]]|"namespaceSelector"/.test(text)
    }
    default:
      return false
  }
}

function isBestEffort(spec: any): boolean {
  return [...(spec.containers ?? []), ...(spec.initContainers ?? [])].every(({ resources = {} }) =>
    ['cpu', 'memory'].every((name) => !resources.requests?.[name] && !resources.limits?.[name]),
  )
}

const MEASURES: Record<ResourceName, Measure> = {
  pods: podUsage,
  services({ spec }) {
    const usage: Usage = {}
    const isBalanced = spec.type === 'LoadBalancer'
    if (isBalanced) usage['services.loadbalancers'] = '1'
    if (isBalanced || spec.type === 'NodePort') {
      const ports = spec.allocateLoadBalancerNodePorts === false ? [] : (spec.ports ?? [])
      usage['services.nodeports'] = String(ports.length)
    }
    return usage
  },
  persistentvolumeclaims({ spec, metadata }) {
    const storage = spec.resources?.requests?.storage
    const usage: Usage = storage ? { 'requests.storage': storage } : {}
    const name = metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName
    if (name) {
      const prefix = `${name}.storageclass.storage.k8s.io/`
      usage[`${prefix}persistentvolumeclaims`] = '1'
      if (storage) usage[`${prefix}requests.storage`] = storage
    }
    return usage
  },
}

function podUsage(pod: KubeObject): Usage {
  if (isPodFinished(pod)) return {}
  const usage: Usage = { pods: '1' }
  const requests = podTotal(pod.spec, 'requests')
  const limits = podTotal(pod.spec, 'limits')
  for (const [name, value] of Object.entries(requests)) {
    if (['cpu', 'memory', 'ephemeral-storage'].includes(name) || name.startsWith('hugepages-')) usage[name] = value
    usage[`requests.${name}`] = value
  }
  for (const [name, value] of Object.entries(limits)) usage[`limits.${name}`] = value
  return usage
}

/** Sum of the containers, or the largest init container where that is more, with the overhead. */
function podTotal(spec: any, kind: 'requests' | 'limits'): Usage {
  let total: Usage = {}
  let peak: Usage = {}
  let sidecars: Usage = {}
  for (const container of spec.containers ?? []) total = addUsage(total, container.resources?.[kind] ?? {})
  for (const container of spec.initContainers ?? []) {
    const own: Usage = container.resources?.[kind] ?? {}
    if (container.restartPolicy === 'Always') {
      total = addUsage(total, own)
      sidecars = addUsage(sidecars, own)
      peak = larger(peak, sidecars)
    } else peak = larger(peak, addUsage(sidecars, own))
  }
  total = larger(total, peak)
  for (const [name, value] of Object.entries<string>(spec.resources?.[kind] ?? {}))
    total[name] = canonicalQuantity(value)
  if (spec.overhead && Object.keys(total).length > 0) total = addUsage(total, spec.overhead)
  return total
}

function larger(a: Usage, b: Usage): Usage {
  const out = { ...a }
  for (const [name, value] of Object.entries(b)) {
    if (out[name] === undefined || compareQuantities(value, out[name]) > 0) out[name] = canonicalQuantity(value)
  }
  return out
}
