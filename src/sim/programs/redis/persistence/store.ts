import { SystemError } from '../../../linux/errors.ts'
import { ByteReader } from '../../http/reader.ts'
import { versionOf } from '../info.ts'
import { encodeCommand, fromLatin1, readCommand } from '../resp.ts'
import type { ServerState } from '../server-state.ts'
import { decodeRdb, encodeRdb } from './rdb.ts'

type Log = (level: '*' | '#', message: string) => Promise<void>

/** The server's files: dump.rdb, and the append-only folder when it is on. */
export class Persistence {
  readonly #state: ServerState
  readonly #log: Log
  #aofDatabase = -1

  constructor(state: ServerState, log: Log) {
    this.#state = state
    this.#log = log
  }

  get #appendOnly(): boolean {
    return this.#state.config.get('appendonly') === 'yes'
  }

  #path(name: string): string {
    const dir = this.#state.config.get('dir').replace(/\/$/, '')
    return name.startsWith('/') ? name : `${dir === '.' ? this.#state.process.cwd : dir}/${name}`
  }

  get #rdb(): string {
    return this.#path(this.#state.config.get('dbfilename'))
  }

  get #aofFolder(): string {
    return this.#path(this.#state.config.get('appenddirname'))
  }

  get #aof(): string {
    return `${this.#aofFolder}/${this.#state.config.get('appendfilename')}`
  }

  /** Writes dump.rdb by way of a temporary file. False when the disk refuses. */
  save(): boolean {
    const { process, databases } = this.#state
    const temporary = this.#path(`temp-${process.pid}.rdb`)
    try {
      process.files.write(temporary, encodeRdb(databases, versionOf(this.#state)))
      process.files.rename(temporary, this.#rdb)
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      void this.#log(
        '#',
        `Failed opening the temp RDB file ${temporary} (in server root dir ${this.#state.config.get('dir')}) for saving: ${error.message}`,
      )
      return false
    }
    this.#state.dirty = 0
    this.#state.lastSave = Math.floor(process.wallClock() / 1000)
    return true
  }

  /** Before version 7 the append-only log is one file, which may begin with a snapshot. */
  get #single(): boolean {
    return Number.parseInt(versionOf(this.#state), 10) < 7
  }

  get #aofBegun(): boolean {
    return this.#state.process.files.exists(this.#single ? this.#oneFile : `${this.#aof}.manifest`)
  }

  get #oneFile(): string {
    return this.#path(this.#state.config.get('appendfilename'))
  }

  /** Loads what is there: the append-only log when it is on, else dump.rdb. */
  async load(apply: (words: string[]) => void): Promise<void> {
    const { files } = this.#state.process
    if (this.#appendOnly) {
      if (this.#aofBegun) await this.#loadAof(apply)
      else {
        this.#beginAof(1, this.#single ? undefined : this.snapshot())
        const name = this.#state.config.get('appendfilename')
        if (!this.#single) {
          await this.#log('*', `Creating AOF base file ${name}.1.base.rdb on server start`)
          await this.#log('*', `Creating AOF incr file ${name}.1.incr.aof on server start`)
        }
      }
      return
    }
    if (!files.exists(this.#rdb)) return
    await this.#loadRdb(this.#rdb)
    await this.#log('*', 'DB loaded from disk: 0.000 seconds')
  }

  async #loadAof(apply: (words: string[]) => void): Promise<void> {
    const { process, databases } = this.#state
    if (this.#single) {
      const bytes = process.files.readBytes(this.#oneFile)
      const hasSnapshot = new TextDecoder().decode(bytes.subarray(0, 5)) === 'REDIS'
      const { end } = hasSnapshot ? decodeRdb(bytes, databases, process.wallClock()) : { end: 0 }
      await replay(bytes.subarray(end), apply)
    } else {
      const n = this.#sequence()
      await this.#loadRdb(`${this.#aof}.${n}.base.rdb`)
      const log = `${this.#aof}.${n}.incr.aof`
      if (process.files.exists(log)) await replay(process.files.readBytes(log), apply)
    }
    await this.#log('*', 'DB loaded from append only file: 0.000 seconds')
  }

  #sequence(): number {
    return Number(/seq (\d+) type i/.exec(this.#state.process.files.readText(`${this.#aof}.manifest`))?.[1] ?? 1)
  }

  async #loadRdb(path: string): Promise<void> {
    const { process, databases } = this.#state
    if (!process.files.exists(path)) return
    const { loaded, expired } = decodeRdb(process.files.readBytes(path), databases, process.wallClock())
    await this.#log('*', `Loading RDB produced by version ${versionOf(this.#state)}`)
    await this.#log('*', 'RDB age 0 seconds')
    await this.#log('*', 'RDB memory usage when created 0.82 Mb')
    await this.#log('*', `Done loading RDB, keys loaded: ${loaded}, keys expired: ${expired}.`)
  }

  /** The log begins anew with a snapshot; what was there before goes. */
  rewriteAof(): void {
    if (!this.#appendOnly) return
    const { files } = this.#state.process
    const before = !this.#single && this.#aofBegun ? this.#sequence() : 0
    this.#beginAof(before + 1, this.snapshot())
    for (const kind of ['base.rdb', 'incr.aof'])
      if (before > 0 && files.exists(`${this.#aof}.${before}.${kind}`)) files.unlink(`${this.#aof}.${before}.${kind}`)
  }

  #beginAof(sequence: number, snapshot: Uint8Array | undefined): void {
    const { files } = this.#state.process
    this.#aofDatabase = -1
    if (this.#single) {
      files.write(this.#oneFile, snapshot ?? '')
      return
    }
    const name = this.#state.config.get('appendfilename')
    if (!files.exists(this.#aofFolder)) files.mkdir(this.#aofFolder, { mode: 0o755 })
    const part = (kind: string, type: string) => `file ${name}.${sequence}.${kind} seq ${sequence} type ${type}\n`
    files.write(`${this.#aof}.${sequence}.base.rdb`, snapshot ?? '')
    files.write(`${this.#aof}.${sequence}.incr.aof`, '')
    files.write(`${this.#aof}.manifest`, part('base.rdb', 'b') + part('incr.aof', 'i'))
  }

  /** Appends one write command. */
  append(database: number, words: readonly string[]): void {
    if (!this.#appendOnly) return
    if (!this.#aofBegun) this.rewriteAof()
    let text = ''
    if (database !== this.#aofDatabase) {
      text += encodeCommand(['SELECT', String(database)])
      this.#aofDatabase = database
    }
    const path = this.#single ? this.#oneFile : `${this.#aof}.${this.#sequence()}.incr.aof`
    this.#state.process.files.write(path, fromLatin1(text + encodeCommand(words)), { append: true })
  }

  snapshot(): Uint8Array {
    return encodeRdb(this.#state.databases, versionOf(this.#state))
  }

  restore(bytes: Uint8Array): void {
    for (const db of this.#state.databases) db.clear()
    decodeRdb(bytes, this.#state.databases, this.#state.process.wallClock())
  }
}

async function replay(bytes: Uint8Array, apply: (words: string[]) => void): Promise<void> {
  let sent = false
  const reader = new ByteReader({
    read: async () => {
      if (sent) return new Uint8Array(0)
      sent = true
      return bytes
    },
  })
  for (let words = await readCommand(reader); words; words = await readCommand(reader))
    if (words.length > 0) apply(words)
}
