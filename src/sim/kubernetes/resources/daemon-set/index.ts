import { deepEqual } from '../../api/json.ts'
import { age, containerCells, labelsCell, selectorCell } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { selectorUnchanged } from '../deployment/validate.ts'
import { defaultTemplate } from '../pod/template-defaults.ts'
import { templateWarnings } from '../pod/warnings.ts'
import { validateDaemonSet } from './validate.ts'

/** How often the template was changed, kept in an annotation since the field is gone. */
const GENERATION = 'deprecated.daemonset.template.generation'

export const daemonSet: KindDefinition = {
  resource: 'daemonsets.apps',
  defaults({ spec }) {
    if (!spec) return
    spec.updateStrategy ??= {}
    spec.updateStrategy.type ||= 'RollingUpdate'
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate ??= {}
      spec.updateStrategy.rollingUpdate.maxUnavailable ??= 1
      spec.updateStrategy.rollingUpdate.maxSurge ??= 0
    }
    spec.revisionHistoryLimit ??= 10
    defaultTemplate(spec.template)
  },
  prepareCreate(object) {
    object.metadata.annotations = { ...object.metadata.annotations, [GENERATION]: '1' }
  },
  prepareUpdate(object, old) {
    const before = Number(old.metadata.annotations?.[GENERATION] ?? 1)
    const changed = !deepEqual(object.spec.template, old.spec.template)
    const generation = String(changed ? before + 1 : before)
    object.metadata.annotations = { ...object.metadata.annotations, [GENERATION]: generation }
  },
  cells: (o, now) => [
    o.metadata.name,
    o.status?.desiredNumberScheduled ?? 0,
    o.status?.currentNumberScheduled ?? 0,
    o.status?.numberReady ?? 0,
    o.status?.updatedNumberScheduled ?? 0,
    o.status?.numberAvailable ?? 0,
    labelsCell(o.spec?.template?.spec?.nodeSelector),
    age(o.metadata.creationTimestamp, now),
    ...containerCells(o.spec?.template?.spec),
    selectorCell(o.spec?.selector),
  ],
  validate: validateDaemonSet,
  validateUpdate: selectorUnchanged,
  warnings: (o) => templateWarnings(o.spec?.template, 'spec.template'),
}
