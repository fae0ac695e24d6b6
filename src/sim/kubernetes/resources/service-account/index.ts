import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

export const serviceAccount: KindDefinition = {
  resource: 'serviceaccounts',
  cells: (o, now) => [o.metadata.name, age(o.metadata.creationTimestamp, now)],
}
