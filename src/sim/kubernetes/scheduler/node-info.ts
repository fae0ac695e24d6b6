import type { KubeObject } from '../api/object.ts'
import { addTo, nonZeroRequests, podRequests, type Resources, readResources } from './resources.ts'

export interface HostPort {
  ip: string
  protocol: string
  port: number
}

/** What the scheduler knows of a Pod; worked out once. */
export interface PodInfo {
  pod: KubeObject
  requests: Resources
  nonZero: Resources
  hostPorts: HostPort[]
}

const infos = new WeakMap<object, Omit<PodInfo, 'pod'>>()

export function podInfo(pod: KubeObject): PodInfo {
  let known = infos.get(pod.spec)
  if (!known) {
    known = { requests: podRequests(pod.spec), nonZero: nonZeroRequests(pod.spec), hostPorts: hostPortsOf(pod.spec) }
    infos.set(pod.spec, known)
  }
  return { pod, ...known }
}

function hostPortsOf(spec: any): HostPort[] {
  const out: HostPort[] = []
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    for (const { hostPort, hostIP = '0.0.0.0', protocol = 'TCP' } of container.ports ?? []) {
      if (hostPort) out.push({ ip: hostIP, protocol, port: hostPort })
    }
  }
  return out
}

/** A node and what is on it. */
export class NodeInfo {
  readonly name: string
  node: KubeObject | undefined
  allocatable: Resources = new Map()
  readonly pods = new Map<string, PodInfo>()
  readonly requested: Resources = new Map()
  readonly nonZero: Resources = new Map()
  /** `protocol/port` → addresses in use */
  readonly ports = new Map<string, string[]>()

  constructor(name: string) {
    this.name = name
  }

  get labels(): Record<string, string> {
    return this.node?.metadata.labels ?? {}
  }

  setNode(node: KubeObject): void {
    if (this.node?.status?.allocatable !== node.status?.allocatable || !this.node) {
      this.allocatable = readResources(node.status?.allocatable)
    }
    this.node = node
  }

  add(pod: KubeObject): void {
    const { uid } = pod.metadata
    if (this.pods.has(uid)) this.remove(uid)
    const info = podInfo(pod)
    this.pods.set(uid, info)
    this.#count(info, 1)
  }

  remove(uid: string): void {
    const info = this.pods.get(uid)
    if (!info) return
    this.pods.delete(uid)
    this.#count(info, -1)
  }

  usesPort({ ip, protocol, port }: HostPort): boolean {
    const used = this.ports.get(`${protocol}/${port}`)
    if (!used || used.length === 0) return false
    return ip === '0.0.0.0' || used.includes('0.0.0.0') || used.includes(ip)
  }

  /** A copy to try things on. */
  clone(): NodeInfo {
    const copy = new NodeInfo(this.name)
    copy.node = this.node
    copy.allocatable = this.allocatable
    for (const [uid, info] of this.pods) copy.pods.set(uid, info)
    for (const [name, value] of this.requested) copy.requested.set(name, value)
    for (const [name, value] of this.nonZero) copy.nonZero.set(name, value)
    for (const [key, ips] of this.ports) copy.ports.set(key, [...ips])
    return copy
  }

  #count({ requests, nonZero, hostPorts }: PodInfo, sign: 1 | -1): void {
    addTo(this.requested, requests, sign)
    addTo(this.nonZero, nonZero, sign)
    for (const { protocol, port, ip } of hostPorts) {
      const key = `${protocol}/${port}`
      const ips = this.ports.get(key) ?? []
      if (sign > 0) ips.push(ip)
      else ips.splice(ips.indexOf(ip), 1)
      this.ports.set(key, ips)
    }
  }
}
