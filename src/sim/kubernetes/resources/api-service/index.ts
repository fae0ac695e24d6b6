import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

function available(o: any): string {
  const condition = o.status?.conditions?.find((c: any) => c.type === 'Available')
  if (!condition) return 'Unknown'
  return condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason})`
}

export const apiService: KindDefinition = {
  resource: 'apiservices.apiregistration.k8s.io',
  name: 'path',
  cells: (o, now) => [
    o.metadata.name,
    o.spec?.service ? `${o.spec.service.namespace}/${o.spec.service.name}` : 'Local',
    available(o),
    age(o.metadata.creationTimestamp, now),
  ],
}
