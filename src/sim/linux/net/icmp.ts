import { SystemError } from '../errors.ts'
import { forward } from './forward.ts'
import { formatAddress, parseAddress } from './ipv4.ts'
import type { NetworkNamespace } from './network-namespace.ts'
import type { Packet } from './packet.ts'
import { replyTo } from './tcp.ts'

export type EchoAnswer =
  | { kind: 'reply'; roundTrip: number; ttl: number; from: string }
  /** A router's word: destination host unreachable, or time to live exceeded. */
  | { kind: 'unreachable' | 'expired' | 'prohibited'; from: string; roundTrip: number }
  | { kind: 'none' }

/** Sends an ICMP echo request now; says what will come back, and after how many ms. ENETUNREACH without a route. */
export function echo(namespace: NetworkNamespace, address: string, ttl = 64): EchoAnswer {
  const destination = parseAddress(address)
  if (destination === undefined) throw new SystemError('EINVAL')
  const packet: Packet = {
    protocol: 'icmp',
    source: 0,
    sourcePort: namespace.random.int(1, 65_535),
    destination,
    destinationPort: 0,
    established: false,
    mark: 0,
    ttl,
    bytes: 84,
  }
  const outcome = forward(namespace, packet)
  if (outcome.kind === 'no-route') throw new SystemError('ENETUNREACH')
  if (outcome.kind === 'dropped') return { kind: 'none' }
  if (outcome.kind !== 'delivered') {
    const from = outcome.at.anyAddress ?? 0
    const kind = outcome.kind === 'expired' ? 'expired' : outcome.kind === 'unreachable' ? 'unreachable' : 'prohibited'
    return { kind, from: formatAddress(from), roundTrip: outcome.latency * 2 }
  }
  const back = forward(outcome.namespace, replyTo(outcome.packet))
  for (const forget of outcome.forget) forget()
  if (back.kind !== 'delivered' || back.namespace !== namespace) return { kind: 'none' }
  return {
    kind: 'reply',
    roundTrip: outcome.latency + back.latency + 0.02 + 0.03 * namespace.random.float(),
    ttl: back.packet.ttl,
    from: formatAddress(back.packet.source),
  }
}
