import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

export const serviceCidr: KindDefinition = {
  resource: 'servicecidrs.networking.k8s.io',
  cells: (o, now) => [o.metadata.name, (o.spec?.cidrs ?? []).join(','), age(o.metadata.creationTimestamp, now)],
}
