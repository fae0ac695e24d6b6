import type { KindDefinition } from '../definition.ts'
import { serviceCells } from './cells.ts'
import { validateService, validateServiceUpdate } from './validate.ts'

export const service: KindDefinition = {
  resource: 'services',
  defaults({ spec }) {
    if (!spec) return
    spec.sessionAffinity ||= 'None'
    if (spec.sessionAffinity === 'ClientIP') {
      spec.sessionAffinityConfig ??= {}
      spec.sessionAffinityConfig.clientIP ??= {}
      spec.sessionAffinityConfig.clientIP.timeoutSeconds ??= 10800
    }
    spec.type ||= 'ClusterIP'
    for (const port of spec.ports ?? []) {
      port.protocol ||= 'TCP'
      if (port.targetPort === undefined || port.targetPort === '' || port.targetPort === 0) port.targetPort = port.port
    }
    const external = spec.type === 'NodePort' || spec.type === 'LoadBalancer' || spec.externalIPs?.length > 0
    if (external) spec.externalTrafficPolicy ||= 'Cluster'
    if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster'
    if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true
  },
  cells: serviceCells,
  fields: { 'spec.clusterIP': (o) => o.spec?.clusterIP ?? '', 'spec.type': (o) => o.spec?.type ?? '' },
  name: 'label',
  validate: validateService,
  validateUpdate: validateServiceUpdate,
  warnings: (o) => [
    ...(o.spec?.externalIPs?.length > 0
      ? ['spec.externalIPs is deprecated and may no longer be implemented in some clusters']
      : []),
    ...(o.spec?.trafficDistribution === 'PreferClose'
      ? ['spec.trafficDistribution: "PreferClose" is deprecated, use "PreferSameZone" instead']
      : []),
    ...(o.spec?.loadBalancerIP ? ['spec.loadBalancerIP is deprecated, use annotations instead'] : []),
  ],
}
