import { accessModes, age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { claimWarnings, validateClaim, validateClaimUpdate } from './validate.ts'

export const persistentVolumeClaim: KindDefinition = {
  resource: 'persistentvolumeclaims',
  defaults({ spec }) {
    if (!spec) return
    spec.volumeMode ??= 'Filesystem'
  },
  prepareCreate(object) {
    object.status = { phase: 'Pending' }
  },
  fields: { name: (o) => o.metadata.name },
  cells: (o, now) => [
    o.metadata.name,
    o.metadata.deletionTimestamp ? 'Terminating' : (o.status?.phase ?? ''),
    o.spec?.volumeName ?? '',
    o.spec?.volumeName ? (o.status?.capacity?.storage ?? '0') : '',
    o.spec?.volumeName ? accessModes(o.status?.accessModes) : '',
    o.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? o.spec?.storageClassName ?? '',
    o.spec?.volumeAttributesClassName || '<unset>',
    age(o.metadata.creationTimestamp, now),
    o.spec?.volumeMode ?? '<unset>',
  ],
  validate: validateClaim,
  validateUpdate: validateClaimUpdate,
  warnings: claimWarnings,
}
