import { age, containerCells, selectorCell } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { defaultTemplate } from '../pod/template-defaults.ts'
import { nameWarnings, templateWarnings } from '../pod/warnings.ts'
import { selectorUnchanged, validateDeployment } from './validate.ts'

export const deployment: KindDefinition = {
  resource: 'deployments.apps',
  defaults({ spec }) {
    if (!spec) return
    spec.replicas ??= 1
    spec.strategy ??= {}
    spec.strategy.type ||= 'RollingUpdate'
    if (spec.strategy.type === 'RollingUpdate') {
      spec.strategy.rollingUpdate ??= {}
      spec.strategy.rollingUpdate.maxUnavailable ??= '25%'
      spec.strategy.rollingUpdate.maxSurge ??= '25%'
    }
    spec.revisionHistoryLimit ??= 10
    spec.progressDeadlineSeconds ??= 600
    defaultTemplate(spec.template)
  },
  cells: (o, now) => [
    o.metadata.name,
    `${o.status?.readyReplicas ?? 0}/${o.spec?.replicas ?? 0}`,
    o.status?.updatedReplicas ?? 0,
    o.status?.availableReplicas ?? 0,
    age(o.metadata.creationTimestamp, now),
    ...containerCells(o.spec?.template?.spec),
    selectorCell(o.spec?.selector),
  ],
  validate: validateDeployment,
  validateUpdate: selectorUnchanged,
  warnings: (o) => [
    ...nameWarnings(o.metadata.name, 'metadata.name'),
    ...templateWarnings(o.spec?.template, 'spec.template'),
  ],
}
