import type { Process } from '../../linux/process.ts'
import type { Blocked } from './blocking.ts'
import type { Config } from './config.ts'
import { Database } from './database.ts'
import type { Reply } from './resp.ts'

/** What one client connection has chosen. */
export interface Client {
  readonly id: number
  readonly address: string
  name: string
  database: number
  authenticated: boolean
  /** Queued commands after MULTI. */
  queue: string[][] | undefined
  queueFailed: boolean
  watched: Map<string, number> | undefined
  readonly channels: Set<string>
  readonly patterns: Set<string>
  /** It waits for data; what it sends meanwhile waits too. */
  blocked?: Blocked | undefined
  /** A connection from a replica: its commands come from us, not to us. */
  replica: boolean
  /** Commands applied on behalf of our own primary. */
  fromPrimary: boolean
  send(reply: Reply): void
  sendRaw(text: string): void
  close(): void
}

export interface Primary {
  host: string
  port: number
  linkUp: boolean
}

/** Everything one redis-server holds. */
export class ServerState {
  readonly process: Process
  readonly config: Config
  readonly databases: Database[]
  readonly clients = new Map<number, Client>()
  readonly startedAt: number
  readonly runId: string
  dirty = 0
  lastSave: number
  commands = 0
  connections = 0
  primary: Primary | undefined
  replicationOffset = 0
  readonly replicas = new Map<number, { address: string; port: number }>()
  /** Clients that wait for data, who came first first. */
  readonly blocked = new Set<Blocked>()
  /** Changes counted per key, for WATCH. */
  readonly versions = new Map<string, number>()
  /** Settles the server's run: the exit status. */
  onShutdown: ((save: boolean) => void) | undefined
  /** Appends a write command to the AOF and the replicas. */
  propagate: (database: number, words: readonly string[]) => void = () => {}
  save: () => boolean = () => true
  rewriteAof: () => void = () => {}
  startReplication: () => void = () => {}

  constructor(process: Process, config: Config) {
    this.process = process
    this.config = config
    this.startedAt = process.wallClock()
    this.lastSave = Math.floor(this.startedAt / 1000)
    this.runId = process.random.hex(40)
    this.databases = Array.from(
      { length: Number(config.get('databases')) || 16 },
      () => new Database(() => process.wallClock()),
    )
  }

  changed(database: number, key: string): void {
    this.dirty++
    const id = `${database}/${key}`
    this.versions.set(id, (this.versions.get(id) ?? 0) + 1)
  }
}
