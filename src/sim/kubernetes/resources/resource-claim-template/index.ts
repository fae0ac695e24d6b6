import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

export const resourceClaimTemplate: KindDefinition = {
  resource: 'resourceclaimtemplates.resource.k8s.io',
  cells: (o, now) => [o.metadata.name, age(o.metadata.creationTimestamp, now)],
}
