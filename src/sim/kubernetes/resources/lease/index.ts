import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

export const lease: KindDefinition = {
  resource: 'leases.coordination.k8s.io',
  cells: (o, now) => [o.metadata.name, o.spec?.holderIdentity ?? '', age(o.metadata.creationTimestamp, now)],
}
