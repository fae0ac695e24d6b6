import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

function limits(o: any): (string | number)[] {
  const part = o.spec?.limited ?? o.spec?.exempt
  const queuing = o.spec?.limited?.limitResponse?.queuing
  return [
    part?.nominalConcurrencyShares ?? '<none>',
    queuing?.queues ?? '<none>',
    queuing?.handSize ?? '<none>',
    queuing?.queueLengthLimit ?? '<none>',
  ]
}

export const priorityLevelConfiguration: KindDefinition = {
  resource: 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  cells: (o, now) => [o.metadata.name, o.spec?.type ?? '', ...limits(o), age(o.metadata.creationTimestamp, now)],
}
