import type { Random } from '../../time/random.ts'
import { type FieldError, invalid } from '../api/field-error.ts'
import type { KubeObject } from '../api/object.ts'
import { internalError, invalidObject } from '../api/status-error.ts'
import type { Table } from './store.ts'

const FIRST_PORT = 30000
const LAST_PORT = 32767
/** 10.96.0.0/12 */
const BASE = (10 << 24) | (96 << 16)
const SIZE = 1 << 20
/** Addresses below this offset are kept for those who ask for one. */
const STATIC = 256

const text = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.')

function number(ip: string): number | undefined {
  const parts = ip.split('.')
  if (parts.length !== 4 || !parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) < 256)) return undefined
  return parts.reduce((value, part) => ((value << 8) | Number(part)) >>> 0, 0)
}

/** Gives Services their addresses and node ports: 10.96.0.0/12, 30000-32767. What is taken is read from the store. */
export class ServiceAllocator {
  readonly #random: Random
  readonly #addresses = new Set<string>()
  readonly #ports = new Set<string>()

  constructor(services: Table, random: Random) {
    this.#random = random
    services.subscribe(({ type, object, previous }) => {
      if (previous) this.#forget(previous)
      if (type !== 'DELETED') this.#remember(object)
    })
    for (const service of services.list()) this.#remember(service)
  }

  #remember({ spec }: KubeObject): void {
    for (const ip of spec?.clusterIPs ?? []) if (ip !== 'None') this.#addresses.add(ip)
    for (const key of portKeys(spec)) this.#ports.add(key)
  }

  #forget({ spec }: KubeObject): void {
    for (const ip of spec?.clusterIPs ?? []) this.#addresses.delete(ip)
    for (const key of portKeys(spec)) this.#ports.delete(key)
  }

  /** Fills in clusterIP, clusterIPs, families and node ports of a new or changed Service. Throws ApiError. */
  allocate(service: KubeObject, old: KubeObject | undefined): void {
    const { spec, metadata } = service
    const errors: FieldError[] = []
    if (spec.type === 'ExternalName') {
      for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy']) delete spec[field]
    } else {
      this.#allocateAddress(spec, old?.spec, errors)
    }
    this.#allocatePorts(spec, old?.spec, errors)
    if (errors.length > 0) throw invalidObject('', 'Service', metadata.name, errors)
  }

  #allocateAddress(spec: any, old: any, errors: FieldError[]): void {
    if (old && !spec.clusterIP && old.type !== 'ExternalName') spec.clusterIP = old.clusterIP
    if (old?.clusterIPs && !spec.clusterIPs) spec.clusterIPs = old.clusterIPs
    spec.clusterIP ||= spec.clusterIPs?.[0] ?? ''
    if (spec.clusterIP === 'None') {
      spec.clusterIPs = ['None']
    } else if (!spec.clusterIP) {
      spec.clusterIP = this.#freeAddress()
      spec.clusterIPs = [spec.clusterIP]
    } else if (spec.clusterIP !== old?.clusterIP) {
      const value = number(spec.clusterIP)
      if (value === undefined) {
        // Validation has its own words for this.
      } else if (value < BASE || value >= BASE + SIZE)
        errors.push(
          invalid(
            'spec.clusterIPs',
            [spec.clusterIP],
            `failed to allocate IP ${spec.clusterIP}: the provided network does not match the current range`,
          ),
        )
      else if (this.#addresses.has(spec.clusterIP))
        errors.push(
          invalid(
            'spec.clusterIPs',
            [spec.clusterIP],
            `failed to allocate IP ${spec.clusterIP}: provided IP is already allocated`,
          ),
        )
      spec.clusterIPs = [spec.clusterIP]
    }
    spec.clusterIPs ??= [spec.clusterIP]
    spec.ipFamilies ??= ['IPv4']
    spec.ipFamilyPolicy ??= 'SingleStack'
  }

  #allocatePorts(spec: any, old: any, errors: FieldError[]): void {
    const needed =
      spec.type === 'NodePort' || (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)
    const ports: any[] = spec.ports ?? []
    const mine = new Set(portKeys(old))
    if (!needed && spec.type !== 'LoadBalancer') {
      if (old) for (const port of ports) if (mine.has(`${port.nodePort}/${port.protocol}`)) delete port.nodePort
      return
    }
    const taken = new Map<number, Set<string>>()
    for (const [i, port] of ports.entries()) {
      if (!port.nodePort) continue
      const key = `${port.nodePort}/${port.protocol}`
      if (port.nodePort < FIRST_PORT || port.nodePort > LAST_PORT)
        errors.push(
          invalid(
            `spec.ports[${i}].nodePort`,
            port.nodePort,
            `provided port is not in the valid range. The range of valid ports is ${FIRST_PORT}-${LAST_PORT}`,
          ),
        )
      else if (!mine.has(key) && this.#ports.has(key))
        errors.push(invalid(`spec.ports[${i}].nodePort`, port.nodePort, 'provided port is already allocated'))
      taken.set(port.nodePort, (taken.get(port.nodePort) ?? new Set()).add(port.protocol))
    }
    if (!needed) return
    for (const port of ports) {
      if (port.nodePort) continue
      const before = old?.ports?.find(
        (p: any) => p.port === port.port && p.protocol === port.protocol && p.name === port.name,
      )
      port.nodePort = before?.nodePort ?? this.#freePort(port.protocol, taken)
      taken.set(port.nodePort, (taken.get(port.nodePort) ?? new Set()).add(port.protocol))
    }
    if (spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local')
      spec.healthCheckNodePort ||= old?.healthCheckNodePort ?? this.#freePort('TCP', taken)
  }

  #freeAddress(): string {
    for (let i = 0; i < 1000; i++) {
      const ip = text(BASE + this.#random.int(STATIC, SIZE - 2))
      if (!this.#addresses.has(ip)) return ip
    }
    throw internalError('failed to allocate a serviceIP: range is full')
  }

  #freePort(protocol: string, taken: ReadonlyMap<number, ReadonlySet<string>>): number {
    for (let i = 0; i < 10_000; i++) {
      const port = this.#random.int(FIRST_PORT, LAST_PORT)
      if (!this.#ports.has(`${port}/${protocol}`) && !taken.has(port)) return port
    }
    throw internalError('failed to allocate a nodePort: range is full')
  }
}

function portKeys(spec: any): string[] {
  const keys: string[] = (spec?.ports ?? [])
    .filter((p: any) => p.nodePort)
    .map((p: any) => `${p.nodePort}/${p.protocol}`)
  if (spec?.healthCheckNodePort) keys.push(`${spec.healthCheckNodePort}/TCP`)
  return keys
}
