import { compareQuantities } from '../../api/quantity.ts'
import { forbidden } from '../../api/status-error.ts'
import type { AdmissionPlugin } from './plugin.ts'

/** A claim may only grow when it is bound and its class allows volumes to be expanded. */
export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  validate({ operation, info, subresource, object, old, name, context }) {
    if (info.name !== 'persistentvolumeclaims' || operation !== 'UPDATE' || subresource !== '' || !object || !old)
      return
    const before = old.spec.resources?.requests?.storage
    const after = object.spec.resources?.requests?.storage
    if (before === undefined || after === undefined || compareQuantities(after, before) <= 0) return
    if (old.status?.phase !== 'Bound')
      throw forbidden(info, name, 'Only bound persistent volume claims can be expanded')
    const storageClass = object.spec.storageClassName
      ? context.get<any>('storageclasses.storage.k8s.io', undefined, object.spec.storageClassName)
      : undefined
    if (storageClass?.allowVolumeExpansion !== true)
      throw forbidden(
        info,
        name,
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      )
  },
}
