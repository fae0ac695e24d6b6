import { addQuantities, compareQuantities } from '../api/quantity.ts'
import { qosClass } from '../resources/pod/qos.ts'

type Quantities = Record<string, string>

/** Plural resources whose bare name counts objects. */
const COUNTED = new Set([
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
])

/** What one object uses of a namespace's quota. `resource` is `pods`, `deployments.apps`. */
export function usageOf(resource: string, object: any): Quantities {
  if (resource === 'pods' && isFinished(object)) return {}
  const usage: Quantities = { [`count/${resource}`]: '1' }
  if (COUNTED.has(resource)) usage[resource] = '1'
  if (resource === 'pods') Object.assign(usage, podUsage(object.spec))
  if (resource === 'services') Object.assign(usage, serviceUsage(object.spec))
  if (resource === 'persistentvolumeclaims') Object.assign(usage, claimUsage(object))
  return usage
}

const isFinished = (pod: any) => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'

function podUsage(spec: any): Quantities {
  const out: Quantities = {}
  for (const kind of ['requests', 'limits'] as const) {
    const sum: Quantities = {}
    const add = (list: Quantities | undefined, into: Quantities) => {
      for (const [name, value] of Object.entries(list ?? {})) into[name] = addQuantities(into[name] ?? '0', value)
    }
    const max = (list: Quantities, into: Quantities) => {
      for (const [name, value] of Object.entries(list))
        if (into[name] === undefined || compareQuantities(value, into[name]) > 0) into[name] = value
    }
    for (const container of spec.containers ?? []) add(container.resources?.[kind], sum)
    const sidecars: Quantities = {}
    const initial: Quantities = {}
    for (const container of spec.initContainers ?? []) {
      if (container.restartPolicy === 'Always') add(container.resources?.[kind], sidecars)
      const needed = { ...sidecars }
      if (container.restartPolicy !== 'Always') add(container.resources?.[kind], needed)
      max(needed, initial)
    }
    add(sidecars, sum)
    max(initial, sum)
    if (spec.resources?.[kind]) Object.assign(sum, spec.resources[kind])
    add(spec.overhead, sum)
    for (const [name, value] of Object.entries(sum)) {
      out[`${kind}.${name}`] = value
      if (kind === 'requests' && ['cpu', 'memory', 'ephemeral-storage'].includes(name)) out[name] = value
    }
  }
  return out
}

function serviceUsage(spec: any): Quantities {
  const ports = String(spec.ports?.length ?? 0)
  if (spec.type === 'NodePort') return { 'services.nodeports': ports, 'services.loadbalancers': '0' }
  if (spec.type === 'LoadBalancer')
    return {
      'services.nodeports': spec.allocateLoadBalancerNodePorts === false ? '0' : ports,
      'services.loadbalancers': '1',
    }
  return {}
}

function claimUsage({ spec }: any): Quantities {
  const storage = spec.resources?.requests?.storage
  const out: Quantities = {}
  if (storage !== undefined) out['requests.storage'] = storage
  if (spec.storageClassName) {
    const prefix = `${spec.storageClassName}.storageclass.storage.k8s.io`
    out[`${prefix}/persistentvolumeclaims`] = '1'
    if (storage !== undefined) out[`${prefix}/requests.storage`] = storage
  }
  return out
}

/** Whether the quota's scopes take in the object. Without scopes every object is. */
export function inScope(quota: any, resource: string, object: any): boolean {
  const scopes: string[] = quota.spec?.scopes ?? []
  const selector: any[] = quota.spec?.scopeSelector?.matchExpressions ?? []
  if (scopes.length === 0 && selector.length === 0) return true
  if (resource !== 'pods') return false
  return [...scopes.map((scopeName) => ({ scopeName, operator: 'Exists' })), ...selector].every((r: any) =>
    matchesScope(r, object),
  )
}

function matchesScope({ scopeName, operator, values = [] }: any, pod: any): boolean {
  const terminating = pod.spec?.activeDeadlineSeconds !== undefined
  switch (scopeName) {
    case 'Terminating':
      return terminating
    case 'NotTerminating':
      return !terminating
    case 'BestEffort':
      return qosClass(pod.spec) === 'BestEffort'
    case 'NotBestEffort':
      return qosClass(pod.spec) !== 'BestEffort'
    case 'CrossNamespacePodAffinity':
      return JSON.stringify(pod.spec?.affinity ?? {}).includes('"namespace')
    case 'PriorityClass': {
      const name = pod.spec?.priorityClassName ?? ''
      if (operator === 'In') return values.includes(name)
      if (operator === 'NotIn') return !values.includes(name)
      return operator === 'DoesNotExist' ? name === '' : name !== ''
    }
  }
  return false
}

/** Which resources' objects matter to quotas of these names. */
export function resourcesOf(names: readonly string[]): string[] {
  const out = new Set<string>()
  for (const name of names) {
    if (name.startsWith('count/')) out.add(name.slice('count/'.length))
    else if (name.startsWith('services')) out.add('services')
    else if (
      name.includes('storageclass.storage.k8s.io/') ||
      name === 'requests.storage' ||
      name === 'persistentvolumeclaims'
    )
      out.add('persistentvolumeclaims')
    else if (COUNTED.has(name)) out.add(name)
    else out.add('pods')
  }
  return [...out]
}
