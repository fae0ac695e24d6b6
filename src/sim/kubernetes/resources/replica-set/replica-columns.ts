import { age, containerCells } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

/** The field and the columns that ReplicaSets and ReplicationControllers share; their selectors are written differently. */
export const replicaColumns = (selector: (selector: any) => string): Pick<KindDefinition, 'fields' | 'cells'> => ({
  fields: { 'status.replicas': (o) => String(o.status?.replicas ?? 0) },
  cells: (o, now) => [
    o.metadata.name,
    o.spec?.replicas ?? 0,
    o.status?.replicas ?? 0,
    o.status?.readyReplicas ?? 0,
    age(o.metadata.creationTimestamp, now),
    ...containerCells(o.spec?.template?.spec),
    selector(o.spec?.selector),
  ],
})
