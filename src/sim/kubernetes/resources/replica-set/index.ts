import { age, containerCells, selectorCell } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { selectorUnchanged } from '../deployment/validate.ts'
import { defaultTemplate } from '../pod/template-defaults.ts'
import { nameWarnings, templateWarnings } from '../pod/warnings.ts'
import { validateReplicaSet } from './validate.ts'

export const replicaSet: KindDefinition = {
  resource: 'replicasets.apps',
  defaults({ spec }) {
    if (!spec) return
    spec.replicas ??= 1
    defaultTemplate(spec.template)
  },
  fields: { 'status.replicas': (o) => String(o.status?.replicas ?? 0) },
  cells: (o, now) => [
    o.metadata.name,
    o.spec?.replicas ?? 0,
    o.status?.replicas ?? 0,
    o.status?.readyReplicas ?? 0,
    age(o.metadata.creationTimestamp, now),
    ...containerCells(o.spec?.template?.spec),
    selectorCell(o.spec?.selector),
  ],
  validate: validateReplicaSet,
  validateUpdate: selectorUnchanged,
  warnings: (o) => [
    ...nameWarnings(o.metadata.name, 'metadata.name'),
    ...templateWarnings(o.spec?.template, 'spec.template'),
  ],
}
