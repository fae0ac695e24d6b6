import { selectorCell } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { selectorUnchanged } from '../deployment/validate.ts'
import { defaultTemplate } from '../pod/template-defaults.ts'
import { nameWarnings, templateWarnings } from '../pod/warnings.ts'
import { replicaColumns } from './replica-columns.ts'
import { validateReplicaSet } from './validate.ts'

export const replicaSet: KindDefinition = {
  resource: 'replicasets.apps',
  defaults({ spec }) {
    if (!spec) return
    spec.replicas ??= 1
    defaultTemplate(spec.template)
  },
  ...replicaColumns(selectorCell),
  validate: validateReplicaSet,
  validateUpdate: selectorUnchanged,
  warnings: (o) => [
    ...nameWarnings(o.metadata.name, 'metadata.name'),
    ...templateWarnings(o.spec?.template, 'spec.template'),
  ],
}
