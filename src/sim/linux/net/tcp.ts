import { Condition } from '../condition.ts'
import { SystemError } from '../errors.ts'
import { type Caller, NOBODY } from '../fs/description.ts'
import type { SocketAddress } from '../socket.ts'
import { type Delivered, forward } from './forward.ts'
import { formatAddress, parseAddress } from './ipv4.ts'
import { PROBE } from './neighbours.ts'
import type { NetworkNamespace } from './network-namespace.ts'
import type { Packet } from './packet.ts'

const WINDOW = 262_144
/** Bytes per ms on a wire of 1 Gbit/s. */
const BANDWIDTH = 125_000
/** How long a caller waits before it tries again, as Linux's SYN retries: 127 s in all. */
const FIRST_RETRY = 1000
const DEFAULT_TIMEOUT = 127_000
/** ms until data that nobody acknowledges is given up (tcp_retries2). */
const RETRANSMISSIONS = 924_600

/** Who holds a socket, for ss -p. */
export interface SocketOwner {
  readonly hostPid: number
  readonly comm: string
}

/** One side of an established connection. */
export class TcpEndpoint {
  readonly namespace: NetworkNamespace
  readonly local: SocketAddress
  readonly remote: SocketAddress
  owner: SocketOwner | undefined
  peer!: TcpEndpoint
  /** Server side, or made by connect. */
  readonly accepted: boolean
  readonly #latency: number
  readonly #path: Delivered['path'] | undefined
  readonly #changed: Condition
  #incoming: Uint8Array[] = []
  #buffered = 0
  #inFlight = 0
  #eof = false
  /** The error that ended it. */
  #reset: 'ECONNRESET' | 'ETIMEDOUT' | undefined
  #unanswered = false
  #finished = false
  #closed = false
  #lastArrival = 0
  onClose: (() => void) | undefined

  constructor(
    namespace: NetworkNamespace,
    local: SocketAddress,
    remote: SocketAddress,
    latency: number,
    path: Delivered['path'] | undefined,
    accepted: boolean,
  ) {
    this.namespace = namespace
    this.local = local
    this.remote = remote
    this.#latency = latency
    this.#path = path
    this.accepted = accepted
    this.#changed = new Condition(namespace.world.waiting)
    namespace.sockets.addConnection(this)
  }

  get state(): 'ESTAB' | 'CLOSE-WAIT' | 'FIN-WAIT-2' | 'CLOSED' {
    if (this.#closed) return 'CLOSED'
    if (this.#eof) return 'CLOSE-WAIT'
    return this.#finished ? 'FIN-WAIT-2' : 'ESTAB'
  }
  get queued(): number {
    return this.#buffered
  }

  async read(limit = 65_536, caller: Caller = NOBODY): Promise<Uint8Array> {
    for (;;) {
      if (this.#closed) throw new SystemError('EBADF')
      const first = this.#incoming[0]
      if (first) {
        const out = first.subarray(0, limit)
        if (out.length === first.length) this.#incoming.shift()
        else this.#incoming[0] = first.subarray(limit)
        this.#buffered -= out.length
        this.peer.#changed.notify()
        return out
      }
      if (this.#reset) throw new SystemError(this.#reset)
      if (this.#eof) return new Uint8Array(0)
      await caller.wait(this.#changed.changed)
    }
  }

  async write(bytes: Uint8Array, caller: Caller = NOBODY): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      if (this.#closed) throw new SystemError('EBADF')
      if (this.#reset) throw new SystemError(this.#reset)
      if (this.#finished) throw new SystemError('EPIPE')
      const { peer } = this
      const room = WINDOW - peer.#buffered - peer.#inFlight
      if (room <= 0) {
        await caller.wait(this.#changed.changed)
        continue
      }
      const part = bytes.slice(at, at + room)
      at += part.length
      this.#send(part)
    }
  }

  finish(): void {
    if (this.#finished || this.#closed) return
    this.#finished = true
    const { peer } = this
    this.#later(0, () => {
      peer.#eof = true
      peer.#changed.notify()
    })
  }

  close(): void {
    if (this.#closed) return
    const unread = this.#buffered > 0
    if (unread) this.#tellReset()
    else this.finish()
    this.#end()
  }

  /** The end of its namespace or machine: the other side is told only if anything can still be sent. */
  abort(): void {
    if (this.#closed) return
    this.#tellReset()
    this.#end()
  }

  #end(): void {
    this.#closed = true
    this.#incoming = []
    this.#buffered = 0
    this.namespace.sockets.removeConnection(this)
    if (this.peer.#closed) this.onClose?.()
    this.#changed.notify()
    this.peer.#changed.notify()
  }

  #send(part: Uint8Array): void {
    const { peer } = this
    for (const card of this.#path?.sent ?? []) {
      card.sent.bytes += part.length
      card.sent.packets++
    }
    for (const card of this.#path?.received ?? []) {
      card.received.bytes += part.length
      card.received.packets++
    }
    peer.#inFlight += part.length
    this.#later(part.length / BANDWIDTH, () => {
      peer.#inFlight -= part.length
      if (peer.#closed) {
        if (!this.#closed) this.#later(0, () => this.#wasReset())
        return
      }
      peer.#incoming.push(part)
      peer.#buffered += part.length
      peer.#changed.notify()
    })
  }

  #tellReset(): void {
    const { peer } = this
    this.#later(0, () => peer.#wasReset())
  }

  #wasReset(code: 'ECONNRESET' | 'ETIMEDOUT' = 'ECONNRESET'): void {
    this.#reset ??= code
    this.#changed.notify()
  }

  /** Performs something at the other end: in order, one way's delay from now, unless a machine is off. */
  #later(transfer: number, action: () => void): void {
    const { clock } = this.namespace.world
    const { powered } = this.namespace
    this.#lastArrival = Math.max(clock.now + this.#latency, this.#lastArrival) + transfer
    clock.after(this.#lastArrival - clock.now, () => {
      if (powered && this.peer.namespace.powered) action()
      else if (!this.#unanswered) {
        this.#unanswered = true
        clock.after(RETRANSMISSIONS, () => this.#wasReset('ETIMEDOUT'))
      }
    })
  }
}

/** A listening socket with its queue of connections. */
export class TcpListener {
  readonly namespace: NetworkNamespace
  readonly local: SocketAddress
  /** The IPv4 address it answers at; NONE for a socket of IPv6 only. */
  readonly address: number
  readonly owner: SocketOwner | undefined
  readonly #changed: Condition
  #queue: TcpEndpoint[] = []
  #closed = false

  constructor(namespace: NetworkNamespace, local: SocketAddress, address: number, owner: SocketOwner | undefined) {
    this.namespace = namespace
    this.local = local
    this.address = address
    this.owner = owner
    this.#changed = new Condition(namespace.world.waiting)
    namespace.sockets.addListener(this)
  }

  get backlog(): number {
    return this.#queue.length
  }

  offer(endpoint: TcpEndpoint): boolean {
    if (this.#queue.length >= 4096) return false
    endpoint.owner = this.owner
    this.#queue.push(endpoint)
    this.#changed.notify()
    return true
  }

  async accept(caller: Caller = NOBODY): Promise<TcpEndpoint> {
    for (;;) {
      if (this.#closed) throw new SystemError('EBADF')
      const next = this.#queue.shift()
      if (next) return next
      await caller.wait(this.#changed.changed)
    }
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.namespace.sockets.removeListener(this)
    for (const endpoint of this.#queue) endpoint.abort()
    this.#queue = []
    this.#changed.notify()
  }
}

/** connect(2): as the path answers; silence is retried until the timeout. */
export async function connectTcp(
  namespace: NetworkNamespace,
  to: SocketAddress,
  options: { timeout?: number; owner?: SocketOwner; caller?: Caller },
): Promise<TcpEndpoint> {
  const { caller = NOBODY } = options
  const { clock } = namespace.world
  const destination = parseAddress(to.address)
  if (destination === undefined) throw new SystemError('EINVAL')
  const port = namespace.ephemeralPort((each) => namespace.sockets.portInUse(each))
  if (port === undefined) throw new SystemError('EADDRNOTAVAIL')
  const deadline = clock.now + (options.timeout ?? DEFAULT_TIMEOUT)
  const pause = (ms: number) => caller.wait(sleep(namespace, Math.max(0, Math.min(ms, deadline - clock.now))))
  for (let retry = FIRST_RETRY; ; retry *= 2) {
    const packet = firstPacket(destination === 0 ? 0x7f000001 : destination, to.port, port)
    const outcome = forward(namespace, packet)
    switch (outcome.kind) {
      case 'no-route':
        throw new SystemError('ENETUNREACH')
      case 'refused':
        await pause(outcome.latency * 2)
        throw new SystemError('ECONNREFUSED')
      case 'prohibited':
        await pause(outcome.latency * 2)
        throw new SystemError('EHOSTUNREACH')
      case 'unreachable':
      case 'expired':
        await pause(PROBE)
        if (clock.now >= deadline) throw new SystemError('ETIMEDOUT')
        throw new SystemError('EHOSTUNREACH')
      case 'delivered': {
        const answered = await handshake(namespace, to, port, packet, outcome, options.owner, pause)
        if (answered) return answered
        break
      }
    }
    const found = outcome.kind === 'dropped' ? outcome.until : undefined
    if (found !== undefined && found <= Math.min(clock.now + retry, deadline)) {
      await pause(found - clock.now)
      throw new SystemError('EHOSTUNREACH')
    }
    await pause(retry)
    if (clock.now >= deadline) throw new SystemError('ETIMEDOUT')
  }
}

/** The three-way handshake; undefined when the answer can't come back. */
async function handshake(
  namespace: NetworkNamespace,
  to: SocketAddress,
  port: number,
  sent: Packet,
  outcome: Delivered,
  owner: SocketOwner | undefined,
  pause: (ms: number) => Promise<void>,
): Promise<TcpEndpoint | undefined> {
  const { packet, latency, path } = outcome
  await pause(latency)
  if (!outcome.namespace.powered) return undefined
  const back = forward(outcome.namespace, replyTo(packet))
  if (back.kind !== 'delivered' || back.namespace !== namespace || back.packet.destinationPort !== port) {
    for (const forget of outcome.forget) forget()
    return undefined
  }
  const listener = outcome.namespace.sockets.listener(packet.destination, packet.destinationPort)
  const source = sent === packet ? back.packet.destination : sent.source
  const client = new TcpEndpoint(namespace, { address: formatAddress(source), port }, to, latency, path, false)
  client.owner = owner
  const server = new TcpEndpoint(
    outcome.namespace,
    { address: formatAddress(packet.destination), port: packet.destinationPort },
    { address: formatAddress(packet.source), port: packet.sourcePort },
    back.latency,
    back.path,
    true,
  )
  client.peer = server
  server.peer = client
  const forget = () => {
    for (const each of outcome.forget) each()
  }
  client.onClose = forget
  server.onClose = forget
  if (!listener?.offer(server)) {
    client.close()
    server.close()
    await pause(back.latency)
    throw new SystemError('ECONNREFUSED')
  }
  try {
    await pause(back.latency)
  } catch (error) {
    client.close()
    throw error
  }
  return client
}

function firstPacket(destination: number, destinationPort: number, sourcePort: number): Packet {
  return {
    protocol: 'tcp',
    source: 0,
    sourcePort,
    destination,
    destinationPort,
    established: false,
    mark: 0,
    ttl: 64,
    bytes: 60,
  }
}

export function replyTo(packet: Packet): Packet {
  return {
    ...packet,
    source: packet.destination,
    sourcePort: packet.destinationPort,
    destination: packet.source,
    destinationPort: packet.sourcePort,
    established: true,
    mark: 0,
    ttl: 64,
  }
}

export function sleep(namespace: NetworkNamespace, ms: number): Promise<void> {
  const { clock, waiting } = namespace.world
  return new Promise((resolve) => {
    clock.after(ms, () => {
      waiting.awakened = true
      resolve()
    })
  })
}
