import { labelsCell } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { defaultTemplate } from '../pod/template-defaults.ts'
import { templateWarnings } from '../pod/warnings.ts'
import { replicaColumns } from '../replica-set/replica-columns.ts'
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
  ...replicaColumns(labelsCell),
  validate: validateReplicationController,
  warnings: (o) => templateWarnings(o.spec?.template, 'spec.template'),
}
