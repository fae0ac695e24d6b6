import type { Random } from '../../time/random.ts'
import type { WorldContext } from '../machine.ts'
import type { Translation } from './forward.ts'
import { type InterfaceType, NetworkInterface } from './interface.ts'
import { formatAddress, maskOf, parseAddress } from './ipv4.ts'
import { NeighbourTable } from './neighbours.ts'
import { Netfilter, type TableName } from './netfilter/netfilter.ts'
import { RouteTable } from './route-table.ts'
import type { Segment } from './segment.ts'
import { SocketTable } from './socket-table.ts'

const EPHEMERAL = { first: 32_768, last: 60_999 }

/**
 * A network namespace: interfaces, addresses, routes, packet filter and sockets. A machine has one, and so has each
 * container or Pod; hosts outside all machines (a router, a public server) are namespaces without a kernel.
 *
 *     const net = new NetworkNamespace(id, world)
 *     net.setUp('lo', true)
 *     const card = net.addInterface('eth0', 'ethernet'); segment.plug(card)
 *     net.addAddress('eth0', '192.168.10.210/24'); net.setUp('eth0', true); net.addDefaultRoute('192.168.10.1', 'eth0')
 *     net.addInterface('cni0', 'bridge')
 *     const [outside, inside] = net.addVeth('veth1', podNet, 'eth0'); net.setMaster('veth1', 'cni0')
 */
export class NetworkNamespace {
  /** Inode number of /proc/PID/ns/net. */
  readonly id: number
  readonly world: WorldContext
  readonly routes = new RouteTable()
  readonly sockets = new SocketTable()
  readonly neighbours = new NeighbourTable()
  /** net.ipv4.ip_forward */
  ipForward = false
  /** net.bridge.bridge-nf-call-iptables */
  bridgeNetfilter = true
  /** net.ipv4.ip_unprivileged_port_start */
  unprivilegedPortStart = 1024
  /** False when its machine is switched off: nothing goes in or out. */
  powered = true
  readonly #interfaces = new Map<string, NetworkInterface>()
  readonly #byAddress = new Map<number, NetworkInterface>()
  #netfilter: Netfilter | undefined
  #translations: Map<string, Translation> | undefined
  #random: Random | undefined
  #lastIndex = 0
  #nextPort = 0

  /** Names and owners that keep it although no process is in it; the container engine's keep theirs for good. */
  pins = 1
  readonly #chance: Random | undefined

  constructor(id: number, world: WorldContext, chance?: Random) {
    this.id = id
    this.world = world
    this.#chance = chance
    this.addInterface('lo', 'loopback')
  }

  get random(): Random {
    this.#random ??= (this.#chance ?? this.world.random).fork(`net/${this.id}`)
    return this.#random
  }

  get netfilter(): Netfilter {
    this.#netfilter ??= new Netfilter()
    return this.#netfilter
  }

  hasRules(table: TableName): boolean {
    return this.#netfilter?.existing(table) !== undefined
  }

  // ---- interfaces

  get interfaces(): NetworkInterface[] {
    return [...this.#interfaces.values()].sort((a, b) => a.index - b.index)
  }

  interface(name: string): NetworkInterface | undefined {
    return this.#interfaces.get(name)
  }

  addInterface(
    name: string,
    type: InterfaceType,
    options: { mac?: string; mtu?: number; index?: number } = {},
  ): NetworkInterface {
    const index = options.index ?? this.#lastIndex + 1
    this.#lastIndex = Math.max(this.#lastIndex, index)
    const mac = options.mac ?? (type === 'loopback' ? '00:00:00:00:00:00' : randomMac(this.random))
    const made = new NetworkInterface({
      name,
      index,
      type,
      mac,
      namespace: this,
      ...(options.mtu === undefined ? {} : { mtu: options.mtu }),
    })
    this.#interfaces.set(name, made)
    return made
  }

  /** A pair of connected cards; the second may be in another namespace. */
  addVeth(
    name: string,
    other: NetworkNamespace,
    otherName: string,
    options: { mac?: string; index?: number; otherIndex?: number } = {},
  ): [NetworkInterface, NetworkInterface] {
    const inside = other.addInterface(otherName, 'veth', {
      ...(options.mac === undefined ? {} : { mac: options.mac }),
      ...(options.otherIndex === undefined ? {} : { index: options.otherIndex }),
    })
    const outside = this.addInterface(name, 'veth', options.index === undefined ? {} : { index: options.index })
    outside.peer = inside
    inside.peer = outside
    return [outside, inside]
  }

  removeInterface(name: string): void {
    const card = this.#interfaces.get(name)
    if (!card) return
    this.#interfaces.delete(name)
    this.routes.remove((route) => route.device === name)
    this.neighbours.flush(card, true)
    for (const { address } of card.addresses) this.#byAddress.delete(address)
    card.segment?.unplug(card)
    card.master?.ports.delete(card)
    for (const port of card.ports) port.master = undefined
    const { peer } = card
    card.peer = undefined
    card.up = false
    if (peer) {
      peer.peer = undefined
      peer.namespace.removeInterface(peer.name)
    }
  }

  /** `ip link set X netns Y`: addresses are lost, it goes down. */
  moveInterface(name: string, to: NetworkNamespace, newName = name): void {
    const card = this.#interfaces.get(name)
    if (!card) return
    for (const { address, prefix } of [...card.addresses])
      this.removeAddress(name, `${formatAddress(address)}/${prefix}`)
    this.setUp(name, false)
    this.#interfaces.delete(name)
    card.master?.ports.delete(card)
    card.master = undefined
    card.name = newName
    card.namespace = to
    to.adopt(card)
  }

  adopt(card: NetworkInterface): void {
    this.#lastIndex = Math.max(this.#lastIndex, card.index)
    this.#interfaces.set(card.name, card)
  }

  rename(name: string, newName: string): void {
    const card = this.#interfaces.get(name)
    if (!card || this.#interfaces.has(newName)) return
    this.#interfaces.delete(name)
    card.name = newName
    this.#interfaces.set(newName, card)
  }

  setUp(name: string, up: boolean): void {
    const card = this.#interfaces.get(name)
    if (!card || card.up === up) return
    card.up = up
    // The kernel itself gives the loopback interface its address.
    if (up && card.type === 'loopback' && card.addresses.length === 0)
      card.addresses.push({ address: 0x7f000001, prefix: 8, scope: 'host' })
    for (const { address, prefix } of card.addresses) if (up) this.#connected(card, address, prefix)
    if (up) return
    this.routes.remove((route) => route.device === name)
    this.neighbours.flush(card, true)
  }

  setMaster(name: string, bridge: string | undefined): void {
    const card = this.#interfaces.get(name)
    if (!card) return
    card.master?.ports.delete(card)
    card.master = bridge === undefined ? undefined : this.#interfaces.get(bridge)
    card.master?.ports.add(card)
  }

  plug(name: string, segment: Segment): void {
    const card = this.#interfaces.get(name)
    if (card) segment.plug(card)
  }

  /** `10.1.1.1/24`; also makes the route to its network. */
  addAddress(name: string, cidr: string): void {
    const card = this.#interfaces.get(name)
    const [text, length = '32'] = cidr.split('/')
    const address = parseAddress(text ?? '')
    if (!card || address === undefined) return
    const prefix = Number(length)
    if (card.addresses.some((own) => own.address === address && own.prefix === prefix)) return
    card.addresses.push({ address, prefix, scope: card.type === 'loopback' ? 'host' : 'global' })
    this.#byAddress.set(address, card)
    card.segment?.announce(card, address)
    if (card.up) this.#connected(card, address, prefix)
  }

  removeAddress(name: string, cidr: string): boolean {
    const card = this.#interfaces.get(name)
    const address = parseAddress(cidr.split('/')[0] ?? '')
    const at = card?.addresses.findIndex((own) => own.address === address) ?? -1
    if (!card || at < 0 || address === undefined) return false
    card.addresses.splice(at, 1)
    this.#byAddress.delete(address)
    card.segment?.withdraw(card, address)
    this.routes.remove((route) => route.device === name && route.source === address)
    return true
  }

  addDefaultRoute(gateway: string, device: string): void {
    const address = parseAddress(gateway)
    if (address !== undefined) this.routes.add({ destination: { base: 0, prefix: 0 }, gateway: address, device })
  }

  /** Its own address of an interface that is up, or any of 127.0.0.0/8. */
  isLocal(address: number): boolean {
    const card = this.#byAddress.get(address)
    if (card) return card.up
    return address >>> 24 === 127 && this.#interfaces.get('lo')?.up === true
  }

  firstAddress(device: string | undefined): number | undefined {
    return device === undefined ? undefined : this.#interfaces.get(device)?.addresses[0]?.address
  }

  /** A global address of any card: the sender's address on unnumbered links. */
  get anyAddress(): number | undefined {
    for (const card of this.#interfaces.values())
      for (const { address, scope } of card.addresses) if (scope === 'global' && card.up) return address
    return undefined
  }

  /** The end of a namespace (its last process has gone): cards disappear, connections are cut. */
  destroy(): void {
    for (const name of [...this.#interfaces.keys()]) this.removeInterface(name)
    this.sockets.closeAll()
    this.powered = false
  }

  // ---- ports and flows

  ephemeralPort(inUse: (port: number) => boolean): number | undefined {
    const span = EPHEMERAL.last - EPHEMERAL.first + 1
    if (this.#nextPort === 0) this.#nextPort = this.random.int(EPHEMERAL.first, EPHEMERAL.last)
    for (let tries = 0; tries < span; tries++) {
      this.#nextPort = this.#nextPort >= EPHEMERAL.last ? EPHEMERAL.first : this.#nextPort + 1
      if (!inUse(this.#nextPort)) return this.#nextPort
    }
    return undefined
  }

  translation(key: string): Translation | undefined {
    const known = this.#translations?.get(key)
    if (!known) return undefined
    const { now } = this.world.clock
    if (known.expires < now) {
      this.#translations?.delete(key)
      return undefined
    }
    if (!key.startsWith('tcp')) known.expires = now + 120_000
    return known
  }

  track(key: string, translation: Translation): void {
    this.#translations ??= new Map()
    if (this.#translations.size > 2000) {
      const { now } = this.world.clock
      for (const [old, { expires }] of this.#translations) if (expires < now) this.#translations.delete(old)
    }
    this.#translations.set(key, translation)
  }

  untrack(key: string): void {
    this.#translations?.delete(key)
  }

  #connected(card: NetworkInterface, address: number, prefix: number): void {
    if (card.type === 'loopback' || prefix === 32) return
    const destination = { base: (address & maskOf(prefix)) >>> 0, prefix }
    const route = { destination, device: card.name, source: address, protocol: 'kernel', scope: 'link' as const }
    if (!this.routes.has(route)) this.routes.add(route)
  }
}

/** A locally administered address. */
function randomMac(random: Random): string {
  const first = ((random.int(0, 255) & 0xfc) | 2).toString(16).padStart(2, '0')
  return [first, ...Array.from({ length: 5 }, () => random.hex(2))].join(':')
}

/** Docker's: from the IPv4 address. `02:42:ac:11:00:02` */
export function macOf(address: string): string {
  const value = parseAddress(address) ?? 0
  const bytes = [24, 16, 8, 0].map((shift) => ((value >>> shift) & 255).toString(16).padStart(2, '0'))
  return `02:42:${bytes.join(':')}`
}
