import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { validateIngress } from './validate.ts'

function hosts(o: any): string {
  const list: string[] = (o.spec?.rules ?? []).map((r: any) => r.host).filter(Boolean)
  if (list.length === 0) return '*'
  return list.length > 3 ? `${list.slice(0, 3).join(',')} + ${list.length - 3} more...` : list.join(',')
}

const addresses = (o: any): string =>
  [...new Set<string>((o.status?.loadBalancer?.ingress ?? []).map((i: any) => i.ip || i.hostname))].sort().join(',')

export const ingress: KindDefinition = {
  resource: 'ingresses.networking.k8s.io',
  cells: (o, now) => [
    o.metadata.name,
    o.spec?.ingressClassName ?? '<none>',
    hosts(o),
    addresses(o),
    o.spec?.tls?.length > 0 ? '80, 443' : '80',
    age(o.metadata.creationTimestamp, now),
  ],
  validate: validateIngress,
  warnings: (o, old) =>
    old === undefined && o.metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined
      ? [`annotation "kubernetes.io/ingress.class" is deprecated, please use 'spec.ingressClassName' instead`]
      : [],
}
