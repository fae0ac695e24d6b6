import { age, containerCells, labelsCell } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { defaultTemplate } from '../pod/template-defaults.ts'
import { templateWarnings } from '../pod/warnings.ts'
import { validateReplicationController } from './validate.ts'

export const replicationController: KindDefinition = {
  resource: 'replicationcontrollers',
  defaults(object) {
    const { spec } = object
    if (!spec) return
    const labels = spec.template?.metadata?.labels
    if (labels) {
      if (Object.keys(spec.selector ?? {}).length === 0) spec.selector = { ...labels }
      if (Object.keys(object.metadata.labels ?? {}).length === 0) object.metadata.labels = { ...labels }
    }
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
    labelsCell(o.spec?.selector),
  ],
  validate: validateReplicationController,
  warnings: (o) => templateWarnings(o.spec?.template, 'spec.template'),
}
