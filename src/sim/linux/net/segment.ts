import type { NetworkInterface } from './interface.ts'

/** A network that interfaces are plugged into: a switch between machines, a tunnel's overlay. */
export class Segment {
  readonly name: string
  /** One-way delay in ms, before its seeded variation. */
  readonly latency: number
  readonly #interfaces = new Set<NetworkInterface>()
  readonly #byAddress = new Map<number, NetworkInterface[]>()

  constructor(name: string, latency = 0.2) {
    this.name = name
    this.latency = latency
  }

  get interfaces(): Iterable<NetworkInterface> {
    return this.#interfaces
  }

  plug(card: NetworkInterface): void {
    this.#interfaces.add(card)
    card.segment = this
    for (const { address } of card.addresses) this.announce(card, address)
  }

  unplug(card: NetworkInterface): void {
    this.#interfaces.delete(card)
    for (const { address } of card.addresses) this.withdraw(card, address)
    card.segment = undefined
  }

  announce(card: NetworkInterface, address: number): void {
    const known = this.#byAddress.get(address)
    if (known) known.push(card)
    else this.#byAddress.set(address, [card])
  }

  withdraw(card: NetworkInterface, address: number): void {
    const left = (this.#byAddress.get(address) ?? []).filter((other) => other !== card)
    if (left.length > 0) this.#byAddress.set(address, left)
    else this.#byAddress.delete(address)
  }

  /** Who answers for an address (the first that is up; or a bridge whose port is plugged in). */
  find(address: number, asker: NetworkInterface): NetworkInterface | undefined {
    for (const card of this.#byAddress.get(address) ?? []) if (card !== asker && card.up) return card
    for (const card of this.#interfaces)
      if (card !== asker && card.up && card.master?.up && card.master.has(address)) return card.master
    return undefined
  }
}
