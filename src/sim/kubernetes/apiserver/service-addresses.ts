import type { KubeObject } from '../api/object.ts'
import type { Operations } from './operations/operations.ts'
import { internalOptions } from './request-context.ts'

/** Every address of a Service is an IPAddress object, as long as the Service has it. */
export function recordServiceAddresses(operations: Operations): void {
  const options = internalOptions()
  const services = operations.table(operations.registry.named('services')!)
  const info = operations.registry.named('ipaddresses.networking.k8s.io')!
  const addresses = operations.table(info)
  const addressesOf = ({ spec }: KubeObject): string[] =>
    (spec.clusterIPs ?? (spec.clusterIP ? [spec.clusterIP] : [])).filter((ip: string) => ip && ip !== 'None')
  const record = (service: KubeObject) => {
    const { namespace, name } = service.metadata
    for (const ip of addressesOf(service)) {
      if (addresses.get('', ip)) continue
      const labels = {
        'ipaddress.kubernetes.io/ip-family': ip.includes(':') ? 'IPv6' : 'IPv4',
        'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
      }
      const parentRef = { group: '', resource: 'services', namespace, name }
      operations.create(info, undefined, { metadata: { name: ip, labels }, spec: { parentRef } }, options)
    }
  }
  for (const service of services.list()) record(service)
  services.subscribe(({ type, object, previous }) => {
    const kept = type === 'DELETED' ? [] : addressesOf(object)
    for (const ip of addressesOf(previous ?? object))
      if (!kept.includes(ip) && addresses.get('', ip)) operations.delete(info, undefined, ip, {}, options)
    if (type !== 'DELETED') record(object)
  })
}
