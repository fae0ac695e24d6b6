import type { NetworkInterface } from './interface.ts'

/** How long an answer is believed, in ms: then an entry is stale until it is used again. */
const REACHABLE = 30_000
/** A stale entry that is used waits for a sign of life, then is asked for. */
const DELAY = 5000
/** Three questions, a second each. */
export const PROBE = 3060
/** More are not kept (gc_thresh1). */
const MOST = 128

export type NeighbourState = 'REACHABLE' | 'STALE' | 'DELAY' | 'PROBE' | 'INCOMPLETE' | 'FAILED' | 'PERMANENT'

interface Entry {
  address: number
  card: NetworkInterface
  /** Undefined while nobody answered. */
  mac: string | undefined
  /** ms of the virtual clock: the last sign of life, or the first question. */
  since: number
  /** When it was used although it was stale. */
  used: number | undefined
  permanent: boolean
}
export interface Neighbour {
  address: number
  device: string
  mac: string | undefined
  state: NeighbourState
}

/** Who was asked for on a machine's wires, and what is believed of them (`ip neigh`). */
export class NeighbourTable {
  readonly #entries = new Map<string, Entry>()

  /** Somebody who has the address is sent to; `confirmed`: and answers. */
  reached(card: NetworkInterface, address: number, mac: string, now: number, confirmed: boolean): void {
    const key = keyOf(card, address)
    const known = this.#entries.get(key)
    const state = known && stateOf(known, now)
    if (!known || known.mac !== mac || state === 'FAILED' || state === 'INCOMPLETE')
      this.#keep({ address, card, mac, since: now, used: undefined, permanent: card.type === 'vxlan' })
    else if (confirmed) {
      known.since = now
      known.used = undefined
    } else if (state === 'STALE') known.used = now
  }

  /**
   * Nobody has the address: `silence` while an older answer is still believed (it is known until when), then `asking`.
   */
  missing(
    card: NetworkInterface,
    address: number,
    now: number,
  ): { kind: 'silence'; until: number } | { kind: 'asking' } {
    const known = this.#entries.get(keyOf(card, address))
    const state = known && stateOf(known, now)
    if (!known || state === 'FAILED' || state === 'INCOMPLETE') {
      if (state !== 'INCOMPLETE')
        this.#keep({ address, card, mac: undefined, since: now, used: undefined, permanent: false })
      return { kind: 'asking' }
    }
    // What was sent waits for the questions that follow, and fails with them. (A real kernel first believes in a fresh
    // answer for the rest of its time.)
    known.used ??= now
    return { kind: 'silence', until: known.used + DELAY + PROBE }
  }

  /** A static entry (`ip neigh add`). */
  add(card: NetworkInterface, address: number, mac: string): void {
    this.#keep({ address, card, mac, since: 0, used: undefined, permanent: true })
  }

  remove(card: NetworkInterface, address: number): boolean {
    return this.#entries.delete(keyOf(card, address))
  }

  /** Forgets a card's entries, or all; `ip neigh flush` leaves the permanent ones. */
  flush(card: NetworkInterface | undefined, permanentToo = false): void {
    for (const [key, entry] of this.#entries)
      if ((permanentToo || !entry.permanent) && (card === undefined || entry.card === card)) this.#entries.delete(key)
  }

  list(now: number): Neighbour[] {
    return [...this.#entries.values()].map((entry) => {
      const state = stateOf(entry, now)
      const { address, card, mac } = entry
      return { address, device: card.name, mac: state === 'FAILED' ? undefined : mac, state }
    })
  }

  #keep(entry: Entry): void {
    const key = keyOf(entry.card, entry.address)
    const oldest = this.#entries.keys().next().value
    if (oldest !== undefined && !this.#entries.has(key) && this.#entries.size >= MOST) this.#entries.delete(oldest)
    this.#entries.set(key, entry)
  }
}

const keyOf = (card: NetworkInterface, address: number) => `${card.index} ${address}`

function stateOf(entry: Entry, now: number): NeighbourState {
  if (entry.permanent) return 'PERMANENT'
  if (entry.mac === undefined) return now - entry.since < PROBE ? 'INCOMPLETE' : 'FAILED'
  if (entry.used !== undefined) {
    if (now - entry.used < DELAY) return 'DELAY'
    if (!entry.card.neighbour(entry.address)?.namespace.powered)
      return now - entry.used < DELAY + PROBE ? 'PROBE' : 'FAILED'
    // It answered when it was asked.
    entry.since = entry.used + DELAY
    entry.used = undefined
  }
  return now - entry.since < REACHABLE ? 'REACHABLE' : 'STALE'
}
