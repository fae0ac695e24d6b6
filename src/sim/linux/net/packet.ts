export type Protocol = 'tcp' | 'udp' | 'icmp'

/** The head of a connection's first packet, or of a datagram, on its way through namespaces. */
export interface Packet {
  protocol: Protocol
  source: number
  sourcePort: number
  destination: number
  destinationPort: number
  /** An answer, or a later packet of a known connection. */
  established: boolean
  /** Firewall mark. */
  mark: number
  ttl: number
  bytes: number
}

/** Identifies a flow: addresses and ports of one direction. */
export function flowKey(packet: Packet): string {
  return `${packet.protocol} ${packet.source}:${packet.sourcePort} ${packet.destination}:${packet.destinationPort}`
}

export function reverseKey(packet: Packet): string {
  return `${packet.protocol} ${packet.destination}:${packet.destinationPort} ${packet.source}:${packet.sourcePort}`
}
