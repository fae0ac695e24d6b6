import type { KubeObject } from '../../api/object.ts'
import { addQuantities, compareQuantities, subtractQuantities } from '../../api/quantity.ts'
import { forbidden } from '../../api/status-error.ts'
import { inScope, resourcesOf, usageOf } from '../../quota/usage.ts'
import type { AdmissionAttributes, AdmissionPlugin } from './plugin.ts'

type Quantities = Record<string, string>

/** What of a Pod must be stated when a quota counts it. */
const COMPUTE = new Set([
  'cpu',
  'memory',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
  'requests.ephemeral-storage',
  'limits.ephemeral-storage',
  'ephemeral-storage',
])

/** Sets a quota's used amounts as soon as an object is admitted; the quota controller corrects them when objects go. */
export const resourceQuota: AdmissionPlugin = {
  name: 'ResourceQuota',
  validate(attributes) {
    const changes = charges(attributes)
    if (!changes) return
    const { info, name } = attributes
    for (const { quota, delta } of changes) {
      const missing = unstated(quota, attributes)
      if (missing) throw forbidden(info, name, `failed quota: ${quota.metadata.name}: must specify ${missing}`)
      const { hard = {}, used = {} } = quota.status ?? {}
      const over = Object.keys(delta)
        .filter(
          (key) =>
            hard[key] !== undefined &&
            compareQuantities(delta[key]!, '0') > 0 &&
            compareQuantities(addQuantities(used[key] ?? '0', delta[key]!), hard[key]) > 0,
        )
        .sort()
      if (over.length === 0) continue
      const list = (values: Quantities) => over.map((key) => `${key}=${values[key] ?? '0'}`).join(',')
      throw forbidden(
        info,
        name,
        `exceeded quota: ${quota.metadata.name}, requested: ${list(delta)}, used: ${list(used)}, limited: ${list(hard)}`,
      )
    }
  },
  committed(attributes) {
    if (!attributes.setStatus) return
    for (const { quota, delta } of charges(attributes) ?? []) {
      const used: Quantities = { ...quota.status?.used }
      for (const [key, value] of Object.entries(delta))
        if (used[key] !== undefined) used[key] = addQuantities(used[key], value)
      attributes.setStatus('resourcequotas', quota, { ...quota.status, used })
    }
  },
}

function charges({
  operation,
  info,
  subresource,
  namespace,
  object,
  old,
  context,
}: AdmissionAttributes): { quota: KubeObject; delta: Quantities }[] | undefined {
  if (!info.namespaced || !object || info.name === 'events') return undefined
  if (
    operation !== 'CREATE' &&
    !(operation === 'UPDATE' && CHANGING.has(info.name) && (subresource === '' || subresource === 'resize'))
  )
    return undefined
  const out: { quota: KubeObject; delta: Quantities }[] = []
  for (const quota of context.list('resourcequotas', namespace)) {
    const hard: Quantities = quota.status?.hard ?? {}
    if (!resourcesOf(Object.keys(hard)).includes(info.name) || !inScope(quota, info.name, object)) continue
    const after = usageOf(info.name, object)
    const before = operation === 'UPDATE' && old ? usageOf(info.name, old) : {}
    const delta: Quantities = {}
    for (const key of Object.keys(hard)) {
      if (after[key] === undefined && before[key] === undefined) continue
      const change = subtractQuantities(after[key] ?? '0', before[key] ?? '0')
      if (operation === 'CREATE' || compareQuantities(change, '0') !== 0) delta[key] = change
    }
    if (Object.keys(delta).length > 0) out.push({ quota, delta })
    else if (info.name === 'pods' && operation === 'CREATE' && Object.keys(hard).some((key) => COMPUTE.has(key)))
      out.push({ quota, delta })
  }
  return out
}

const CHANGING = new Set(['services', 'persistentvolumeclaims', 'pods'])

/** `limits.cpu for: c1; limits.memory for: c1`; undefined when all is stated. */
function unstated(quota: KubeObject, { info, operation, object }: AdmissionAttributes): string | undefined {
  if (info.name !== 'pods' || operation !== 'CREATE') return undefined
  const names = Object.keys(quota.status?.hard ?? {})
    .filter((key) => COMPUTE.has(key))
    .sort()
  if (names.length === 0) return undefined
  const missing: string[] = []
  for (const key of names) {
    const [kind, resource] = key.includes('.')
      ? (key.split('.') as ['requests' | 'limits', string])
      : (['requests', key] as const)
    if (object!.spec.resources?.[kind]?.[resource] !== undefined) continue
    const containers = [...(object!.spec.initContainers ?? []), ...(object!.spec.containers ?? [])]
      .filter((c: any) => c.resources?.[kind]?.[resource] === undefined)
      .map((c: any) => c.name)
    if (containers.length > 0) missing.push(`${key} for: ${containers.sort().join(',')}`)
  }
  return missing.length > 0 ? missing.join('; ') : undefined
}
