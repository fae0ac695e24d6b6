import type { KindDefinition } from '../definition.ts'

export const storageClass: KindDefinition = {
  resource: 'storageclasses.storage.k8s.io',
  defaults(object) {
    object.reclaimPolicy ||= 'Delete'
    object.volumeBindingMode ||= 'Immediate'
  },
}
