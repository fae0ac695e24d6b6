import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

function state(o: any): string {
  const states: string[] = []
  if (o.metadata.deletionTimestamp) states.push('deleted')
  if (!o.status?.allocation) {
    if (!o.metadata.deletionTimestamp) states.push('pending')
  } else states.push('allocated', o.status.reservedFor?.length > 0 ? 'reserved' : '')
  return states.filter(Boolean).join(',')
}

export const resourceClaim: KindDefinition = {
  resource: 'resourceclaims.resource.k8s.io',
  cells: (o, now) => [o.metadata.name, state(o), age(o.metadata.creationTimestamp, now)],
}
