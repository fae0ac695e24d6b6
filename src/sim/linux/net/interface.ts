import { inCidr, maskOf } from './ipv4.ts'
import type { NetworkNamespace } from './network-namespace.ts'
import type { Segment } from './segment.ts'

export type InterfaceType = 'loopback' | 'ethernet' | 'bridge' | 'veth' | 'vxlan' | 'dummy'

export interface InterfaceAddress {
  readonly address: number
  readonly prefix: number
  readonly scope: 'global' | 'host' | 'link'
}

/** A network interface. Made by its namespace (`addInterface`, `addVeth`, `addBridge`). */
export class NetworkInterface {
  name: string
  readonly index: number
  readonly type: InterfaceType
  readonly mac: string
  mtu: number
  up = false
  /** Packets that wait to be sent; 0 for those made without a queue. */
  queueLength = 0
  namespace: NetworkNamespace
  readonly addresses: InterfaceAddress[] = []
  /** The bridge it is a port of. */
  master: NetworkInterface | undefined
  /** The other end of a veth pair. */
  peer: NetworkInterface | undefined
  /** The network an ethernet card or a tunnel is connected to. */
  segment: Segment | undefined
  /** A bridge's ports. */
  readonly ports = new Set<NetworkInterface>()
  readonly received = { bytes: 0, packets: 0 }
  readonly sent = { bytes: 0, packets: 0 }

  constructor(init: {
    name: string
    index: number
    type: InterfaceType
    mac: string
    namespace: NetworkNamespace
    mtu?: number
  }) {
    this.name = init.name
    this.index = init.index
    this.type = init.type
    this.mac = init.mac
    this.namespace = init.namespace
    this.mtu = init.mtu ?? (init.type === 'loopback' ? 65_536 : 1500)
  }

  /** Whether a signal is on the line: a bridge needs a port that is up, a veth its peer. */
  get carrier(): boolean {
    if (!this.up) return false
    if (this.type === 'bridge') return [...this.ports].some((port) => port.carrier)
    if (this.type === 'veth') return this.peer?.up ?? false
    return true
  }

  has(address: number): boolean {
    return this.addresses.some(
      (own) => own.address === address || (this.type === 'loopback' && inCidr(address, loopbackNet(own))),
    )
  }

  /** Who has this address on the same wire; undefined when nobody answers. */
  neighbour(address: number): NetworkInterface | undefined {
    if (!this.up) return undefined
    if (this.segment) return this.segment.find(address, this)
    if (this.type === 'bridge') return this.#behindPorts(address, undefined)
    const { peer } = this
    if (!peer?.up) return undefined
    const { master } = peer
    if (!master) return peer.has(address) ? peer : undefined
    if (!master.up) return undefined
    return master.has(address) ? master : master.#behindPorts(address, peer)
  }

  #behindPorts(address: number, except: NetworkInterface | undefined): NetworkInterface | undefined {
    for (const port of this.ports) {
      if (port === except || !port.up) continue
      if (port.peer?.up && port.peer.has(address)) return port.peer
      const outside = port.segment?.find(address, port)
      if (outside) return outside
    }
    return undefined
  }
}

function loopbackNet({ address, prefix }: InterfaceAddress): { base: number; prefix: number } {
  return { base: (address & maskOf(prefix)) >>> 0, prefix }
}
