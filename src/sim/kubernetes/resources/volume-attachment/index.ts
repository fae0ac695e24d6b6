import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

export const volumeAttachment: KindDefinition = {
  resource: 'volumeattachments.storage.k8s.io',
  cells: (o, now) => [
    o.metadata.name,
    o.spec?.attacher ?? '',
    o.spec?.source?.persistentVolumeName ?? '',
    o.spec?.nodeName ?? '',
    o.status?.attached ?? false,
    age(o.metadata.creationTimestamp, now),
  ],
}
