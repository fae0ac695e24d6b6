import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { validateStorageClass, validateStorageClassUpdate } from './validate.ts'

const DEFAULT = 'storageclass.kubernetes.io/is-default-class'

export const isDefault = (o: any): boolean =>
  o.metadata.annotations?.[DEFAULT] === 'true' ||
  o.metadata.annotations?.['storageclass.beta.kubernetes.io/is-default-class'] === 'true'

export const storageClass: KindDefinition = {
  resource: 'storageclasses.storage.k8s.io',
  defaults(object) {
    object.reclaimPolicy ||= 'Delete'
    object.volumeBindingMode ||= 'Immediate'
  },
  cells: (o, now) => [
    o.metadata.name + (isDefault(o) ? ' (default)' : ''),
    o.provisioner,
    o.reclaimPolicy ?? 'Delete',
    o.volumeBindingMode ?? 'Immediate',
    Boolean(o.allowVolumeExpansion),
    age(o.metadata.creationTimestamp, now),
  ],
  validate: validateStorageClass,
  validateUpdate: validateStorageClassUpdate,
}
