import { dateFields } from '../../time/date.ts'
import { parseCreateTable, toSqlite } from './dialect.ts'
import { SqlError, syntaxError, translateError } from './error.ts'
import type { Account, DataDirectory } from './store.ts'

export interface Result {
  /** Undefined for statements that return no rows. */
  columns: string[] | undefined
  rows: (string | null)[][]
  /** Columns to be right-aligned in tables. */
  numeric: boolean[]
  affected: number
}

const DONE: Result = { columns: undefined, rows: [], numeric: [], affected: 0 }
const table = (columns: string[], rows: (string | null)[][]): Result => ({
  columns,
  rows,
  numeric: columns.map(() => false),
  affected: rows.length,
})

interface Context {
  data: DataDirectory
  account: Account
  /** `wp@10.10.1.7` */
  client: string
  version: string
  now: () => number
}

type Handler = (session: Session, m: RegExpExecArray) => Result

/** One client's session: its account and current database. */
export class Session {
  readonly context: Context
  database = ''

  constructor(context: Context) {
    this.context = context
  }

  use(name: string): void {
    if (name !== 'information_schema' && !this.allowed(name))
      throw new SqlError(
        1044,
        '42000',
        `Access denied for user '${this.context.account.user}'@'${this.context.account.host}' to database '${name}'`,
      )
    if (!this.context.data.has(name)) throw new SqlError(1049, '42000', `Unknown database '${name}'`)
    this.database = name
  }

  allowed(name: string): boolean {
    return this.context.account.grants.some((g) => g === '*' || g === name)
  }

  requireAll(): void {
    if (!this.allowed('*'))
      throw new SqlError(
        1227,
        '42000',
        'Access denied; you need (at least one of) the CREATE USER privilege(s) for this operation',
      )
  }

  execute(statement: string): Result {
    const sql = statement.trim()
    for (const [pattern, handler] of STATEMENTS) {
      const m = pattern.exec(sql)
      if (m) return handler(this, m)
    }
    if (
      !/^(select|insert|update|delete|replace|create|drop|alter|truncate|with|begin|commit|rollback|start|\()/i.test(
        sql,
      )
    )
      throw syntaxError(sql.slice(0, 80))
    return this.#rows(sql)
  }

  #rows(sql: string): Result {
    if (/^start\s+transaction/i.test(sql)) return this.#rows('BEGIN')
    const withoutTables = /^select\b(?!.*\bfrom\b)/is.test(sql)
    const qualified = /\b(?:from|into|update|table(?:\s+if\s+(?:not\s+)?exists)?)\s+`?(\w+)`?\.`?\w+`?/i.exec(sql)?.[1]
    const name = qualified && this.context.data.has(qualified) ? qualified : this.database
    if (name === 'mysql' || name === 'information_schema') return this.#systemRows(sql)
    const schema = withoutTables && name === '' ? this.#anySchema() : this.context.data.schema(name)
    if (!withoutTables && !this.allowed(name))
      throw new SqlError(
        1142,
        '42000',
        `SELECT command denied to user '${this.context.account.user}'@'${this.context.account.host}'`,
      )
    const created = parseCreateTable(sql)
    const text = created
      ? created.sql
      : toSqlite(qualified ? sql.replace(new RegExp(`\`?${qualified}\`?\\.(?=\`?\\w)`, 'g'), '') : sql, {
          now: timestamp(this.context.now()),
          database: this.database,
          user: this.context.client,
          version: this.context.version,
        })
    try {
      const prepared = schema.database.prepare(text)
      try {
        const columns = prepared.getColumnNames()
        const rows: (string | null)[][] = []
        const numeric = columns.map(() => true)
        while (prepared.step()) {
          const values = prepared.get()
          values.forEach((v, i) => {
            if (v !== null && typeof v !== 'number') numeric[i] = false
          })
          rows.push(
            values.map((v) => (v === null ? null : v instanceof Uint8Array ? new TextDecoder().decode(v) : String(v))),
          )
          if (rows.length > 100_000) break
        }
        if (columns.length > 0) return { columns: shownNames(sql, columns), rows, numeric, affected: rows.length }
      } finally {
        prepared.free()
      }
    } catch (error) {
      throw translateError(error as Error, name, sql)
    }
    schema.dirty = true
    if (created) schema.tables.set(created.name, created.columns)
    const dropped = /^drop\s+table\s+(?:if\s+exists\s+)?`?(\w+)`?/i.exec(sql)
    if (dropped) schema.tables.delete(dropped[1]!)
    const affected = /^(insert|update|delete|replace)/i.test(sql) ? schema.database.getRowsModified() : 0
    this.context.data.flush()
    return { ...DONE, affected }
  }

  /** A SELECT without tables needs some database to run in. */
  #anySchema(): ReturnType<DataDirectory['schema']> {
    const { data } = this.context
    const first = data.names().find((n) => {
      try {
        return data.schema(n) !== undefined
      } catch {
        return false
      }
    })
    if (first) return data.schema(first)
    data.create('test', true)
    return data.schema('test')
  }

  #systemRows(sql: string): Result {
    if (!/\bfrom\s+`?mysql`?\.`?(user|global_priv)`?/i.test(sql))
      throw new SqlError(1105, 'HY000', `not simulated: ${sql.slice(0, 60)}`)
    const accounts = [...this.context.data.accounts].sort((a, b) => (a.user + a.host < b.user + b.host ? -1 : 1))
    const wanted = /^select\s+(.*?)\s+from/is
      .exec(sql)![1]!
      .split(',')
      .map((c) => c.trim().toLowerCase())
    const names: Record<string, [string, (a: Account) => string]> = {
      user: ['User', (a) => a.user],
      host: ['Host', (a) => a.host],
    }
    const columns = (wanted.includes('*') ? ['host', 'user'] : wanted).map(
      (c) => names[c] ?? ([c, () => ''] as [string, (a: Account) => string]),
    )
    return table(
      columns.map(([n]) => n),
      accounts.map((a) => columns.map(([, get]) => get(a))),
    )
  }
}

/** MariaDB names an unnamed column by its text. */
function shownNames(sql: string, columns: readonly string[]): string[] {
  const list = /^select\s+(.*?)(?:\s+from\b.*)?$/is.exec(sql.trim().replace(/;$/, ''))?.[1]
  if (columns.length === 1 && list && !list.includes('*') && !/\bas\b/i.test(list))
    return [/^`?\w+`?$/.test(list) ? columns[0]! : list.trim()]
  return [...columns]
}

/** `2026-11-21 03:20:20` */
export function timestamp(ms: number): string {
  const d = dateFields(ms)
  const pad = (n: number) => String(n).padStart(2, '0')
  return `${d.year}-${pad(d.month)}-${pad(d.day)} ${pad(d.hour)}:${pad(d.minute)}:${pad(d.second)}`
}

const unquote = (text: string) => text.replace(/^[`'"]|[`'"]$/g, '')

function columnsOf(session: Session, name: string): Result {
  const { tables } = session.context.data.schema(session.database)
  const columns = tables.get(name)
  if (!columns) throw new SqlError(1146, '42S02', `Table '${session.database}.${name}' doesn't exist`)
  return table(
    ['Field', 'Type', 'Null', 'Key', 'Default', 'Extra'],
    columns.map((c) => [c.name, c.type, c.nullable ? 'YES' : 'NO', c.key, c.defaultValue ?? null, c.extra]),
  )
}

function createUser(session: Session, m: RegExpExecArray): Result {
  session.requireAll()
  const { data } = session.context
  const [user, host] = [unquote(m[2]!), unquote(m[3] ?? '%')]
  if (data.accounts.some((a) => a.user === user && a.host === host)) {
    if (m[1]) return DONE
    throw new SqlError(1396, 'HY000', `Operation CREATE USER failed for '${user}'@'${host}'`)
  }
  data.accounts.push({ user, host, password: m[4] === undefined ? '' : unquote(m[4]), grants: [] })
  data.saveAccounts()
  return DONE
}

function grant(session: Session, m: RegExpExecArray): Result {
  session.requireAll()
  const { data } = session.context
  const [user, host] = [unquote(m[2]!), unquote(m[3] ?? '%')]
  let account = data.accounts.find((a) => a.user === user && a.host === host)
  if (!account) {
    if (m[4] === undefined) throw new SqlError(1133, '28000', "Can't find any matching row in the user table")
    account = { user, host, password: unquote(m[4]), grants: [] }
    data.accounts.push(account)
  }
  account.grants.push(unquote(m[1]!.split('.')[0]!))
  data.saveAccounts()
  return DONE
}

const NAME = '(`[^`]+`|\'[^\']*\'|"[^"]*"|[\\w%.]+)'

const STATEMENTS: [RegExp, Handler][] = [
  [
    /^use\s+`?(\w+)`?$/i,
    (s, m) => {
      s.use(m[1]!)
      return DONE
    },
  ],
  [
    /^show\s+(?:databases|schemas)$/i,
    (s) =>
      table(
        ['Database'],
        s.context.data
          .names()
          .filter((n) => n === 'information_schema' || s.allowed(n))
          .map((n) => [n]),
      ),
  ],
  [
    /^show\s+(?:full\s+)?tables(?:\s+(?:from|in)\s+`?(\w+)`?)?$/i,
    (s, m) => {
      const name = m[1] ?? s.database
      return table(
        [`Tables_in_${name}`],
        [...s.context.data.schema(name).tables.keys()].sort().map((t) => [t]),
      )
    },
  ],
  [/^(?:describe|desc|show\s+(?:full\s+)?columns\s+from)\s+`?(\w+)`?$/i, (s, m) => columnsOf(s, m[1]!)],
  [
    /^show\s+(?:global\s+|session\s+)?(?:variables|status)(?:\s+like\s+'([^']*)')?.*$/i,
    (s, m) => table(['Variable_name', 'Value'], m[1] === 'version' ? [['version', s.context.version]] : []),
  ],
  [/^show\s+(?:processlist|warnings|errors|engines|grants.*)$/i, () => table(['Info'], [])],
  [
    new RegExp(`^create\\s+(?:database|schema)\\s+(if\\s+not\\s+exists\\s+)?${NAME}(?:\\s.*)?$`, 'is'),
    (s, m) => {
      if (!s.allowed('*') && !s.allowed(unquote(m[2]!)))
        throw new SqlError(
          1044,
          '42000',
          `Access denied for user '${s.context.account.user}'@'${s.context.account.host}' to database '${unquote(m[2]!)}'`,
        )
      s.context.data.create(unquote(m[2]!), m[1] !== undefined)
      s.context.data.flush()
      return { ...DONE, affected: 1 }
    },
  ],
  [
    new RegExp(`^drop\\s+(?:database|schema)\\s+(if\\s+exists\\s+)?${NAME}$`, 'i'),
    (s, m) => {
      s.requireAll()
      s.context.data.drop(unquote(m[2]!), m[1] !== undefined)
      return DONE
    },
  ],
  [
    new RegExp(
      `^create\\s+user\\s+(if\\s+not\\s+exists\\s+)?${NAME}(?:@${NAME})?(?:\\s+identified\\s+by\\s+${NAME})?$`,
      'i',
    ),
    createUser,
  ],
  [
    new RegExp(
      `^grant\\s+.+?\\s+on\\s+([\\w*\`.]+)\\s+to\\s+${NAME}(?:@${NAME})?(?:\\s+identified\\s+by\\s+${NAME})?.*$`,
      'is',
    ),
    grant,
  ],
  [/^(?:flush\s+.*|set\s+.*|lock\s+tables.*|unlock\s+tables)$/is, () => DONE],
]
