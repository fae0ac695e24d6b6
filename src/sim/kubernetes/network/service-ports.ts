import type { ApiClient } from '../api/client.ts'
import type { KubeObject } from '../api/object.ts'
import { chainHash } from './chain-hash.ts'

export interface ServiceEndpoint {
  address: string
  port: number
  nodeName: string | undefined
  ready: boolean
  serving: boolean
  terminating: boolean
}

/** One port of one Service, with the endpoints that answer for it: what kube-proxy makes rules of. */
export interface ServicePort {
  namespace: string
  name: string
  portName: string
  /** `default/web:http` */
  title: string
  protocol: 'tcp' | 'udp' | 'sctp'
  clusterIP: string
  port: number
  nodePort: number | undefined
  externalIPs: readonly string[]
  loadBalancerIPs: readonly string[]
  /** Seconds; undefined without session affinity. */
  affinity: number | undefined
  internalLocal: boolean
  externalLocal: boolean
  /** `KUBE-SVC-…` without its prefix. */
  hash: string
  endpoints: readonly ServiceEndpoint[]
}

/** The endpoints traffic goes to: the ready ones, or, when there are none, those that end but still serve. */
export function usable(endpoints: readonly ServiceEndpoint[]): readonly ServiceEndpoint[] {
  const ready = endpoints.filter((e) => e.ready)
  return ready.length > 0 ? ready : endpoints.filter((e) => e.serving && e.terminating)
}

/** Follows Services and EndpointSlices; keeps the ports of each Service until one of its objects changes. */
export class ServiceTable {
  readonly #api: ApiClient
  readonly #services = new Map<string, KubeObject>()
  readonly #slices = new Map<string, Map<string, KubeObject>>()
  readonly #ports = new Map<string, readonly ServicePort[]>()
  readonly #listeners = new Set<(key: string) => void>()
  readonly #watches: { stop(): void }[]
  /** Raised with every change. */
  revision = 0

  constructor(api: ApiClient) {
    this.#api = api
    this.#watches = [
      api.watch('services', ({ type, object }) => {
        const key = keyOf(object)
        if (type === 'DELETED') this.#services.delete(key)
        else this.#services.set(key, object)
        this.#changed(key)
      }),
      api.watch('endpointslices.discovery.k8s.io', ({ type, object }) => {
        const service = object.metadata.labels?.['kubernetes.io/service-name']
        if (!service) return
        const key = `${object.metadata.namespace}/${service}`
        const slices = this.#slices.get(key) ?? new Map<string, KubeObject>()
        if (type === 'DELETED') slices.delete(object.metadata.name)
        else slices.set(object.metadata.name, object)
        this.#slices.set(key, slices)
        this.#changed(key)
      }),
    ]
  }

  get api(): ApiClient {
    return this.#api
  }

  stop(): void {
    for (const watch of this.#watches) watch.stop()
  }

  /** Told the key of each Service whose rules may have changed. */
  onChange(listener: (key: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  service(namespace: string, name: string): KubeObject | undefined {
    return this.#services.get(`${namespace}/${name}`)
  }

  services(): Iterable<KubeObject> {
    return this.#services.values()
  }

  slices(namespace: string, name: string): KubeObject[] {
    return [...(this.#slices.get(`${namespace}/${name}`)?.values() ?? [])]
  }

  /** In the order of namespaces and names. */
  keys(): string[] {
    return [...this.#services.keys()].sort()
  }

  ports(key: string): readonly ServicePort[] {
    let ports = this.#ports.get(key)
    if (!ports) {
      const service = this.#services.get(key)
      ports = service ? servicePorts(service, [...(this.#slices.get(key)?.values() ?? [])]) : []
      this.#ports.set(key, ports)
    }
    return ports
  }

  #changed(key: string): void {
    this.#ports.delete(key)
    this.revision++
    for (const listener of this.#listeners) listener(key)
  }
}

const keyOf = (object: KubeObject) => `${object.metadata.namespace}/${object.metadata.name}`

function servicePorts({ metadata, spec, status }: KubeObject, slices: readonly KubeObject[]): ServicePort[] {
  if (!spec.clusterIP || spec.clusterIP === 'None' || spec.type === 'ExternalName') return []
  return (spec.ports ?? []).map((port: { name?: string; port: number; protocol?: string; nodePort?: number }) => {
    const portName = port.name ?? ''
    const title = `${metadata.namespace}/${metadata.name}${portName ? `:${portName}` : ''}`
    const protocol = (port.protocol ?? 'TCP').toLowerCase() as ServicePort['protocol']
    return {
      namespace: metadata.namespace!,
      name: metadata.name,
      portName,
      title,
      protocol,
      clusterIP: spec.clusterIP,
      port: port.port,
      nodePort: port.nodePort || undefined,
      externalIPs: spec.externalIPs ?? [],
      loadBalancerIPs: (status?.loadBalancer?.ingress ?? []).map((i: { ip?: string }) => i.ip).filter(Boolean),
      affinity:
        spec.sessionAffinity === 'ClientIP'
          ? (spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800)
          : undefined,
      internalLocal: spec.internalTrafficPolicy === 'Local',
      externalLocal: spec.externalTrafficPolicy === 'Local',
      hash: chainHash(title + protocol),
      endpoints: endpointsOf(slices, portName, protocol),
    }
  })
}

function endpointsOf(slices: readonly KubeObject[], portName: string, protocol: string): ServiceEndpoint[] {
  const out: ServiceEndpoint[] = []
  for (const slice of slices) {
    if (slice.addressType !== 'IPv4') continue
    const port = (slice.ports ?? []).find(
      (p: { name?: string; protocol?: string }) =>
        (p.name ?? '') === portName && (p.protocol ?? 'TCP').toLowerCase() === protocol,
    )
    if (!port?.port) continue
    for (const { addresses, conditions = {}, nodeName } of slice.endpoints ?? []) {
      out.push({
        address: addresses[0],
        port: port.port,
        nodeName,
        ready: conditions.ready !== false,
        serving: conditions.serving ?? conditions.ready !== false,
        terminating: conditions.terminating === true,
      })
    }
  }
  return out.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : a.port - b.port))
}
