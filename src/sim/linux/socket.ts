/** Sockets as programs see them. Addresses are dotted IPv4 (a listener may ask for `::`); names go through `resolve` first. */

export interface SocketAddress {
  address: string
  port: number
}

/** A connected TCP stream. */
export interface Connection {
  readonly local: SocketAddress
  readonly remote: SocketAddress
  /** Empty means the peer has finished. ECONNRESET when it went away. */
  read(limit?: number): Promise<Uint8Array>
  write(bytes: Uint8Array): Promise<void>
  /** Half-close: the peer reads end of file, we may still read. */
  finish(): void
  close(): void
}

export interface Listener {
  readonly local: SocketAddress
  /** EINTR-free: waits until somebody connects; throws EBADF after close. */
  accept(): Promise<Connection>
  close(): void
}

export interface DatagramSocket {
  readonly local: SocketAddress
  send(to: SocketAddress, bytes: Uint8Array): void
  receive(options?: { timeout?: number }): Promise<{ from: SocketAddress; bytes: Uint8Array }>
  close(): void
}

/** The network as one process sees it: its network namespace. */
export interface Sockets {
  /** ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH as the path would give. `timeout` in ms; default as TCP's SYN retries (127 s). */
  connect(to: SocketAddress, options?: { timeout?: number }): Promise<Connection>
  /** EADDRINUSE, EACCES (below 1024 without the capability), EADDRNOTAVAIL. */
  listen(at: { address?: string; port: number }): Listener
  datagram(at?: { address?: string; port?: number }): DatagramSocket
  /**
   * As getaddrinfo: a literal address, /etc/hosts, then the name servers and search domains of /etc/resolv.conf.
   * Empty when the name does not exist; throws ETIMEDOUT when no server answered ("Temporary failure …").
   */
  resolve(name: string): Promise<string[]>
  /** ICMP echo: the round trip in ms, or undefined when nothing came back; throws ENETUNREACH without a route. */
  ping(address: string, options?: { timeout?: number }): Promise<number | undefined>
}
