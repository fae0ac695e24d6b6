import type { KindDefinition } from '../definition.ts'

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
}
