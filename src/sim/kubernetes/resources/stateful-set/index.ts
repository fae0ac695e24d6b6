import { age, containerCells } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { defaultTemplate } from '../pod/template-defaults.ts'
import { templateWarnings } from '../pod/warnings.ts'
import { validateStatefulSet, validateStatefulSetUpdate } from './validate.ts'

export const statefulSet: KindDefinition = {
  resource: 'statefulsets.apps',
  defaults({ spec }) {
    if (!spec) return
    spec.podManagementPolicy ||= 'OrderedReady'
    spec.updateStrategy ??= {}
    spec.updateStrategy.type ||= 'RollingUpdate'
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate ??= {}
      spec.updateStrategy.rollingUpdate.partition ??= 0
    }
    spec.persistentVolumeClaimRetentionPolicy ??= {}
    spec.persistentVolumeClaimRetentionPolicy.whenDeleted ||= 'Retain'
    spec.persistentVolumeClaimRetentionPolicy.whenScaled ||= 'Retain'
    spec.replicas ??= 1
    spec.revisionHistoryLimit ??= 10
    defaultTemplate(spec.template)
    for (const claim of spec.volumeClaimTemplates ?? []) {
      claim.kind ??= 'PersistentVolumeClaim'
      claim.apiVersion ??= 'v1'
      claim.status ??= {}
      claim.status.phase ||= 'Pending'
      claim.spec ??= {}
      claim.spec.volumeMode ??= 'Filesystem'
    }
  },
  cells: (o, now) => [
    o.metadata.name,
    `${o.status?.readyReplicas ?? 0}/${o.spec?.replicas ?? 0}`,
    age(o.metadata.creationTimestamp, now),
    ...containerCells(o.spec?.template?.spec),
  ],
  validate: validateStatefulSet,
  validateUpdate: validateStatefulSetUpdate,
  warnings: (o) => templateWarnings(o.spec?.template, 'spec.template'),
}
