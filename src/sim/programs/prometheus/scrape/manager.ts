import type { Process } from '../../../linux/process.ts'
import type { HttpAgent } from '../../http/agent.ts'
import type { ScrapeConfig } from '../config/config.ts'
import type { Discovery } from '../discovery/discovery.ts'
import type { Labels } from '../labels.ts'
import type { Head } from '../storage/head.ts'
import { makeTarget, Target } from './target.ts'

/** How often targets are found anew, in ms. */
const SYNC = 5000

interface Pool {
  config: ScrapeConfig
  targets: Map<string, Target>
  dropped: Labels[]
}

/** Scrapes every target of the configuration, each on its own interval. */
export class ScrapeManager {
  readonly #process: Process
  readonly #agent: HttpAgent
  readonly #head: Head
  readonly #discovery: Discovery
  readonly #fault: (error: unknown) => void
  #pools = new Map<string, Pool>()
  syncs = 0

  constructor(process: Process, agent: HttpAgent, head: Head, discovery: Discovery, fault: (error: unknown) => void) {
    this.#process = process
    this.#agent = agent
    this.#head = head
    this.#discovery = discovery
    this.#fault = fault
  }

  get pools(): ReadonlyMap<string, Pool> {
    return this.#pools
  }

  /** Takes another configuration: targets that are the same go on. */
  apply(configs: readonly ScrapeConfig[]): void {
    const pools = new Map<string, Pool>()
    for (const config of configs) {
      const old = this.#pools.get(config.job)
      // A target knows its own configuration, so a changed one begins anew.
      const same = old && JSON.stringify(old.config, regexText) === JSON.stringify(config, regexText)
      pools.set(config.job, {
        config: same ? old.config : config,
        targets: same ? old.targets : new Map(),
        dropped: [],
      })
      if (old && !same) this.#end(old)
    }
    for (const [job, old] of this.#pools) if (!pools.has(job)) this.#end(old)
    this.#pools = pools
    this.#discovery.changed = true
  }

  async run(): Promise<void> {
    for (;;) {
      if (this.#discovery.changed) {
        this.#discovery.changed = false
        this.#sync()
      }
      await this.#process.sleep(SYNC)
      this.#head.truncate(this.#process.wallClock())
    }
  }

  #sync(): void {
    this.syncs++
    for (const pool of this.#pools.values()) {
      const wanted = new Map<string, Target>()
      pool.dropped = []
      for (const found of this.#discovery.find(pool.config.discovery)) {
        const made = makeTarget(pool.config, found)
        if (!made) continue
        if (made instanceof Target) wanted.set(made.key, pool.targets.get(made.key) ?? made)
        else pool.dropped.push(made.dropped)
      }
      for (const [key, target] of pool.targets)
        if (!wanted.has(key)) target.end(this.#head, Math.floor(this.#process.wallClock()))
      for (const [key, target] of wanted) if (!pool.targets.has(key)) this.#start(target)
      pool.targets = wanted
    }
  }

  #end(pool: Pool): void {
    for (const target of pool.targets.values()) target.end(this.#head, Math.floor(this.#process.wallClock()))
  }

  #start(target: Target): void {
    const loop = async () => {
      const salt = this.#process.files.readText('/proc/sys/kernel/hostname')
      const offset = target.offset(salt)
      for (;;) {
        const now = this.#process.wallClock()
        const wait = target.interval - ((((now - offset) % target.interval) + target.interval) % target.interval)
        await this.#process.sleep(wait)
        if (target.stopped) return
        await target.scrape(this.#process, this.#agent, this.#head)
      }
    }
    loop().catch(this.#fault)
  }
}

const regexText = (_: string, value: unknown) => (value instanceof RegExp ? value.source : value)
