import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

function parameters(o: any): string {
  const p = o.spec?.parameters
  if (!p) return '<none>'
  return `${p.kind}${p.apiGroup ? `.${p.apiGroup}` : ''}/${p.name}`
}

export const ingressClass: KindDefinition = {
  resource: 'ingressclasses.networking.k8s.io',
  defaults({ spec }) {
    if (spec?.parameters) spec.parameters.scope ??= 'Cluster'
  },
  cells: (o, now) => [o.metadata.name, o.spec?.controller ?? '', parameters(o), age(o.metadata.creationTimestamp, now)],
}
