import { forbidden } from '../../api/status-error.ts'
import type { AdmissionPlugin } from './plugin.ts'

/** A Pod's runtime class must exist; its overhead is added. */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  admit({ operation, info, subresource, object, name, context }) {
    if (info.name !== 'pods' || operation !== 'CREATE' || subresource !== '' || !object?.spec.runtimeClassName) return
    const found = context.get<any>('runtimeclasses.node.k8s.io', undefined, object.spec.runtimeClassName)
    if (!found)
      throw forbidden(
        info,
        name,
        `pod rejected: RuntimeClass ${JSON.stringify(object.spec.runtimeClassName)} not found`,
      )
    if (found.overhead?.podFixed) object.spec.overhead = found.overhead.podFixed
    if (found.scheduling?.nodeSelector)
      object.spec.nodeSelector = { ...found.scheduling.nodeSelector, ...object.spec.nodeSelector }
    if (found.scheduling?.tolerations)
      object.spec.tolerations = [...(object.spec.tolerations ?? []), ...found.scheduling.tolerations]
  },
}
