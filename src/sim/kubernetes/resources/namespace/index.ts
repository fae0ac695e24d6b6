import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { validatePodSecurityLabels } from './validate.ts'

export const namespace: KindDefinition = {
  resource: 'namespaces',
  defaults(object) {
    if (!object.metadata.name) return
    object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name }
  },
  prepareCreate(object) {
    object.spec = { ...object.spec, finalizers: [...new Set([...(object.spec?.finalizers ?? []), 'kubernetes'])] }
    object.status = { phase: 'Active' }
  },
  fields: { 'status.phase': (o) => o.status?.phase ?? '', name: (o) => o.metadata.name },
  cells: (o, now) => [o.metadata.name, o.status?.phase ?? '', age(o.metadata.creationTimestamp, now)],
  name: 'label',
  validate: (o) => validatePodSecurityLabels(o.metadata.labels),
}
