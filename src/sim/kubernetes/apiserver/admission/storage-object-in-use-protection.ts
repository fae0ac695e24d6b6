import type { AdmissionPlugin } from './plugin.ts'

const FINALIZERS: Record<string, string> = {
  persistentvolumes: 'kubernetes.io/pv-protection',
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
}

/** Claims and volumes are not removed while they are used. */
export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  admit({ operation, info, subresource, object }) {
    const finalizer = FINALIZERS[info.name]
    if (!finalizer || operation !== 'CREATE' || subresource !== '' || !object) return
    const { metadata } = object
    if (!metadata.finalizers?.includes(finalizer)) metadata.finalizers = [...(metadata.finalizers ?? []), finalizer]
  },
}
