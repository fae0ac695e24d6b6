import type { KindDefinition } from '../definition.ts'

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
}
