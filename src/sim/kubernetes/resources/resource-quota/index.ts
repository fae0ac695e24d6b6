import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { validateQuota, validateQuotaUpdate } from './validate.ts'

/** `name: used/hard` of the limits, or of everything else. */
function usage(quota: any, limits: boolean): string {
  const { hard = {}, used = {} } = quota.status ?? {}
  return Object.keys(hard)
    .filter((name) => name.startsWith('limits.') === limits)
    .sort()
    .map((name) => `${name}: ${used[name] ?? '0'}/${hard[name]}`)
    .join(', ')
}

export const resourceQuota: KindDefinition = {
  resource: 'resourcequotas',
  cells: (o, now) => [o.metadata.name, usage(o, false), usage(o, true), age(o.metadata.creationTimestamp, now)],
  validate: validateQuota,
  validateUpdate: validateQuotaUpdate,
}
