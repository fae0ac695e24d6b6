import { Chain } from './chain.ts'
import { IptablesError, parseRule } from './parse-rule.ts'
import type { Rule } from './rule.ts'

export type TableName = 'filter' | 'nat' | 'mangle' | 'raw'

const BUILT_IN: Readonly<Record<TableName, readonly string[]>> = {
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  raw: ['PREROUTING', 'OUTPUT'],
}

/**
 * Chains that many machines share: a cluster's Services are the same rules on every node. Looked up after the
 * namespace's own chains; may make them when asked for.
 */
export interface ChainSource {
  readonly table: TableName
  chain(name: string): Chain | undefined
  names(): Iterable<string>
}

class Table {
  readonly name: TableName
  readonly chains = new Map<string, Chain>()
  readonly sources = new Set<ChainSource>()

  constructor(name: TableName) {
    this.name = name
    for (const chain of BUILT_IN[name]) this.chains.set(chain, new Chain(chain, [], 'ACCEPT'))
  }

  chain(name: string): Chain | undefined {
    const own = this.chains.get(name)
    if (own) return own
    for (const source of this.sources) {
      const chain = source.chain(name)
      if (chain) return chain
    }
    return undefined
  }

  *names(): Generator<string> {
    yield* this.chains.keys()
    for (const source of this.sources) yield* source.names()
  }
}

/** The packet filter of one network namespace: what iptables shows and changes. */
export class Netfilter {
  #tables = new Map<TableName, Table>()
  /** ipset: addresses, networks, or `address,tcp:port`. */
  readonly sets = new Map<string, Set<string>>()
  /** Lists of -m recent: source address to the time it was seen. */
  readonly recent = new Map<string, Map<number, number>>()
  readonly counters = new WeakMap<Rule | Chain, { packets: number; bytes: number }>()

  /** Whether any rule, policy or source exists: an empty filter lets everything through at no cost. */
  get active(): boolean {
    return this.#tables.size > 0
  }

  get tableNames(): TableName[] {
    return [...this.#tables.keys()]
  }

  /** Undefined while the table was never touched. */
  existing(table: TableName): Table | undefined {
    return this.#tables.get(table)
  }

  chain(table: TableName, name: string): Chain | undefined {
    return this.#table(table).chain(name)
  }

  /** Built-in chains first, then the others by name, as iptables lists them. */
  chains(table: TableName): Chain[] {
    const wanted = this.#table(table)
    const builtIn = BUILT_IN[table]
    const others = [...new Set(wanted.names())].filter((name) => !builtIn.includes(name)).sort()
    return [...builtIn, ...others].map((name) => wanted.chain(name)!)
  }

  attach(source: ChainSource): () => void {
    const { sources } = this.#table(source.table)
    sources.add(source)
    return () => sources.delete(source)
  }

  append(table: TableName, chain: string, rule: Rule | string): void {
    const { rules } = this.#own(table, chain)
    this.#set(table, chain, [...rules, this.#rule(table, rule)])
  }

  /** At a 1-based place. */
  insert(table: TableName, chain: string, rule: Rule | string, at = 1): void {
    const rules = [...this.#own(table, chain).rules]
    if (at < 1 || at > rules.length + 1) throw new IptablesError('Index of insertion too big.', 1)
    rules.splice(at - 1, 0, this.#rule(table, rule))
    this.#set(table, chain, rules)
  }

  /** By its 1-based number or its text. */
  delete(table: TableName, chain: string, rule: number | string): void {
    const rules = [...this.#own(table, chain).rules]
    const at = typeof rule === 'number' ? rule - 1 : rules.findIndex((other) => other.text === this.#text(rule))
    if (typeof rule === 'number' && !rules[at]) throw new IptablesError('Index of deletion too big.', 1)
    if (at < 0) throw new IptablesError('Bad rule (does a matching rule exist in that chain?).', 1)
    rules.splice(at, 1)
    this.#set(table, chain, rules)
  }

  exists(table: TableName, chain: string, rule: string): boolean {
    const text = this.#text(rule)
    return this.chain(table, chain)?.rules.some((other) => other.text === text) ?? false
  }

  newChain(table: TableName, name: string): void {
    const wanted = this.#table(table)
    if (wanted.chain(name)) throw new IptablesError('Chain already exists.', 1)
    wanted.chains.set(name, new Chain(name, []))
  }

  /** Replaces a chain's rules at once, making the chain if needed. The rules may be shared between machines. */
  setChain(table: TableName, name: string, rules: readonly Rule[]): void {
    const wanted = this.#table(table)
    wanted.chains.set(name, new Chain(name, rules, wanted.chains.get(name)?.policy))
  }

  deleteChain(table: TableName, name?: string): void {
    const wanted = this.#table(table)
    const builtIn = BUILT_IN[table]
    if (name === undefined) {
      for (const chain of [...wanted.chains.values()])
        if (!builtIn.includes(chain.name) && chain.rules.length === 0 && !this.#used(wanted, chain.name))
          wanted.chains.delete(chain.name)
      return
    }
    const chain = this.#own(table, name)
    if (builtIn.includes(name)) throw new IptablesError("Can't delete built-in chain", 4)
    if (chain.rules.length > 0) throw new IptablesError('Directory not empty', 1)
    if (this.#used(wanted, name)) throw new IptablesError('Too many links.', 1)
    wanted.chains.delete(name)
  }

  flush(table: TableName, chain?: string): void {
    const wanted = this.#table(table)
    for (const each of [...wanted.chains.values()])
      if (chain === undefined || each.name === chain) this.#set(table, each.name, [])
    if (chain !== undefined && !wanted.chains.has(chain)) throw noChain()
  }

  policy(table: TableName, chain: string, policy: 'ACCEPT' | 'DROP'): void {
    if (!BUILT_IN[table].includes(chain)) throw new IptablesError('Bad built-in chain name.', 1)
    const { rules } = this.#own(table, chain)
    this.#table(table).chains.set(chain, new Chain(chain, rules, policy))
  }

  count(what: Rule | Chain, bytes: number): void {
    const counter = this.counters.get(what)
    if (counter) {
      counter.packets++
      counter.bytes += bytes
    } else this.counters.set(what, { packets: 1, bytes })
  }

  #table(name: TableName): Table {
    let table = this.#tables.get(name)
    if (!table) {
      if (!(name in BUILT_IN))
        throw new IptablesError(`can't initialize iptables table \`${name}': Table does not exist`, 3)
      table = new Table(name)
      this.#tables.set(name, table)
    }
    return table
  }

  #own(table: TableName, name: string): Chain {
    const chain = this.#table(table).chains.get(name)
    if (!chain) throw noChain()
    return chain
  }

  #set(table: TableName, name: string, rules: readonly Rule[]): void {
    const wanted = this.#table(table)
    wanted.chains.set(name, new Chain(name, rules, wanted.chains.get(name)?.policy))
  }

  #rule(table: TableName, rule: Rule | string): Rule {
    const parsed = typeof rule === 'string' ? parseRule(splitWords(rule)) : rule
    const { target } = parsed
    if ((target.kind === 'JUMP' || target.kind === 'GOTO') && !this.#table(table).chain(target.chain))
      throw new IptablesError(`Couldn't load target \`${target.chain}':No such file or directory`)
    return parsed
  }

  #text(rule: string): string {
    return parseRule(splitWords(rule)).text
  }

  #used(table: Table, name: string): boolean {
    for (const chain of table.chains.values())
      for (const { target } of chain.rules)
        if ((target.kind === 'JUMP' || target.kind === 'GOTO') && target.chain === name) return true
    return false
  }
}

function noChain(): IptablesError {
  return new IptablesError('No chain/target/match by that name.', 1)
}

/** Words of a rule, with double quotes around comments. */
export function splitWords(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '')
}
