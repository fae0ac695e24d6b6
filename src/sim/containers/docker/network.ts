import type { Kernel } from '../../linux/kernel.ts'
import { formatAddress, parseAddress, parseCidr } from '../../linux/net/ipv4.ts'
import { macOf, type NetworkNamespace } from '../../linux/net/network-namespace.ts'
import { ApiError } from './api-error.ts'

export interface IpamConfig {
  Subnet: string
  Gateway?: string
  IPRange?: string
}

export interface NetworkInit {
  id: string
  name: string
  driver: string
  internal?: boolean
  subnet?: string
  gateway?: string
  /** The part of the subnet that addresses are taken from. */
  range?: string
  labels?: Record<string, string>
  options?: Record<string, string>
  /** RFC 3339 */
  created: string
  /** Whether the user chose the subnet. */
  configured?: boolean
}

/** A container's place in a network while it runs. */
export interface Attachment {
  readonly network: Network
  readonly endpointId: string
  readonly containerId: string
  readonly name: string
  readonly ip: string
  readonly mac: string
  /** `eth0` */
  readonly device: string
  readonly aliases: readonly string[]
  readonly namespace: NetworkNamespace
  readonly hostDevice: string
}

/** A Docker network: `bridge` ones have a bridge on the machine and hand out addresses. */
export class Network {
  readonly id: string
  readonly name: string
  readonly driver: string
  readonly internal: boolean
  readonly subnet: string | undefined
  readonly gateway: string | undefined
  readonly range: string | undefined
  readonly labels: Record<string, string>
  readonly options: Record<string, string>
  readonly created: string
  readonly configured: boolean
  readonly attachments = new Map<string, Attachment>()
  readonly #taken = new Set<number>()
  readonly #kernel: Kernel

  constructor(kernel: Kernel, init: NetworkInit) {
    this.#kernel = kernel
    this.id = init.id
    this.name = init.name
    this.driver = init.driver
    this.internal = init.internal ?? false
    this.subnet = init.subnet
    this.gateway = init.gateway
    this.range = init.range
    this.labels = init.labels ?? {}
    this.options = init.options ?? {}
    this.created = init.created
    this.configured = init.configured ?? false
    if (this.gateway) this.#taken.add(parseAddress(this.gateway)!)
  }

  get prefix(): number {
    return Number(this.subnet?.split('/')[1] ?? 32)
  }

  /** Name of its bridge: `docker0`, `br-c38ec2223146`. */
  get bridge(): string {
    return this.options['com.docker.network.bridge.name'] ?? `br-${this.id.slice(0, 12)}`
  }

  /** Makes the bridge and the packet filter's rules for it. */
  raise(): void {
    if (this.driver !== 'bridge' || !this.gateway) return
    const net = this.#kernel.namespaces.net
    if (!net.interface(this.bridge)) {
      net.addInterface(this.bridge, 'bridge', { mac: macOf(this.gateway) })
      net.addAddress(this.bridge, `${this.gateway}/${this.prefix}`)
    }
    net.setUp(this.bridge, true)
    net.ipForward = true
    const filter = net.netfilter
    if (!this.internal) filter.insert('nat', 'POSTROUTING', `-s ${this.subnet} ! -o ${this.bridge} -j MASQUERADE`)
    filter.insert('nat', 'DOCKER', `-i ${this.bridge} -j RETURN`)
    for (const rule of this.#forwardRules().toReversed()) filter.insert('filter', 'FORWARD', rule, 3)
  }

  #forwardRules(): string[] {
    return [
      `-o ${this.bridge} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
      `-o ${this.bridge} -j DOCKER`,
      `-i ${this.bridge} ! -o ${this.bridge} -j ACCEPT`,
      `-i ${this.bridge} -o ${this.bridge} -j ACCEPT`,
    ]
  }

  lower(): void {
    if (this.driver !== 'bridge') return
    const net = this.#kernel.namespaces.net
    net.removeInterface(this.bridge)
    const remove = (table: 'nat' | 'filter', chain: string, rule: string) => {
      if (net.netfilter.exists(table, chain, rule)) net.netfilter.delete(table, chain, rule)
    }
    remove('nat', 'POSTROUTING', `-s ${this.subnet} ! -o ${this.bridge} -j MASQUERADE`)
    remove('nat', 'DOCKER', `-i ${this.bridge} -j RETURN`)
    for (const rule of this.#forwardRules()) remove('filter', 'FORWARD', rule)
  }

  /** A free address, the lowest; or the one asked for. */
  allocate(wanted?: string): string {
    const base = parseAddress(this.subnet!.split('/')[0]!)!
    if (wanted) {
      const address = parseAddress(wanted)
      if (address === undefined) throw new ApiError(400, `invalid IPv4 address: ${wanted}`)
      if (this.#taken.has(address)) throw new ApiError(403, 'Address already in use')
      this.#taken.add(address)
      return wanted
    }
    // Only the ends of the whole subnet are nobody's; a part of it is used from its first address on.
    const last = base + 2 ** (32 - this.prefix) - 1
    const part = this.range ? parseCidr(this.range)! : { base, prefix: this.prefix }
    for (let address = part.base; address < part.base + 2 ** (32 - part.prefix); address++) {
      if (address === base || address === last || this.#taken.has(address)) continue
      this.#taken.add(address)
      return formatAddress(address)
    }
    if (this.range)
      throw new ApiError(403, `no available IPv4 addresses on this network's address pools: ${this.name} (${this.id})`)
    throw new ApiError(
      500,
      'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    )
  }

  release(ip: string): void {
    this.#taken.delete(parseAddress(ip)!)
  }

  /** Connects a container's namespace with a veth pair. */
  attach(
    container: { id: string; name: string },
    namespace: NetworkNamespace,
    options: { ip?: string; aliases: readonly string[]; endpointId: string; veth: string },
  ): Attachment {
    const ip = this.allocate(options.ip)
    let index = 0
    while (namespace.interface(`eth${index}`)) index++
    const device = `eth${index}`
    const mac = macOf(ip)
    const net = this.#kernel.namespaces.net
    const hostIndex = Math.max(...net.interfaces.map((card) => card.index)) + 2
    const ends = net.addVeth(options.veth, namespace, device, { mac, index: hostIndex, otherIndex: hostIndex - 1 })
    // The host's end reports its IPv6 multicast groups, once for its address and once for its name.
    ends[1].received.packets += 2
    ends[1].received.bytes += 200
    net.setMaster(options.veth, this.bridge)
    net.setUp(options.veth, true)
    namespace.setUp('lo', true)
    namespace.addAddress(device, `${ip}/${this.prefix}`)
    namespace.setUp(device, true)
    if (!this.internal && this.gateway && ![...namespace.routes].some((route) => route.destination.prefix === 0))
      namespace.addDefaultRoute(this.gateway, device)
    const attachment: Attachment = {
      network: this,
      endpointId: options.endpointId,
      containerId: container.id,
      name: container.name,
      ip,
      mac,
      device,
      aliases: options.aliases,
      namespace,
      hostDevice: options.veth,
    }
    this.attachments.set(container.id, attachment)
    return attachment
  }

  detach(attachment: Attachment): void {
    this.attachments.delete(attachment.containerId)
    this.release(attachment.ip)
    const net = this.#kernel.namespaces.net
    if (net.interface(attachment.hostDevice)) net.removeInterface(attachment.hostDevice)
  }
}
