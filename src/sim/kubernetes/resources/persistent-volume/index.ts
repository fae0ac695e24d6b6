import { accessModes, age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { persistentVolumeWarnings, validatePersistentVolume, validatePersistentVolumeUpdate } from './validate.ts'

export const persistentVolume: KindDefinition = {
  resource: 'persistentvolumes',
  defaults({ spec }) {
    if (!spec) return
    spec.persistentVolumeReclaimPolicy ||= 'Retain'
    spec.volumeMode ??= 'Filesystem'
    if (spec.hostPath) spec.hostPath.type ??= ''
  },
  prepareCreate(object) {
    object.status = { phase: 'Pending' }
  },
  fields: { name: (o) => o.metadata.name },
  cells: (o, now) => [
    o.metadata.name,
    o.spec?.capacity?.storage ?? '',
    accessModes(o.spec?.accessModes),
    o.spec?.persistentVolumeReclaimPolicy ?? '',
    o.metadata.deletionTimestamp ? 'Terminating' : (o.status?.phase ?? ''),
    o.spec?.claimRef ? `${o.spec.claimRef.namespace}/${o.spec.claimRef.name}` : '',
    o.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? o.spec?.storageClassName ?? '',
    o.spec?.volumeAttributesClassName || '<unset>',
    o.status?.reason ?? '',
    age(o.metadata.creationTimestamp, now),
    o.spec?.volumeMode ?? '<unset>',
  ],
  validate: validatePersistentVolume,
  validateUpdate: validatePersistentVolumeUpdate,
  warnings: persistentVolumeWarnings,
}
