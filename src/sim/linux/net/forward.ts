import type { NetworkInterface } from './interface.ts'
import { evaluate, type FilterContext, type Verdict } from './netfilter/evaluate.ts'
import type { NetworkNamespace } from './network-namespace.ts'
import { flowKey, type Packet, reverseKey } from './packet.ts'
import type { Route } from './route-table.ts'

export interface Delivered {
  kind: 'delivered'
  namespace: NetworkNamespace
  /** As the receiver sees it. */
  packet: Packet
  /** One way, ms. */
  latency: number
  /** Cards it left and entered by. */
  path: { sent: NetworkInterface[]; received: NetworkInterface[] }
  /** Forgets the translations that were made for the flow. */
  forget: (() => void)[]
}

/**
 * What became of a packet. `no-route` is seen by the sender at once; `refused` and `prohibited` were answered by a
 * REJECT rule; `unreachable`: nobody has the next address; `dropped`: silence.
 */
export type Outcome =
  | Delivered
  | { kind: 'no-route' }
  | { kind: 'refused' | 'prohibited' | 'unreachable' | 'expired'; latency: number; at: NetworkNamespace }
  /** `until`: when the sender's own kernel finds out that nobody is there. */
  | { kind: 'dropped'; until?: number }

/** An address translation of one flow, in one direction. */
export interface Translation {
  source: number
  sourcePort: number
  destination: number
  destinationPort: number
  reply: boolean
  /** ms; refreshed by use. */
  expires: number
}

const UDP_LIFETIME = 120_000
const TCP_LIFETIME = 432_000_000

interface Walk {
  packet: Packet
  latency: number
  path: Delivered['path']
  forget: (() => void)[]
}

/** Carries a packet from a namespace through rules, routes, bridges and machines to the namespace that has its address. */
export function forward(origin: NetworkNamespace, packet: Packet): Outcome {
  const walk: Walk = { packet, latency: 0, path: { sent: [], received: [] }, forget: [] }
  if (!chooseSource(origin, packet)) return { kind: 'no-route' }
  const tracking = begin(origin, walk, 'OUTPUT', undefined)
  if (tracking.verdict) return answer(tracking.verdict, walk, origin)
  const verdict = filter(origin, 'OUTPUT', packet, undefined, origin.routes.lookup(packet.destination)?.device)
  if (verdict) return answer(verdict, walk, origin)
  if (origin.isLocal(packet.destination)) {
    finish(origin, walk, tracking, 'POSTROUTING', undefined, 'lo')
    return arrive(origin, walk, 'lo')
  }
  return leave(origin, walk, tracking, undefined)
}

function leave(namespace: NetworkNamespace, walk: Walk, tracking: Tracking, inInterface: string | undefined): Outcome {
  const { packet } = walk
  const route = usableRoute(namespace, packet.destination)
  if (!route) return inInterface ? { kind: 'unreachable', latency: walk.latency, at: namespace } : { kind: 'no-route' }
  if (route.kind)
    return route.kind === 'blackhole'
      ? { kind: 'dropped' }
      : { kind: 'unreachable', latency: walk.latency, at: namespace }
  const card = namespace.interface(route.device)!
  finish(namespace, walk, tracking, 'POSTROUTING', inInterface, card.name, route)
  const hop = route.gateway ?? packet.destination
  const next = card.neighbour(hop)
  const { now } = namespace.world.clock
  if (!next?.namespace.powered) {
    // As long as its address is believed, what is sent to it vanishes; only then the kernel finds that nobody is there.
    const verdict = namespace.neighbours.missing(card, hop, now)
    return verdict.kind === 'silence'
      ? { kind: 'dropped', until: verdict.until }
      : { kind: 'unreachable', latency: walk.latency, at: namespace }
  }
  namespace.neighbours.reached(card, hop, next.mac, now, packet.protocol === 'tcp')
  const bridge = card.peer?.master
  if (bridge && next !== bridge && bridge.namespace.bridgeNetfilter) {
    const refused = throughBridge(bridge, walk)
    if (refused) return refused
  }
  walk.path.sent.push(card)
  walk.path.received.push(next)
  walk.latency += delay(namespace, card)
  return enter(next.namespace, walk, next)
}

function enter(namespace: NetworkNamespace, walk: Walk, card: NetworkInterface): Outcome {
  const { packet } = walk
  const tracking = begin(namespace, walk, 'PREROUTING', card.name)
  if (tracking.verdict) return answer(tracking.verdict, walk, namespace)
  if (namespace.isLocal(packet.destination)) {
    finish(namespace, walk, tracking, 'INPUT', card.name, undefined)
    return arrive(namespace, walk, card.name)
  }
  if (!namespace.ipForward) return { kind: 'dropped' }
  if (--packet.ttl <= 0) return { kind: 'expired', latency: walk.latency, at: namespace }
  const out = usableRoute(namespace, packet.destination)?.device
  const verdict = filter(namespace, 'FORWARD', packet, card.name, out)
  if (verdict) return answer(verdict, walk, namespace)
  return leave(namespace, walk, tracking, card.name)
}

function arrive(namespace: NetworkNamespace, walk: Walk, inInterface: string): Outcome {
  const verdict = filter(namespace, 'INPUT', walk.packet, inInterface, undefined)
  if (verdict) return answer(verdict, walk, namespace)
  if (inInterface === 'lo') walk.latency += 0.012
  return {
    kind: 'delivered',
    namespace,
    packet: walk.packet,
    latency: walk.latency,
    path: walk.path,
    forget: walk.forget,
  }
}

/** With br_netfilter, frames between two ports of a bridge pass the packet filter of the bridge's namespace too. */
function throughBridge(bridge: NetworkInterface, walk: Walk): Outcome | undefined {
  const { namespace } = bridge
  const tracking = begin(namespace, walk, 'PREROUTING', bridge.name)
  if (tracking.verdict) return answer(tracking.verdict, walk, namespace)
  const verdict = filter(namespace, 'FORWARD', walk.packet, bridge.name, bridge.name)
  if (verdict) return answer(verdict, walk, namespace)
  finish(namespace, walk, tracking, 'POSTROUTING', bridge.name, bridge.name)
  return undefined
}

interface Tracking {
  /** As it came, to recognise later packets of the flow. */
  before: Packet
  known: Translation | undefined
  verdict: Verdict | undefined
}

/** Conntrack and destination translation. */
function begin(
  namespace: NetworkNamespace,
  walk: Walk,
  hook: 'OUTPUT' | 'PREROUTING',
  inInterface: string | undefined,
): Tracking {
  const { packet } = walk
  const before = { ...packet }
  const known = namespace.translation(flowKey(packet))
  if (known) {
    packet.destination = known.destination
    packet.destinationPort = known.destinationPort
    if (known.reply) packet.established = true
    return { before, known, verdict: undefined }
  }
  if (packet.established || !namespace.hasRules('nat')) return { before, known, verdict: undefined }
  const verdict = evaluate(namespace.netfilter, 'nat', hook, packet, contextOf(namespace, inInterface, undefined))
  if (verdict.kind === 'DNAT') {
    if (verdict.address !== undefined) packet.destination = verdict.address
    if (verdict.port !== undefined) packet.destinationPort = verdict.port
  } else if (verdict.kind === 'REDIRECT') {
    packet.destination = hook === 'OUTPUT' ? 0x7f000001 : (namespace.firstAddress(inInterface) ?? packet.destination)
    packet.destinationPort = verdict.port
  } else if (verdict.kind === 'DROP') return { before, known, verdict }
  return { before, known, verdict: undefined }
}

/** Source translation, and remembering the flow. */
function finish(
  namespace: NetworkNamespace,
  walk: Walk,
  { before, known }: Tracking,
  hook: 'POSTROUTING' | 'INPUT',
  inInterface: string | undefined,
  outInterface: string | undefined,
  route?: Route,
): void {
  const { packet } = walk
  if (known) {
    packet.source = known.source
    packet.sourcePort = known.sourcePort
    return
  }
  if (!packet.established && namespace.hasRules('nat')) {
    const context = contextOf(namespace, inInterface, outInterface)
    const verdict = evaluate(namespace.netfilter, 'nat', hook, packet, context)
    if (verdict.kind === 'SNAT') packet.source = verdict.address
    else if (verdict.kind === 'MASQUERADE')
      packet.source = route?.source ?? namespace.firstAddress(outInterface) ?? packet.source
    if (packet.source !== before.source && packet.protocol !== 'icmp')
      while (namespace.translation(reverseKey(packet))) packet.sourcePort = 1024 + ((packet.sourcePort - 1023) % 64_000)
  }
  const changed =
    packet.source !== before.source ||
    packet.sourcePort !== before.sourcePort ||
    packet.destination !== before.destination ||
    packet.destinationPort !== before.destinationPort
  if (!changed) return
  const expires = namespace.world.clock.now + (packet.protocol === 'tcp' ? TCP_LIFETIME : UDP_LIFETIME)
  const original = flowKey(before)
  const reply = reverseKey(packet)
  const { source, sourcePort, destination, destinationPort } = packet
  namespace.track(original, { source, sourcePort, destination, destinationPort, reply: false, expires })
  namespace.track(reply, {
    source: before.destination,
    sourcePort: before.destinationPort,
    destination: before.source,
    destinationPort: before.sourcePort,
    reply: true,
    expires,
  })
  walk.forget.push(() => {
    namespace.untrack(original)
    namespace.untrack(reply)
  })
}

function filter(
  namespace: NetworkNamespace,
  hook: 'INPUT' | 'FORWARD' | 'OUTPUT',
  packet: Packet,
  inInterface: string | undefined,
  outInterface: string | undefined,
): Verdict | undefined {
  if (!namespace.hasRules('filter')) return undefined
  const verdict = evaluate(namespace.netfilter, 'filter', hook, packet, contextOf(namespace, inInterface, outInterface))
  return verdict.kind === 'ACCEPT' ? undefined : verdict
}

function answer(verdict: Verdict, { latency }: Walk, at: NetworkNamespace): Outcome {
  if (verdict.kind !== 'REJECT') return { kind: 'dropped' }
  const refused = verdict.with === 'icmp-port-unreachable' || verdict.with === 'tcp-reset'
  return { kind: refused ? 'refused' : 'prohibited', latency, at }
}

function contextOf(
  namespace: NetworkNamespace,
  inInterface: string | undefined,
  outInterface: string | undefined,
): FilterContext {
  return {
    inInterface,
    outInterface,
    isLocal: (address) => namespace.isLocal(address),
    random: namespace.random,
    now: namespace.world.clock.now,
  }
}

function usableRoute(namespace: NetworkNamespace, destination: number): Route | undefined {
  return namespace.routes.lookup(
    destination,
    (route) => route.kind !== undefined || namespace.interface(route.device)?.up === true,
  )
}

/** Picks the sender's address; false when there is no way to the destination. */
function chooseSource(namespace: NetworkNamespace, packet: Packet): boolean {
  if (namespace.isLocal(packet.destination)) {
    if (packet.source === 0) packet.source = packet.destination
    return true
  }
  const route = usableRoute(namespace, packet.destination)
  if (!route || route.kind) return false
  if (packet.source === 0)
    packet.source = route.source ?? namespace.firstAddress(route.device) ?? namespace.anyAddress ?? 0
  return true
}

function delay(namespace: NetworkNamespace, card: NetworkInterface): number {
  const base = card.segment?.latency ?? 0.02
  return base * (0.85 + 0.3 * namespace.random.float())
}
