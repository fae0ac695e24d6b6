import type { DescribeContext, Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { joinLabels, writeHead } from '../maps.ts'

export const describeService: Describer = async (w, context) => {
  const { object: service } = context
  const { spec, status = {} } = service
  writeHead(w, service)
  w.line(0, `Selector:\t${joinLabels(spec.selector)}`)
  w.line(0, `Type:\t${spec.type}`)
  if (spec.ipFamilyPolicy) w.line(0, `IP Family Policy:\t${spec.ipFamilyPolicy}`)
  w.line(0, `IP Families:\t${spec.ipFamilies?.length > 0 ? spec.ipFamilies.join(',') : '<none>'}`)
  w.line(0, `IP:\t${spec.clusterIP ?? ''}`)
  w.line(0, `IPs:\t${spec.clusterIPs?.length > 0 ? spec.clusterIPs.join(',') : '<none>'}`)
  if (spec.externalIPs?.length > 0) w.line(0, `External IPs:\t${spec.externalIPs.join(',')}`)
  if (spec.loadBalancerIP) w.line(0, `Desired LoadBalancer IP:\t${spec.loadBalancerIP}`)
  if (spec.externalName) w.line(0, `External Name:\t${spec.externalName}`)
  const ingress: any[] = status.loadBalancer?.ingress ?? []
  if (ingress.length > 0)
    w.line(
      0,
      `LoadBalancer Ingress:\t${ingress.map((i) => (i.ip ? `${i.ip} (${i.ipMode ?? 'VIP'})` : i.hostname)).join(', ')}`,
    )
  const slices = await slicesOf(context)
  for (const port of spec.ports ?? []) {
    w.line(0, `Port:\t${port.name || '<unset>'}\t${port.port}/${port.protocol}`)
    w.line(0, `TargetPort:\t${port.targetPort}/${port.protocol}`)
    if (port.nodePort) w.line(0, `NodePort:\t${port.name || '<unset>'}\t${port.nodePort}/${port.protocol}`)
    w.line(0, `Endpoints:\t${endpointsOf(slices, port.name ?? '')}`)
  }
  w.line(0, `Session Affinity:\t${spec.sessionAffinity ?? ''}`)
  if (spec.externalTrafficPolicy) w.line(0, `External Traffic Policy:\t${spec.externalTrafficPolicy}`)
  if (spec.internalTrafficPolicy) w.line(0, `Internal Traffic Policy:\t${spec.internalTrafficPolicy}`)
  if (spec.trafficDistribution) w.line(0, `Traffic Distribution:\t${spec.trafficDistribution}`)
  if (spec.healthCheckNodePort) w.line(0, `HealthCheck NodePort:\t${spec.healthCheckNodePort}`)
  if (spec.loadBalancerSourceRanges?.length > 0)
    w.line(0, `LoadBalancer Source Ranges:\t${spec.loadBalancerSourceRanges.join(',')}`)
  await describeEvents(w, context)
}

async function slicesOf(context: DescribeContext): Promise<any[]> {
  const { name, namespace } = context.object.metadata
  return slicesOfService(context, namespace, name)
}

export async function slicesOfService(context: DescribeContext, namespace: string, name: string): Promise<any[]> {
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`
  const list = await context.get(path, [['labelSelector', `kubernetes.io/service-name=${name}`]])
  return list.items ?? []
}

/** The first three ready addresses of a port; empty when there is none. */
export function endpointsOf(slices: readonly any[], portName: string): string {
  const all: string[] = []
  for (const slice of slices) {
    const ports: any[] = (slice.ports ?? []).filter((p: any) => (p.name ?? '') === portName)
    for (const port of ports) {
      for (const endpoint of slice.endpoints ?? []) {
        if (endpoint.conditions?.ready === false) continue
        for (const address of endpoint.addresses ?? []) all.push(`${address}:${port.port}`)
      }
    }
  }
  const shown = all.slice(0, 3).join(',')
  return all.length > 3 ? `${shown} + ${all.length - 3} more...` : shown
}
