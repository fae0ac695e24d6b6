import { ANY, NONE } from './ipv4.ts'
import type { TcpEndpoint, TcpListener } from './tcp.ts'
import type { DatagramEndpoint } from './udp.ts'

/** The sockets of one network namespace, as ss and /proc/net show them. */
export class SocketTable {
  #listeners: Map<number, TcpListener[]> | undefined
  #datagrams: Map<number, DatagramEndpoint[]> | undefined
  #connections: Set<TcpEndpoint> | undefined

  get listeners(): TcpListener[] {
    return [...(this.#listeners?.values() ?? [])].flat()
  }
  get datagrams(): DatagramEndpoint[] {
    return [...(this.#datagrams?.values() ?? [])].flat()
  }
  get connections(): TcpEndpoint[] {
    return [...(this.#connections ?? [])]
  }

  listener(address: number, port: number): TcpListener | undefined {
    return pick(this.#listeners?.get(port), address)
  }
  datagram(address: number, port: number): DatagramEndpoint | undefined {
    return pick(this.#datagrams?.get(port), address)
  }

  /** Whether a new listener would be in another's way. */
  listening(address: number, port: number): boolean {
    return conflicts(this.#listeners?.get(port), address)
  }
  bound(address: number, port: number): boolean {
    return conflicts(this.#datagrams?.get(port), address)
  }

  portInUse(port: number): boolean {
    if (this.#listeners?.has(port)) return true
    for (const { local } of this.#connections ?? []) if (local.port === port) return true
    return false
  }

  addListener(listener: TcpListener): void {
    this.#listeners ??= new Map()
    add(this.#listeners, listener.local.port, listener)
  }
  removeListener(listener: TcpListener): void {
    remove(this.#listeners, listener.local.port, listener)
  }
  addDatagram(socket: DatagramEndpoint): void {
    this.#datagrams ??= new Map()
    add(this.#datagrams, socket.local.port, socket)
  }
  removeDatagram(socket: DatagramEndpoint): void {
    remove(this.#datagrams, socket.local.port, socket)
  }
  addConnection(connection: TcpEndpoint): void {
    this.#connections ??= new Set()
    this.#connections.add(connection)
  }
  removeConnection(connection: TcpEndpoint): void {
    this.#connections?.delete(connection)
  }

  closeAll(): void {
    for (const listener of this.listeners) listener.close()
    for (const socket of this.datagrams) socket.close()
    for (const connection of this.connections) connection.abort()
  }
}

interface Bound {
  readonly address: number
}

function pick<T extends Bound>(bound: readonly T[] | undefined, address: number): T | undefined {
  return bound?.find((each) => each.address === address) ?? bound?.find((each) => each.address === ANY)
}

function conflicts(bound: readonly Bound[] | undefined, address: number): boolean {
  if (address === NONE) return false
  return (
    bound?.some(
      (each) => each.address !== NONE && (each.address === address || each.address === ANY || address === ANY),
    ) ?? false
  )
}

function add<T>(map: Map<number, T[]>, port: number, item: T): void {
  const known = map.get(port)
  if (known) known.push(item)
  else map.set(port, [item])
}

function remove<T>(map: Map<number, T[]> | undefined, port: number, item: T): void {
  const left = (map?.get(port) ?? []).filter((each) => each !== item)
  if (left.length > 0) map?.set(port, left)
  else map?.delete(port)
}
