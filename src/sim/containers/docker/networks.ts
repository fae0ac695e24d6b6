import type { Kernel } from '../../linux/kernel.ts'
import { formatAddress, inCidr, parseAddress, parseCidr } from '../../linux/net/ipv4.ts'
import type { Random } from '../../time/random.ts'
import { rfc3339Nano } from '../timestamp.ts'
import { ApiError } from './api-error.ts'
import type { Events } from './events.ts'
import { Network } from './network.ts'

const PREDEFINED = new Set(['bridge', 'host', 'none'])

/** The networks of one daemon. */
export class Networks {
  readonly #kernel: Kernel
  readonly #random: Random
  readonly #events: Events
  readonly #networks = new Map<string, Network>()

  constructor(kernel: Kernel, random: Random, events: Events) {
    this.#kernel = kernel
    this.#random = random
    this.#events = events
    this.#prepareFilter()
    this.#add('bridge', 'bridge', {
      subnet: '172.17.0.0/16',
      gateway: '172.17.0.1',
      options: {
        'com.docker.network.bridge.default_bridge': 'true',
        'com.docker.network.bridge.enable_icc': 'true',
        'com.docker.network.bridge.enable_ip_masquerade': 'true',
        'com.docker.network.bridge.host_binding_ipv4': '0.0.0.0',
        'com.docker.network.bridge.name': 'docker0',
        'com.docker.network.driver.mtu': '1500',
      },
    })
    this.#add('host', 'host', {})
    this.#add('none', 'null', {})
  }

  #prepareFilter(): void {
    const filter = this.#kernel.namespaces.net.netfilter
    if (filter.chain('nat', 'DOCKER')) return
    filter.newChain('nat', 'DOCKER')
    filter.append('nat', 'PREROUTING', '-m addrtype --dst-type LOCAL -j DOCKER')
    filter.append('nat', 'OUTPUT', '! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER')
    filter.newChain('filter', 'DOCKER')
    filter.newChain('filter', 'DOCKER-ISOLATION-STAGE-1')
    filter.newChain('filter', 'DOCKER-USER')
    filter.append('filter', 'DOCKER-ISOLATION-STAGE-1', '-j RETURN')
    filter.append('filter', 'DOCKER-USER', '-j RETURN')
    filter.append('filter', 'FORWARD', '-j DOCKER-USER')
    filter.append('filter', 'FORWARD', '-j DOCKER-ISOLATION-STAGE-1')
  }

  #add(name: string, driver: string, init: Partial<ConstructorParameters<typeof Network>[1]>): Network {
    const network = new Network(this.#kernel, {
      ...init,
      id: this.#random.hex(64),
      name,
      driver,
      created: rfc3339Nano(this.#kernel.wallClock()),
    })
    this.#networks.set(network.id, network)
    network.raise()
    return network
  }

  list(): Network[] {
    return [...this.#networks.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  }

  /** By name, id or the beginning of an id. */
  find(text: string): Network | undefined {
    const all = this.list()
    const exact = all.find((network) => network.name === text || network.id === text)
    if (exact) return exact
    const begins = text === '' ? [] : all.filter((network) => network.id.startsWith(text))
    return begins.length === 1 ? begins[0] : undefined
  }

  get(text: string): Network {
    const network = this.find(text)
    if (!network) throw new ApiError(404, `network ${text} not found`)
    return network
  }

  create(
    name: string,
    init: {
      driver?: string
      internal?: boolean
      labels?: Record<string, string>
      options?: Record<string, string>
      subnet?: string
      gateway?: string
      range?: string
    },
  ): Network {
    const driver = init.driver || 'bridge'
    if (this.list().some((network) => network.name === name))
      throw new ApiError(409, `network with name ${name} already exists`)
    if (driver === 'host' || driver === 'null')
      throw new ApiError(403, `only one instance of "${driver}" network is allowed`)
    if (driver !== 'bridge') {
      if (['overlay'].includes(driver))
        throw new ApiError(
          503,
          'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
        )
      if (['macvlan', 'ipvlan'].includes(driver)) throw new ApiError(501, `not simulated: the network driver ${driver}`)
      throw new ApiError(404, `plugin "${driver}" not found`)
    }
    const subnet = init.subnet ?? this.#freeSubnet()
    const [base, prefix] = subnet.split('/')
    const address = parseAddress(base ?? '')
    if (address === undefined || prefix === undefined) throw new ApiError(400, `invalid CIDR address: ${subnet}`)
    if (init.subnet && this.#overlaps(address, Number(prefix)))
      throw new ApiError(403, 'Pool overlaps with other one on this address space')
    const range = init.range === undefined ? undefined : parseCidr(init.range)
    if (
      init.range !== undefined &&
      (!range || range.prefix < Number(prefix) || !inCidr(range.base, { base: address, prefix: Number(prefix) }))
    )
      throw new ApiError(
        400,
        `invalid network config:\ninvalid ip-range ${init.range}: ${range ? `parent subnet ${subnet} doesn't contain ip-range` : 'invalid CIDR address'}`,
      )
    const first = range && range.base !== address ? range.base : address + 1
    const network = this.#add(name, driver, {
      subnet,
      gateway: init.gateway ?? formatAddress(first),
      ...(init.range === undefined ? {} : { range: init.range }),
      internal: init.internal,
      labels: init.labels,
      options: init.options,
      configured: init.subnet !== undefined,
    })
    this.#events.emit('network', 'create', network.id, { name, type: driver })
    return network
  }

  #freeSubnet(): string {
    for (let second = 18; second < 32; second++) {
      if (!this.#overlaps(parseAddress(`172.${second}.0.0`)!, 16)) return `172.${second}.0.0/16`
    }
    for (let third = 0; third < 256; third += 16)
      if (!this.#overlaps(parseAddress(`192.168.${third}.0`)!, 20)) return `192.168.${third}.0/20`
    throw new ApiError(
      400,
      'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    )
  }

  #overlaps(base: number, prefix: number): boolean {
    return this.list().some((network) => {
      if (!network.subnet) return false
      const shift = 2 ** (32 - Math.min(prefix, network.prefix))
      return Math.floor(parseAddress(network.subnet.split('/')[0]!)! / shift) === Math.floor(base / shift)
    })
  }

  remove(text: string): Network {
    const network = this.get(text)
    if (PREDEFINED.has(network.name))
      throw new ApiError(403, `${network.name} is a pre-defined network and cannot be removed`)
    if (network.attachments.size > 0)
      throw new ApiError(
        403,
        `error while removing network: network ${network.name} id ${network.id} has active endpoints`,
      )
    network.lower()
    this.#networks.delete(network.id)
    this.#events.emit('network', 'destroy', network.id, { name: network.name, type: network.driver })
    return network
  }
}
