import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

export const resourceSlice: KindDefinition = {
  resource: 'resourceslices.resource.k8s.io',
  cells: (o, now) => [
    o.metadata.name,
    o.spec?.nodeName ?? '<none>',
    o.spec?.driver ?? '',
    o.spec?.pool?.name ?? '',
    age(o.metadata.creationTimestamp, now),
  ],
}
