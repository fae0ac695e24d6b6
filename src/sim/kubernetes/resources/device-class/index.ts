import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

export const deviceClass: KindDefinition = {
  resource: 'deviceclasses.resource.k8s.io',
  cells: (o, now) => [o.metadata.name, age(o.metadata.creationTimestamp, now)],
}
