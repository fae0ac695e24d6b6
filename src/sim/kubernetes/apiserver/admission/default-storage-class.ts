import { isDefault } from '../../resources/storage-class/index.ts'
import type { AdmissionPlugin } from './plugin.ts'

/** A claim that names no class gets the default one: the youngest, when there are several. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  admit({ operation, info, subresource, object, context }) {
    if (info.name !== 'persistentvolumeclaims' || operation !== 'CREATE' || subresource !== '' || !object) return
    if (object.spec.storageClassName !== undefined) return
    if (object.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined) return
    const classes = context
      .list<any>('storageclasses.storage.k8s.io')
      .filter(isDefault)
      .sort((a, b) =>
        a.metadata.creationTimestamp === b.metadata.creationTimestamp
          ? a.metadata.name < b.metadata.name
            ? -1
            : 1
          : a.metadata.creationTimestamp > b.metadata.creationTimestamp
            ? -1
            : 1,
      )
    if (classes[0]) object.spec.storageClassName = classes[0].metadata.name
  },
}
