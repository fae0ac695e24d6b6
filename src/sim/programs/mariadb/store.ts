import type { Process } from '../../linux/process.ts'
import type { ColumnInfo } from './dialect.ts'
import { SqlError } from './error.ts'
import type { Database, SqlJsStatic } from './sqlite.ts'

export interface Account {
  user: string
  host: string
  /** Undefined: nobody gets in by password. */
  password: string | undefined
  /** Databases it may use; `*` is all. */
  grants: string[]
}

interface Schema {
  database: Database
  tables: Map<string, ColumnInfo[]>
  dirty: boolean
}

const SYSTEM = ['information_schema', 'mysql', 'performance_schema', 'sys']

/** The data directory: each database in a folder, the accounts in mysql/. */
export class DataDirectory {
  readonly #process: Process
  readonly #sqlite: SqlJsStatic
  readonly #path: string
  readonly #schemas = new Map<string, Schema>()
  accounts: Account[] = []

  constructor(process: Process, sqlite: SqlJsStatic, path: string) {
    this.#process = process
    this.#sqlite = sqlite
    this.#path = path
  }

  /** Whether a server has lived here before. */
  static initialised(process: Process, path: string): boolean {
    return process.files.exists(`${path}/mysql`)
  }

  /** What mariadb-install-db leaves. */
  initialise(accounts: Account[]): void {
    const { files } = this.#process
    for (const folder of ['mysql', 'performance_schema', 'sys'])
      files.mkdir(`${this.#path}/${folder}`, { parents: true })
    for (const file of [
      'aria_log.00000001',
      'aria_log_control',
      'ib_buffer_pool',
      'ib_logfile0',
      'ibdata1',
      'multi-master.info',
    ])
      files.write(`${this.#path}/${file}`, '')
    this.accounts = accounts
    this.saveAccounts()
  }

  load(): void {
    const { files } = this.#process
    this.accounts = JSON.parse(files.readText(`${this.#path}/mysql/global_priv.MAD`)) as Account[]
    for (const entry of files.list(this.#path)) {
      if (entry.type !== 'directory' || SYSTEM.includes(entry.name)) continue
      const file = `${this.#path}/${entry.name}/data.ibd`
      const about = `${this.#path}/${entry.name}/tables.frm`
      const database = new this.#sqlite.Database(files.exists(file) ? files.readBytes(file) : undefined)
      const tables = new Map(files.exists(about) ? (JSON.parse(files.readText(about)) as [string, ColumnInfo[]][]) : [])
      this.#schemas.set(entry.name, { database, tables, dirty: false })
    }
  }

  saveAccounts(): void {
    this.#process.files.write(`${this.#path}/mysql/global_priv.MAD`, JSON.stringify(this.accounts))
  }

  names(): string[] {
    return [...SYSTEM, ...this.#schemas.keys()].sort()
  }

  create(name: string, ifNotExists: boolean): void {
    if (this.#schemas.has(name) || SYSTEM.includes(name)) {
      if (ifNotExists) return
      throw new SqlError(1007, 'HY000', `Can't create database '${name}'; database exists`)
    }
    this.#process.files.mkdir(`${this.#path}/${name}`, { parents: true })
    this.#process.files.write(`${this.#path}/${name}/db.opt`, 'default-character-set=utf8mb4\n')
    this.#schemas.set(name, { database: new this.#sqlite.Database(), tables: new Map(), dirty: true })
  }

  drop(name: string, ifExists: boolean): void {
    const schema = this.#schemas.get(name)
    if (!schema) {
      if (ifExists) return
      throw new SqlError(1008, 'HY000', `Can't drop database '${name}'; database doesn't exist`)
    }
    schema.database.close()
    this.#schemas.delete(name)
    this.#process.files.removeTree(`${this.#path}/${name}`)
  }

  schema(name: string): Schema {
    if (name === '') throw new SqlError(1046, '3D000', 'No database selected')
    const schema = this.#schemas.get(name)
    if (!schema) throw new SqlError(1049, '42000', `Unknown database '${name}'`)
    return schema
  }

  has(name: string): boolean {
    return this.#schemas.has(name) || SYSTEM.includes(name)
  }

  /** Writes what has changed since the last time. InnoDB commits are durable, so this follows every write. */
  flush(): void {
    for (const [name, schema] of this.#schemas) {
      if (!schema.dirty) continue
      schema.dirty = false
      this.#process.files.write(`${this.#path}/${name}/data.ibd`, schema.database.export())
      this.#process.files.write(`${this.#path}/${name}/tables.frm`, JSON.stringify([...schema.tables]))
    }
  }
}
