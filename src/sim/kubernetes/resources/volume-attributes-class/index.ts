import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

export const volumeAttributesClass: KindDefinition = {
  resource: 'volumeattributesclasses.storage.k8s.io',
  cells: (o, now) => [o.metadata.name, o.driverName ?? '', age(o.metadata.creationTimestamp, now)],
}
