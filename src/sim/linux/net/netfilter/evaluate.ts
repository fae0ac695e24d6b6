import type { Random } from '../../../time/random.ts'
import { formatAddress, inCidr } from '../ipv4.ts'
import type { Packet } from '../packet.ts'
import type { Chain } from './chain.ts'
import type { Netfilter, TableName } from './netfilter.ts'
import type { PortRange, Rule, Target } from './rule.ts'

export interface FilterContext {
  inInterface: string | undefined
  outInterface: string | undefined
  /** Whether an address is one of the namespace's own. */
  isLocal(address: number): boolean
  random: Random
  /** ms */
  now: number
}

export type Verdict = Exclude<Target, { kind: 'JUMP' | 'GOTO' | 'RETURN' | 'NONE' | 'LOG' | 'MARK' }>

/** Runs a packet through a built-in chain; marks are set on the packet itself. */
export function evaluate(
  filter: Netfilter,
  table: TableName,
  chainName: string,
  packet: Packet,
  context: FilterContext,
): Verdict {
  const wanted = filter.existing(table)
  const chain = wanted?.chain(chainName)
  if (!wanted || !chain) return { kind: 'ACCEPT' }
  const verdict = traverse(filter, (name) => wanted.chain(name), chain, packet, context, 0)
  if (verdict) return verdict
  filter.count(chain, packet.bytes)
  return { kind: chain.policy ?? 'ACCEPT' }
}

function traverse(
  filter: Netfilter,
  find: (name: string) => Chain | undefined,
  chain: Chain,
  packet: Packet,
  context: FilterContext,
  depth: number,
): Verdict | undefined {
  if (depth > 32) return undefined
  for (const rule of chain.rulesFor(packet.destination)) {
    if (!matches(filter, rule, packet, context)) continue
    filter.count(rule, packet.bytes)
    const { target } = rule
    switch (target.kind) {
      case 'NONE':
      case 'LOG':
        continue
      case 'RETURN':
        return undefined
      case 'MARK':
        packet.mark = ((packet.mark & ~target.mask) ^ target.value) >>> 0
        continue
      case 'JUMP':
      case 'GOTO': {
        const next = find(target.chain)
        const verdict = next && traverse(filter, find, next, packet, context, depth + 1)
        if (verdict) return verdict
        if (target.kind === 'GOTO') return undefined
        continue
      }
      default:
        return target
    }
  }
  return undefined
}

function matches(filter: Netfilter, rule: Rule, packet: Packet, context: FilterContext): boolean {
  const { protocol, source, destination, inInterface, outInterface } = rule
  if (protocol && protocol.value !== 'all' && (protocol.value === packet.protocol) === protocol.not) return false
  if (source && inCidr(packet.source, source.value) === source.not) return false
  if (destination && inCidr(packet.destination, destination.value) === destination.not) return false
  if (inInterface && named(inInterface.value, context.inInterface) === inInterface.not) return false
  if (outInterface && named(outInterface.value, context.outInterface) === outInterface.not) return false
  const { destinationPorts, sourcePorts, states, mark } = rule
  if (destinationPorts && within(packet.destinationPort, destinationPorts.value) === destinationPorts.not) return false
  if (sourcePorts && within(packet.sourcePort, sourcePorts.value) === sourcePorts.not) return false
  if (states) {
    const state = packet.established ? 'ESTABLISHED' : 'NEW'
    if (states.value.includes(state) === states.not) return false
  }
  if (mark && ((packet.mark & mark.value.mask) >>> 0 === mark.value.value) === mark.not) return false
  const { destinationType, sourceType, sets } = rule
  if (destinationType && isType(destinationType.value, packet.destination, context) === destinationType.not)
    return false
  if (sourceType && isType(sourceType.value, packet.source, context) === sourceType.not) return false
  if (sets) for (const set of sets) if (inSet(filter, set.value, packet) === set.not) return false
  const { statistic, recent } = rule
  if (statistic?.mode === 'random' && context.random.float() >= statistic.probability) return false
  if (statistic?.mode === 'nth') {
    const seen = filter.counters.get(rule)?.packets ?? 0
    filter.count(rule, 0)
    if (seen % statistic.every !== statistic.packet) return false
  }
  return !recent || isRecent(filter, recent, packet, context.now)
}

/** `docker+` stands for every interface whose name begins so. */
function named(pattern: string, name: string | undefined): boolean {
  if (name === undefined) return false
  return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : pattern === name
}

function within(port: number, ranges: readonly PortRange[]): boolean {
  return ranges.some(({ from, to }) => port >= from && port <= to)
}

function isType(type: string, address: number, context: FilterContext): boolean {
  return type === 'LOCAL' ? context.isLocal(address) : type === 'UNICAST'
}

function inSet(
  filter: Netfilter,
  { name, directions }: { name: string; directions: readonly ('src' | 'dst')[] },
  packet: Packet,
): boolean {
  const set = filter.sets.get(name)
  if (!set) return false
  const address = directions[0] === 'src' ? packet.source : packet.destination
  if (directions.length === 1) return set.has(formatAddress(address))
  const port = directions[1] === 'src' ? packet.sourcePort : packet.destinationPort
  return set.has(`${formatAddress(address)},${packet.protocol}:${port}`)
}

function isRecent(
  filter: Netfilter,
  { name, action, seconds }: NonNullable<Rule['recent']>,
  packet: Packet,
  now: number,
): boolean {
  let list = filter.recent.get(name)
  if (action === 'set') {
    if (!list) {
      list = new Map()
      filter.recent.set(name, list)
    }
    list.set(packet.source, now)
    return true
  }
  const seen = list?.get(packet.source)
  if (seen === undefined || (seconds !== undefined && now - seen > seconds * 1000)) return false
  if (action === 'update') list?.set(packet.source, now)
  if (action === 'remove') list?.delete(packet.source)
  return true
}
