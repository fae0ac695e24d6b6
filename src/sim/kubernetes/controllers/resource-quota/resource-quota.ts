import type { KubeObject } from '../../api/object.ts'
import { canonicalQuantity } from '../../api/quantity.ts'
import { type Controller, defineController } from '../shared/controller.ts'
import { equal } from '../shared/equal.ts'
import { keyOf, splitKey } from '../shared/meta.ts'
import { isGone } from '../shared/pod-control.ts'
import { isPodFinished } from '../shared/pods.ts'
import { addUsage, inScopes, resourceCounted, type Usage, usageOf } from './usage.ts'

const RESYNC_MS = 300_000

/** Counts what each ResourceQuota limits, again whenever something counted goes. */
export const resourceQuotaController = defineController('resourcequota-controller', (controller) => {
  const { api } = controller
  const watched = new Set<string>()
  /** Quotas by namespace, so that a change looks at its own namespace's only. */
  const quotas = new Map<string, Map<string, KubeObject>>()
  controller.watch('resourcequotas', ({ type, object }) => {
    const { namespace = '', name } = object.metadata
    const names = quotas.get(namespace) ?? new Map<string, KubeObject>()
    quotas.set(namespace, names)
    if (type === 'DELETED') names.delete(name)
    else names.set(name, object)
    controller.enqueue(keyOf(object))
  })
  controller.every(RESYNC_MS, () => {
    for (const quota of api.list('resourcequotas')) controller.enqueue(keyOf(quota))
  })

  const watchCounted = (resource: string) => {
    if (watched.has(resource) || resource === 'resourcequotas') return
    watched.add(resource)
    if (!api.resources().some((served) => served.resource === resource)) return
    controller.watch(resource, ({ type, object, previous }) => {
      const finished = resource === 'pods' && isPodFinished(object) && previous && !isPodFinished(previous)
      const resized = type === 'MODIFIED' && previous?.spec !== object.spec
      if (type !== 'DELETED' && type !== 'ADDED' && !finished && !resized) return
      for (const quota of quotas.get(object.metadata.namespace ?? '')?.values() ?? []) controller.enqueue(keyOf(quota))
    })
  }

  return (key) => {
    const { namespace, name } = splitKey(key)
    const quota = api.get('resourcequotas', namespace, name)
    if (!quota) return
    for (const hard of Object.keys(quota.spec.hard ?? {})) {
      const resource = resourceCounted(hard)
      if (resource) watchCounted(resource)
    }
    const fresh = api.get('resourcequotas', namespace, name)
    if (fresh) count(controller, fresh)
  }
})

function count(controller: Controller, quota: KubeObject): void {
  const { api } = controller
  const { namespace } = quota.metadata
  const hard: Usage = quota.spec.hard ?? {}
  const served = new Set(api.resources().map(({ resource }) => resource))
  let total: Usage = {}
  for (const resource of new Set(Object.keys(hard).map(resourceCounted))) {
    if (!resource || !served.has(resource)) continue
    for (const object of api.list(resource, { namespace })) {
      if (inScopes(quota, resource, object)) total = addUsage(total, usageOf(resource, object))
    }
  }
  const used: Usage = {}
  for (const name of Object.keys(hard)) used[name] = total[name] ?? '0'
  const limits = Object.fromEntries(Object.entries(hard).map(([name, value]) => [name, canonicalQuantity(value)]))
  const status = { hard: limits, used }
  if (equal(status, quota.status)) return
  try {
    api.update('resourcequotas', { ...quota, status }, { subresource: 'status' })
  } catch (error) {
    if (!isGone(error)) throw error
    controller.enqueue(keyOf(quota))
  }
}
