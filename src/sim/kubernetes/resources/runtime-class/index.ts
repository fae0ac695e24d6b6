import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

export const runtimeClass: KindDefinition = {
  resource: 'runtimeclasses.node.k8s.io',
  cells: (o, now) => [o.metadata.name, o.handler ?? '', age(o.metadata.creationTimestamp, now)],
}
