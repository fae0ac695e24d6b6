import type { DnsRecord, RecordType } from '../../linux/net/dns/message.ts'
import type { KubeObject } from '../api/object.ts'
import type { ServiceTable } from './service-ports.ts'

export interface DnsAnswer {
  code: 'NOERROR' | 'NXDOMAIN'
  answers: DnsRecord[]
  /** Glue for SRV targets. */
  additional: DnsRecord[]
}

const TTL = 30
const ZONE = 'cluster.local'

/**
 * What the cluster's DNS knows: Services, their endpoints and Pods, as the DNS specification of Kubernetes has it.
 * Undefined for names outside the cluster's zones.
 */
export class ClusterRecords {
  readonly #services: ServiceTable
  #byAddress: { revision: number; names: Map<string, string> } | undefined

  constructor(services: ServiceTable) {
    this.#services = services
  }

  lookup(question: string, type: RecordType): DnsAnswer | undefined {
    const name = question.toLowerCase().replace(/\.$/, '')
    if (name.endsWith('.in-addr.arpa')) return this.#reverse(name)
    if (name !== ZONE && !name.endsWith(`.${ZONE}`)) return undefined
    const labels = name === ZONE ? [] : name.slice(0, -ZONE.length - 1).split('.')
    const kind = labels.pop()
    if (kind === undefined) return found([])
    if (kind === 'svc') return this.#service(name, labels, type)
    if (kind === 'pod') return this.#pod(name, labels, type)
    if (kind === 'dns-version' && labels.length === 0) return found([record(name, 'TXT', '1.1.0')])
    return NOT_FOUND
  }

  #service(name: string, labels: string[], type: RecordType): DnsAnswer {
    const namespace = labels.pop()
    if (namespace === undefined) return found([])
    const serviceName = labels.pop()
    if (serviceName === undefined) return this.#namespaceExists(namespace) ? found([]) : NOT_FOUND
    const service = this.#services.service(namespace, serviceName)
    if (!service) return NOT_FOUND
    const { spec } = service
    if (spec.type === 'ExternalName') {
      return labels.length === 0 ? found([record(name, 'CNAME', spec.externalName)]) : NOT_FOUND
    }
    if (labels.length === 2 && labels.every((label) => label.startsWith('_'))) {
      return this.#ports(name, service, labels[0]!.slice(1), labels[1]!.slice(1))
    }
    const headless = spec.clusterIP === 'None'
    // Single endpoints have their names below any Service, as CoreDNS answers.
    if (!headless && labels.length === 0) {
      if (type === 'SRV') return this.#ports(name, service, undefined, undefined)
      return found(type === 'A' || type === 'ANY' ? [record(name, 'A', spec.clusterIP)] : [])
    }
    const endpoints = this.#endpoints(service)
    if (labels.length === 0) {
      if (endpoints.length === 0) return NOT_FOUND
      if (type === 'SRV') return this.#ports(name, service, undefined, undefined)
      return found(type === 'A' || type === 'ANY' ? unique(endpoints.map((e) => record(name, 'A', e.address))) : [])
    }
    const wanted = endpoints.filter((e) => labels.length === 1 && e.label === labels[0])
    if (wanted.length === 0) return NOT_FOUND
    return found(type === 'A' || type === 'ANY' ? unique(wanted.map((e) => record(name, 'A', e.address))) : [])
  }

  #ports(name: string, service: KubeObject, port: string | undefined, protocol: string | undefined): DnsAnswer {
    const { metadata, spec } = service
    const base = `${metadata.name}.${metadata.namespace}.svc.${ZONE}`
    const answers: DnsRecord[] = []
    const additional: DnsRecord[] = []
    if (spec.clusterIP !== 'None') {
      for (const p of spec.ports ?? []) {
        if (port !== undefined && (p.name !== port || (p.protocol ?? 'TCP').toLowerCase() !== protocol)) continue
        answers.push(record(name, 'SRV', `0 100 ${p.port} ${base}`))
      }
      if (answers.length > 0) additional.push(record(base, 'A', spec.clusterIP))
    } else {
      for (const endpoint of this.#endpoints(service)) {
        for (const p of endpoint.ports) {
          if (port !== undefined && (p.name !== port || (p.protocol ?? 'TCP').toLowerCase() !== protocol)) continue
          const target = `${endpoint.label}.${base}`
          answers.push(record(name, 'SRV', `0 100 ${p.port} ${target}`))
          additional.push(record(target, 'A', endpoint.address))
        }
      }
    }
    return answers.length === 0 ? NOT_FOUND : { code: 'NOERROR', answers, additional: unique(additional) }
  }

  #endpoints(service: KubeObject) {
    const { name, namespace } = service.metadata
    const all = service.spec.publishNotReadyAddresses === true
    return this.#services.slices(namespace!, name).flatMap((slice) =>
      slice.addressType !== 'IPv4'
        ? []
        : (slice.endpoints ?? [])
            .filter((e: { conditions?: { ready?: boolean } }) => all || e.conditions?.ready !== false)
            .map((e: { addresses: string[]; hostname?: string }) => ({
              address: e.addresses[0]!,
              label: e.hostname ?? e.addresses[0]!.replaceAll('.', '-'),
              ports: (slice.ports ?? []) as { name?: string; protocol?: string; port: number }[],
            })),
    ) as { address: string; label: string; ports: { name?: string; protocol?: string; port: number }[] }[]
  }

  /** `10-10-1-87.default.pod`: any address, as CoreDNS answers with `pods insecure`. */
  #pod(name: string, labels: string[], type: RecordType): DnsAnswer {
    const namespace = labels.pop()
    if (namespace === undefined) return found([])
    if (!this.#namespaceExists(namespace)) return NOT_FOUND
    if (labels.length === 0) return found([])
    const address = labels.join('.').replaceAll('-', '.')
    if (labels.length !== 1 || !/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return NOT_FOUND
    return found(type === 'A' || type === 'ANY' ? [record(name, 'A', address)] : [])
  }

  #namespaceExists(namespace: string): boolean {
    return this.#services.api.get('namespaces', undefined, namespace) !== undefined
  }

  #reverse(name: string): DnsAnswer | undefined {
    const address = name
      .replace(/\.in-addr\.arpa$/, '')
      .split('.')
      .reverse()
      .join('.')
    const target = this.#names().get(address)
    return target ? found([record(name, 'PTR', target)]) : undefined
  }

  #names(): Map<string, string> {
    const { revision } = this.#services
    if (this.#byAddress?.revision === revision) return this.#byAddress.names
    const names = new Map<string, string>()
    for (const service of this.#services.services()) {
      const { metadata, spec } = service
      const base = `${metadata.name}.${metadata.namespace}.svc.${ZONE}`
      if (spec.clusterIP && spec.clusterIP !== 'None') names.set(spec.clusterIP, base)
      for (const endpoint of this.#endpoints(service)) {
        if (!names.has(endpoint.address)) names.set(endpoint.address, `${endpoint.label}.${base}`)
      }
    }
    this.#byAddress = { revision, names }
    return names
  }
}

const record = (name: string, type: RecordType, data: string): DnsRecord => ({ name, type, ttl: TTL, data })

const found = (answers: DnsRecord[]): DnsAnswer => ({ code: 'NOERROR', answers, additional: [] })

const NOT_FOUND: DnsAnswer = { code: 'NXDOMAIN', answers: [], additional: [] }

function unique(records: DnsRecord[]): DnsRecord[] {
  const seen = new Set<string>()
  return records.filter(({ name, data }) => !seen.has(`${name} ${data}`) && seen.add(`${name} ${data}`))
}
