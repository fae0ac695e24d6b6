import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

const dangling = (o: any): string => o.status?.conditions?.find((c: any) => c.type === 'Dangling')?.status ?? '?'

export const flowSchema: KindDefinition = {
  resource: 'flowschemas.flowcontrol.apiserver.k8s.io',
  cells: (o, now) => [
    o.metadata.name,
    o.spec?.priorityLevelConfiguration?.name ?? '<none>',
    o.spec?.matchingPrecedence ?? 0,
    o.spec?.distinguisherMethod?.type ?? '<none>',
    age(o.metadata.creationTimestamp, now),
    dangling(o),
  ],
}
