import { SystemError } from '../errors.ts'
import type { Files } from '../file.ts'
import { type Caller, NOBODY } from '../fs/description.ts'
import type { Credentials } from '../process.ts'
import type { Connection, DatagramSocket, Listener, SocketAddress, Sockets } from '../socket.ts'
import { resolveName } from './dns/resolver.ts'
import { echo } from './icmp.ts'
import { ANY, formatAddress, NONE, parseAddress } from './ipv4.ts'
import type { NetworkNamespace } from './network-namespace.ts'
import { connectTcp, type SocketOwner, sleep, type TcpEndpoint, TcpListener } from './tcp.ts'
import { DatagramEndpoint } from './udp.ts'

/** A process that uses sockets; without one (a host outside all machines) everything is allowed. */
export interface SocketUser extends Caller {
  readonly credentials?: Credentials
  readonly files?: Files
  readonly owner?: SocketOwner
  /** Accounts CPU time of a call and lets it be paid. */
  charge?(ms: number): void
  pay?(): Promise<void>
}

const CALL = 0.01
const PER_BYTE = 1 / 1_000_000

/** The socket calls of one user in one namespace; closes what it opened when the user ends. */
export class NamespaceSockets implements Sockets {
  readonly #namespace: NetworkNamespace
  readonly #user: SocketUser
  readonly #open = new Set<{ close(): void }>()

  constructor(namespace: NetworkNamespace, user: SocketUser = NOBODY) {
    this.#namespace = namespace
    this.#user = user
  }

  async connect(to: SocketAddress, options: { timeout?: number } = {}): Promise<Connection> {
    await this.#user.pay?.()
    const { owner } = this.#user
    const endpoint = await connectTcp(this.#namespace, to, {
      ...options,
      caller: this.#user,
      ...(owner ? { owner } : {}),
    })
    return this.#connection(endpoint)
  }

  listen(at: { address?: string; port: number }): Listener {
    this.#checkPort(at.port)
    const { sockets } = this.#namespace
    const address = this.#listenAddress(at.address, at.port)
    const port = at.port === 0 ? this.#namespace.ephemeralPort((each) => sockets.portInUse(each)) : at.port
    if (port === undefined || sockets.listening(address, port)) throw new SystemError('EADDRINUSE')
    const listener = new TcpListener(
      this.#namespace,
      { address: shownAddress(at.address, address), port },
      address,
      this.#user.owner,
    )
    this.#open.add(listener)
    return {
      local: listener.local,
      accept: async () => {
        await this.#user.pay?.()
        return this.#connection(await listener.accept(this.#user))
      },
      close: () => this.#close(listener),
    }
  }

  datagram(at: { address?: string; port?: number } = {}): DatagramSocket {
    const address = this.#localAddress(at.address)
    const wanted = at.port ?? 0
    this.#checkPort(wanted)
    const { sockets } = this.#namespace
    const port = wanted === 0 ? this.#namespace.ephemeralPort((each) => sockets.bound(address, each)) : wanted
    if (port === undefined || sockets.bound(address, port)) throw new SystemError('EADDRINUSE')
    const socket = new DatagramEndpoint(this.#namespace, { address: formatAddress(address), port }, this.#user.owner)
    this.#open.add(socket)
    return {
      local: socket.local,
      send: (to, bytes) => {
        this.#user.charge?.(CALL)
        socket.send(to, bytes)
      },
      receive: async (options) => {
        await this.#user.pay?.()
        return socket.receive(options, this.#user)
      },
      close: () => this.#close(socket),
    }
  }

  async resolve(name: string): Promise<string[]> {
    const context = {
      datagram: () => this.datagram(),
      nextId: () => this.#namespace.random.int(1, 65_535),
    }
    return resolveName(context, this.#user.files, name)
  }

  async ping(address: string, options: { timeout?: number } = {}): Promise<number | undefined> {
    const answer = echo(this.#namespace, address)
    const timeout = options.timeout ?? 10_000
    if (answer.kind === 'reply' && answer.roundTrip <= timeout) {
      await this.#user.wait(sleep(this.#namespace, answer.roundTrip))
      return answer.roundTrip
    }
    await this.#user.wait(sleep(this.#namespace, timeout))
    return undefined
  }

  closeAll(): void {
    for (const each of [...this.#open]) each.close()
    this.#open.clear()
  }

  #connection(endpoint: TcpEndpoint): Connection {
    this.#open.add(endpoint)
    if (this.#user.owner) endpoint.owner = this.#user.owner
    const user = this.#user
    return {
      local: endpoint.local,
      remote: endpoint.remote,
      read: async (limit) => {
        await user.pay?.()
        const bytes = await endpoint.read(limit, user)
        user.charge?.(CALL + bytes.length * PER_BYTE)
        return bytes
      },
      write: async (bytes) => {
        user.charge?.(CALL + bytes.length * PER_BYTE)
        await user.pay?.()
        await endpoint.write(bytes, user)
      },
      finish: () => endpoint.finish(),
      close: () => this.#close(endpoint),
    }
  }

  #close(socket: { close(): void }): void {
    this.#open.delete(socket)
    socket.close()
  }

  #localAddress(text: string | undefined): number {
    if (text === undefined || text === '' || text === '*' || text === '::') return ANY
    const address = parseAddress(text)
    if (address === undefined) throw new SystemError('EINVAL')
    if (address !== ANY && !this.#namespace.isLocal(address)) throw new SystemError('EADDRNOTAVAIL')
    return address
  }

  /** `::` takes IPv4 too where nobody else has it (a dual-stack socket), as Linux does. */
  #listenAddress(text: string | undefined, port: number): number {
    if (!text?.includes(':')) return this.#localAddress(text)
    const { sockets } = this.#namespace
    if (sockets.listeners.some(({ local }) => local.port === port && local.address.includes(':')))
      throw new SystemError('EADDRINUSE')
    return text !== '::' || (port !== 0 && sockets.listening(ANY, port)) ? NONE : ANY
  }

  #checkPort(port: number): void {
    if (port < 0 || port > 65_535) throw new SystemError('EINVAL')
    const { credentials } = this.#user
    if (port > 0 && port < this.#namespace.unprivilegedPortStart && credentials)
      if (!credentials.capabilities.has('CAP_NET_BIND_SERVICE')) throw new SystemError('EACCES')
  }
}

function shownAddress(asked: string | undefined, address: number): string {
  return asked?.includes(':') ? asked : formatAddress(address)
}
