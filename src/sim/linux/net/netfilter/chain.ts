import type { Rule } from './rule.ts'

/** Rules in order. Never changed: a new set of rules is a new chain. */
export class Chain {
  readonly name: string
  readonly rules: readonly Rule[]
  /** Of built-in chains. */
  readonly policy: 'ACCEPT' | 'DROP' | undefined
  /** For long chains: positions of rules for exactly one destination address, and of all others. */
  #index: { exact: Map<number, number[]>; general: number[] } | undefined

  constructor(name: string, rules: readonly Rule[], policy?: 'ACCEPT' | 'DROP') {
    this.name = name
    this.rules = rules
    this.policy = policy
  }

  /** The rules that can match a packet to this address, in order: a chain of thousands of Services costs a look-up. */
  rulesFor(destination: number): Iterable<Rule> {
    if (this.rules.length < 16) return this.rules
    this.#index ??= this.#build()
    const { exact, general } = this.#index
    return this.#merge(exact.get(destination) ?? [], general)
  }

  #build(): { exact: Map<number, number[]>; general: number[] } {
    const exact = new Map<number, number[]>()
    const general: number[] = []
    for (const [position, { destination }] of this.rules.entries()) {
      if (!destination || destination.not || destination.value.prefix !== 32) {
        general.push(position)
        continue
      }
      const { base } = destination.value
      const known = exact.get(base)
      if (known) known.push(position)
      else exact.set(base, [position])
    }
    return { exact, general }
  }

  *#merge(a: readonly number[], b: readonly number[]): Generator<Rule> {
    let i = 0
    let j = 0
    while (i < a.length || j < b.length) {
      const first = j >= b.length || (i < a.length && a[i]! < b[j]!) ? a[i++]! : b[j++]!
      yield this.rules[first]!
    }
  }
}
