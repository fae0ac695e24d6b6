import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

export const csiNode: KindDefinition = {
  resource: 'csinodes.storage.k8s.io',
  cells: (o, now) => [o.metadata.name, o.spec?.drivers?.length ?? 0, age(o.metadata.creationTimestamp, now)],
}
