import type { NetworkInterface } from '../../linux/net/interface.ts'

/** `<BROADCAST,MULTICAST,UP,LOWER_UP>` without the brackets. */
export function flagsOf(card: NetworkInterface, flavour: 'gnu' | 'busybox'): string {
  const flags = card.type === 'loopback' ? ['LOOPBACK'] : ['BROADCAST', 'MULTICAST']
  if (card.up && !card.carrier) flags.splice(0, 0, 'NO-CARRIER')
  if (card.up) flags.push('UP')
  if (card.up && card.carrier) flags.push('LOWER_UP')
  if (card.type === 'veth' && flavour === 'busybox') flags.push('M-DOWN')
  else if (card.type === 'veth' && card.peer && !card.peer.up) flags.push('M-DOWN')
  return flags.join(',')
}

/** `UP`, `DOWN`, `UNKNOWN`, `LOWERLAYERDOWN`. */
export function stateOf(card: NetworkInterface): string {
  if (!card.up) return 'DOWN'
  if (card.type === 'loopback') return 'UNKNOWN'
  if (card.carrier) return card.type === 'dummy' || card.type === 'vxlan' ? 'UNKNOWN' : 'UP'
  return card.type === 'veth' ? 'LOWERLAYERDOWN' : 'DOWN'
}

/** `eth0@if7` when the other end is elsewhere, `veth0@veth1` when it is here. */
export function shownName(card: NetworkInterface): string {
  if (card.type !== 'veth' || !card.peer) return card.name
  return card.peer.namespace === card.namespace ? `${card.name}@${card.peer.name}` : `${card.name}@if${card.peer.index}`
}
