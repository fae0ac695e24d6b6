import type { Random } from '../../time/random.ts'
import type { WorldContext } from '../machine.ts'
import type { Sockets } from '../socket.ts'
import { NetworkNamespace } from './network-namespace.ts'
import { Segment } from './segment.ts'
import { NamespaceSockets } from './sockets.ts'

/**
 * The cables of a world: segments that machines' cards are plugged into, and hosts that are not machines.
 *
 *     const fabric = new Fabric(world)
 *     const lan = fabric.segment('lan')
 *     fabric.attach(kernel.namespaces.net, 'eth0', lan, { address: '192.168.10.210/24', gateway: '192.168.10.1' })
 *     const dns = fabric.host('dns', lan, '192.168.10.1/24')     // dns.sockets.datagram({ port: 53 })
 */
export class Fabric {
  readonly #world: WorldContext
  readonly #segments = new Map<string, Segment>()
  readonly #hosts = new Map<string, { namespace: NetworkNamespace; sockets: Sockets }>()
  readonly #random: Random
  #lastId = 4_100_000_000

  constructor(world: WorldContext) {
    this.#world = world
    this.#random = world.random.fork('fabric')
  }

  /** Finds or makes a network. `latency` one way in ms. */
  segment(name: string, latency = 0.2): Segment {
    let segment = this.#segments.get(name)
    if (!segment) {
      segment = new Segment(name, latency)
      this.#segments.set(name, segment)
    }
    return segment
  }

  /** Gives a namespace a card on a segment, up, with its address and default route. */
  attach(
    namespace: NetworkNamespace,
    device: string,
    segment: Segment,
    options: { address?: string; gateway?: string; mac?: string } = {},
  ): void {
    const card = namespace.addInterface(device, 'ethernet', options.mac === undefined ? {} : { mac: options.mac })
    segment.plug(card)
    if (options.address !== undefined) namespace.addAddress(device, options.address)
    namespace.setUp(device, true)
    if (options.gateway !== undefined) namespace.addDefaultRoute(options.gateway, device)
  }

  /** A host without a machine: a router, a name server, a public web server. It forwards. */
  host(
    name: string,
    segment: Segment,
    address: string,
    options: { gateway?: string } = {},
  ): { namespace: NetworkNamespace; sockets: Sockets } {
    const known = this.#hosts.get(name)
    if (known) return known
    const namespace = new NetworkNamespace(++this.#lastId, this.#world, this.#random)
    namespace.setUp('lo', true)
    namespace.ipForward = true
    this.attach(namespace, 'eth0', segment, { address, ...options })
    const host = { namespace, sockets: new NamespaceSockets(namespace) }
    this.#hosts.set(name, host)
    return host
  }
}
