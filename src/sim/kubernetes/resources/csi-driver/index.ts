import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

export const csiDriver: KindDefinition = {
  resource: 'csidrivers.storage.k8s.io',
  defaults({ spec }) {
    if (!spec) return
    spec.attachRequired ??= true
    spec.podInfoOnMount ??= false
    spec.storageCapacity ??= false
    spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType'
    if (!spec.volumeLifecycleModes?.length) spec.volumeLifecycleModes = ['Persistent']
    spec.requiresRepublish ??= false
    spec.seLinuxMount ??= false
  },
  cells: (o, now) => [
    o.metadata.name,
    o.spec?.attachRequired ?? true,
    o.spec?.podInfoOnMount ?? false,
    o.spec?.storageCapacity ?? false,
    (o.spec?.tokenRequests ?? []).map((t: any) => t.audience).join(',') || '<unset>',
    o.spec?.requiresRepublish ?? false,
    (o.spec?.volumeLifecycleModes ?? []).join(',') || '<none>',
    age(o.metadata.creationTimestamp, now),
  ],
}
