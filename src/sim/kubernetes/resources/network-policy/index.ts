import { age, selectorCell } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { validateNetworkPolicy } from './validate.ts'

export const networkPolicy: KindDefinition = {
  resource: 'networkpolicies.networking.k8s.io',
  defaults({ spec }) {
    if (!spec) return
    for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])])
      for (const port of rule.ports ?? []) port.protocol ??= 'TCP'
    if (!spec.policyTypes?.length) spec.policyTypes = spec.egress?.length > 0 ? ['Ingress', 'Egress'] : ['Ingress']
  },
  cells: (o, now) => [o.metadata.name, selectorCell(o.spec?.podSelector), age(o.metadata.creationTimestamp, now)],
  validate: validateNetworkPolicy,
}
