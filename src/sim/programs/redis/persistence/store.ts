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

  /** Loads what is there: the append-only folder when it is on, else dump.rdb. */
  async load(apply: (words: string[]) => void): Promise<void> {
    const { files } = this.#state.process
    if (this.#appendOnly) {
      if (files.exists(`${this.#aof}.manifest`)) {
        await this.#loadRdb(`${this.#aof}.1.base.rdb`)
        const log = `${this.#aof}.1.incr.aof`
        if (files.exists(log)) await replay(files.readBytes(log), apply)
        await this.#log('*', 'DB loaded from append only file: 0.000 seconds')
        return
      }
      this.#createAof()
      await this.#log(
        '*',
        `Creating AOF base file ${this.#state.config.get('appendfilename')}.1.base.rdb on server start`,
      )
      await this.#log(
        '*',
        `Creating AOF incr file ${this.#state.config.get('appendfilename')}.1.incr.aof on server start`,
      )
      return
    }
    if (!files.exists(this.#rdb)) return
    await this.#loadRdb(this.#rdb)
    await this.#log('*', 'DB loaded from disk: 0.000 seconds')
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

  #createAof(): void {
    const { files } = this.#state.process
    const name = this.#state.config.get('appendfilename')
    if (!files.exists(this.#aofFolder)) files.mkdir(this.#aofFolder, { mode: 0o755 })
    files.write(`${this.#aof}.1.base.rdb`, encodeRdb(this.#state.databases, versionOf(this.#state)))
    files.write(`${this.#aof}.1.incr.aof`, '')
    files.write(`${this.#aof}.manifest`, `file ${name}.1.base.rdb seq 1 type b\nfile ${name}.1.incr.aof seq 1 type i\n`)
  }

  /** Appends one write command. */
  append(database: number, words: readonly string[]): void {
    if (!this.#appendOnly) return
    const { files } = this.#state.process
    if (!files.exists(`${this.#aof}.manifest`)) this.#createAof()
    let text = ''
    if (database !== this.#aofDatabase) {
      text += encodeCommand(['SELECT', String(database)])
      this.#aofDatabase = database
    }
    files.write(`${this.#aof}.1.incr.aof`, fromLatin1(text + encodeCommand(words)), { append: true })
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
