import { Condition } from '../condition.ts'
import { SystemError } from '../errors.ts'
import { type Caller, NOBODY } from '../fs/description.ts'
import type { SocketAddress } from '../socket.ts'
import { forward } from './forward.ts'
import { ANY, formatAddress, parseAddress } from './ipv4.ts'
import type { NetworkNamespace } from './network-namespace.ts'
import type { Packet } from './packet.ts'
import { type SocketOwner, sleep } from './tcp.ts'

const QUEUE = 1024

/** A UDP socket. */
export class DatagramEndpoint {
  readonly namespace: NetworkNamespace
  readonly local: SocketAddress
  readonly address: number
  readonly owner: SocketOwner | undefined
  readonly #changed: Condition
  #queue: { from: SocketAddress; bytes: Uint8Array }[] = []
  #error: SystemError | undefined
  #closed = false

  constructor(namespace: NetworkNamespace, local: SocketAddress, owner: SocketOwner | undefined) {
    this.namespace = namespace
    this.local = local
    this.address = parseAddress(local.address) ?? ANY
    this.owner = owner
    this.#changed = new Condition(namespace.world.waiting)
    namespace.sockets.addDatagram(this)
  }

  get queued(): number {
    return this.#queue.length
  }

  /** ENETUNREACH at once; a closed port is told at the next receive (ECONNREFUSED). */
  send(to: SocketAddress, bytes: Uint8Array): void {
    if (this.#closed) throw new SystemError('EBADF')
    const destination = parseAddress(to.address)
    if (destination === undefined) throw new SystemError('EINVAL')
    const packet: Packet = {
      protocol: 'udp',
      source: this.address,
      sourcePort: this.local.port,
      destination: destination === 0 ? 0x7f000001 : destination,
      destinationPort: to.port,
      established: false,
      mark: 0,
      ttl: 64,
      bytes: bytes.length + 28,
    }
    const outcome = forward(this.namespace, packet)
    if (outcome.kind === 'no-route') throw new SystemError('ENETUNREACH')
    const { clock } = this.namespace.world
    if (outcome.kind === 'refused') clock.after(outcome.latency * 2, () => this.#refused('ECONNREFUSED'))
    if (outcome.kind !== 'delivered') return
    for (const card of outcome.path.sent) {
      card.sent.bytes += packet.bytes
      card.sent.packets++
    }
    for (const card of outcome.path.received) {
      card.received.bytes += packet.bytes
      card.received.packets++
    }
    const content = bytes.slice()
    clock.after(outcome.latency, () => {
      if (!outcome.namespace.powered) return
      const { packet: seen, namespace } = outcome
      const target = namespace.sockets.datagram(seen.destination, seen.destinationPort)
      if (target) target.deliver({ address: formatAddress(seen.source), port: seen.sourcePort }, content)
      else clock.after(outcome.latency, () => this.#refused('ECONNREFUSED'))
    })
  }

  deliver(from: SocketAddress, bytes: Uint8Array): void {
    if (this.#queue.length >= QUEUE) return
    this.#queue.push({ from, bytes })
    this.#changed.notify()
  }

  /** ETIMEDOUT after `timeout` ms. */
  async receive(
    options: { timeout?: number } = {},
    caller: Caller = NOBODY,
  ): Promise<{ from: SocketAddress; bytes: Uint8Array }> {
    const { clock } = this.namespace.world
    const deadline = options.timeout === undefined ? undefined : clock.now + options.timeout
    if (deadline !== undefined) void sleep(this.namespace, options.timeout ?? 0).then(() => this.#changed.notify())
    for (;;) {
      if (this.#closed) throw new SystemError('EBADF')
      const next = this.#queue.shift()
      if (next) return next
      const error = this.#error
      if (error) {
        this.#error = undefined
        throw error
      }
      if (deadline !== undefined && clock.now >= deadline) throw new SystemError('ETIMEDOUT')
      await caller.wait(this.#changed.changed)
    }
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.namespace.sockets.removeDatagram(this)
    this.#changed.notify()
  }

  #refused(code: 'ECONNREFUSED'): void {
    if (this.#closed) return
    this.#error = new SystemError(code)
    this.#changed.notify()
  }
}
