import type { Random } from '../../time/random.ts'
import type { Upstream } from './config/model.ts'

export interface Peer {
  address: string
  port: number
  weight: number
  backup: boolean
  maxFails: number
  failTimeout: number
  current: number
  active: number
  fails: number
  /** Virtual wall clock until which it is left out. */
  downUntil: number
}

/** The resolved servers of one upstream and the choice among them. */
export class UpstreamPool {
  readonly name: string
  readonly peers: readonly Peer[]
  readonly #balance: Upstream['balance']
  readonly #random: Random

  constructor(upstream: Upstream, addresses: ReadonlyMap<string, readonly string[]>, random: Random) {
    this.name = upstream.name
    this.#balance = upstream.balance
    this.#random = random
    this.peers = upstream.servers
      .filter((s) => !s.down)
      .flatMap((s) =>
        (addresses.get(s.host) ?? []).map((address) => ({
          address,
          port: s.port,
          weight: s.weight,
          backup: s.backup,
          maxFails: s.maxFails,
          failTimeout: s.failTimeout,
          current: 0,
          active: 0,
          fails: 0,
          downUntil: 0,
        })),
      )
  }

  /** The next peer to try, none of `tried`; undefined when all were tried or are down. */
  choose(now: number, clientAddress: string, tried: ReadonlySet<Peer>): Peer | undefined {
    const usable = (backup: boolean) =>
      this.peers.filter((p) => p.backup === backup && !tried.has(p) && p.downUntil <= now)
    let candidates = usable(false)
    if (candidates.length === 0) candidates = usable(true)
    if (candidates.length === 0) return undefined
    if (this.#balance === 'ip_hash') {
      const hash = clientAddress
        .split('.')
        .slice(0, 3)
        .reduce((h, part) => (h * 113 + Number(part)) % 6271, 89)
      return candidates[hash % candidates.length]
    }
    if (this.#balance === 'random') return this.#random.pick(candidates)
    if (this.#balance === 'least_conn') {
      const least = Math.min(...candidates.map((p) => p.active / p.weight))
      candidates = candidates.filter((p) => p.active / p.weight === least)
    }
    return smoothWeighted(candidates)
  }

  succeeded(peer: Peer): void {
    peer.fails = 0
  }

  failed(peer: Peer, now: number): void {
    peer.fails++
    if (peer.maxFails > 0 && peer.fails >= peer.maxFails && this.peers.length > 1) {
      peer.downUntil = now + peer.failTimeout
      peer.fails = 0
    }
  }
}

/** nginx's smooth weighted round robin: each gains its weight, the highest is taken and pays the total. */
function smoothWeighted(peers: readonly Peer[]): Peer {
  let total = 0
  let best = peers[0]!
  for (const peer of peers) {
    peer.current += peer.weight
    total += peer.weight
    if (peer.current > best.current) best = peer
  }
  best.current -= total
  return best
}
