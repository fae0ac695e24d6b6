import { age, labelsCell } from '../cells.ts'
import type { Cell } from '../definition.ts'

function externalIp(service: any): string {
  const { spec, status } = service
  const ips: string[] = spec.externalIPs ?? []
  switch (spec.type) {
    case 'LoadBalancer': {
      const ingress = [...new Set<string>((status?.loadBalancer?.ingress ?? []).map((i: any) => i.ip || i.hostname))]
        .sort()
        .join(',')
      if (ips.length > 0) return [...(ingress ? [ingress] : []), ...ips].join(',')
      return ingress || '<pending>'
    }
    case 'ExternalName':
      return spec.externalName ?? ''
    default:
      return ips.length > 0 ? ips.join(',') : '<none>'
  }
}

export function serviceCells(service: any, now: number): Cell[] {
  const { spec, metadata } = service
  const ports = (spec.ports ?? []).map((p: any) =>
    p.nodePort ? `${p.port}:${p.nodePort}/${p.protocol}` : `${p.port}/${p.protocol}`,
  )
  return [
    metadata.name,
    spec.type,
    spec.clusterIPs?.[0] || spec.clusterIP || '<none>',
    externalIp(service),
    ports.join(',') || '<none>',
    age(metadata.creationTimestamp, now),
    labelsCell(spec.selector),
  ]
}
