import { type SqlToken, tokenize } from './tokens.ts'

/** A column as `describe` tells it. */
export interface ColumnInfo {
  name: string
  type: string
  nullable: boolean
  key: '' | 'PRI' | 'UNI' | 'MUL'
  defaultValue: string | undefined
  extra: string
}

export interface CreateTable {
  name: string
  columns: ColumnInfo[]
  /** The same table for SQLite. */
  sql: string
}

const quote = (name: string) => `"${name.replaceAll('"', '""')}"`
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

function write(tokens: readonly SqlToken[]): string {
  return tokens
    .map((t) => (t.kind === 'string' ? literal(t.text) : t.kind === 'quoted' ? quote(t.text) : t.text))
    .join('')
}

const is = (t: SqlToken | undefined, text: string) => t?.kind === 'word' && t.text.toLowerCase() === text

/** A statement that reads or changes rows, for SQLite. `now`: `2026-11-21 03:20:20`. */
export function toSqlite(
  sql: string,
  context: { now: string; database: string; user: string; version: string },
): string {
  const tokens = tokenize(sql)
  const functions: Record<string, string> = {
    now: literal(context.now),
    current_timestamp: literal(context.now),
    curdate: literal(context.now.slice(0, 10)),
    database: context.database ? literal(context.database) : 'NULL',
    schema: context.database ? literal(context.database) : 'NULL',
    version: literal(context.version),
    user: literal(context.user),
    current_user: literal(context.user),
    unix_timestamp: `strftime('%s', ${literal(context.now)})`,
  }
  const out: SqlToken[] = []
  for (let i = 0; i < tokens.length; i++) {
    const t = tokens[i]!
    const name = t.kind === 'word' ? t.text.toLowerCase() : ''
    if (functions[name] !== undefined && tokens[i + 1]?.text === '(' && tokens[i + 2]?.text === ')') {
      out.push({ kind: 'op', text: functions[name] })
      i += 2
    } else if (name === '@@version') out.push({ kind: 'op', text: literal(context.version) })
    else if (
      name === 'ignore' &&
      is(
        out.findLast((o) => o.kind === 'word'),
        'insert',
      )
    )
      out.push({ kind: 'op', text: 'OR IGNORE' })
    else if (name === 'unsigned' || name === 'low_priority' || name === 'delayed') continue
    else if (t.text === '&&') out.push({ kind: 'op', text: ' AND ' })
    else if (t.text === '<=>') out.push({ kind: 'op', text: ' IS ' })
    else if (name === 'rand') out.push({ kind: 'word', text: 'random' })
    else out.push(t)
  }
  return write(out)
    .replace(/\bon\s+duplicate\s+key\s+update\b/i, 'ON CONFLICT DO UPDATE SET')
    .replace(/^(\s*insert\s+into\s+\S+)\s+set\s+(.*)$/is, (_, head: string, pairs: string) => insertSet(head, pairs))
    .replace(/^\s*truncate\s+(table\s+)?/i, 'DELETE FROM ')
}

function insertSet(head: string, pairs: string): string {
  const split = pairs.split(/,(?=(?:[^']*'[^']*')*[^']*$)/).map((p) => p.split(/=(.*)/s))
  return `${head} (${split.map(([k]) => k!.trim()).join(', ')}) VALUES (${split.map(([, v]) => v!.trim()).join(', ')})`
}

/** Splits at top-level commas. */
function parts(tokens: readonly SqlToken[]): SqlToken[][] {
  const lists: SqlToken[][] = [[]]
  let depth = 0
  for (const t of tokens) {
    if (t.text === '(' && t.kind === 'op') depth++
    if (t.text === ')' && t.kind === 'op') depth--
    if (t.text === ',' && t.kind === 'op' && depth === 0) lists.push([])
    else lists.at(-1)!.push(t)
  }
  return lists
}

/** Reads CREATE TABLE; undefined when it is none (or `as select`, `like`). */
export function parseCreateTable(sql: string): CreateTable | undefined {
  const head = /^\s*create\s+(?:temporary\s+)?table\s+(if\s+not\s+exists\s+)?(?:[`\w]+\.)?(`[^`]+`|\w+)\s*\(/is.exec(
    sql,
  )
  if (!head) return undefined
  const name = head[2]!.replaceAll('`', '')
  const tokens = tokenize(sql.slice(head[0].length))
  let depth = 1
  const end = tokens.findIndex((t) => {
    if (t.kind === 'op' && t.text === '(') depth++
    if (t.kind === 'op' && t.text === ')') depth--
    return depth === 0
  })
  if (end < 0) return undefined
  const columns: ColumnInfo[] = []
  const pieces: string[] = []
  for (const part of parts(tokens.slice(0, end))) {
    const words = part.filter((t) => t.kind !== 'space')
    if (words.length === 0) return undefined
    const first = words[0]!.kind === 'word' ? words[0]!.text.toLowerCase() : ''
    if (
      first === 'primary' ||
      first === 'unique' ||
      first === 'key' ||
      first === 'index' ||
      first === 'constraint' ||
      first === 'foreign' ||
      first === 'fulltext'
    ) {
      const constraint = tableConstraint(words, columns)
      if (constraint) pieces.push(constraint)
    } else {
      const column = parseColumn(words)
      columns.push(column.info)
      pieces.push(column.sql)
    }
  }
  const autoIncrement = columns.some((c) => c.extra === 'auto_increment')
  const kept = autoIncrement ? pieces.filter((p) => !p.startsWith('PRIMARY KEY')) : pieces
  return { name, columns, sql: `CREATE TABLE ${head[1] ? 'IF NOT EXISTS ' : ''}${quote(name)} (${kept.join(', ')})` }
}

function tableConstraint(words: readonly SqlToken[], columns: ColumnInfo[]): string | undefined {
  const open = words.findIndex((t) => t.text === '(' && t.kind === 'op')
  const names = words
    .slice(open + 1)
    .filter((t) => t.kind === 'word' || t.kind === 'quoted')
    .map((t) => t.text)
  const kind = words.slice(0, open).map((t) => t.text.toLowerCase())
  const mark = (key: ColumnInfo['key']) => {
    for (const column of columns) if (names.includes(column.name) && column.key === '') column.key = key
  }
  if (kind.includes('primary')) {
    mark('PRI')
    for (const column of columns) if (names.includes(column.name)) column.nullable = false
    return `PRIMARY KEY (${names.map(quote).join(', ')})`
  }
  if (kind.includes('unique')) {
    mark('UNI')
    return `UNIQUE (${names.map(quote).join(', ')})`
  }
  mark('MUL')
  return undefined
}

function parseColumn(words: readonly SqlToken[]): { info: ColumnInfo; sql: string } {
  const name = words[0]!.text
  let i = 1
  let type = (words[i++]?.text ?? 'text').toLowerCase()
  if (words[i]?.text === '(') {
    const close = words.findIndex((t, at) => at > i && t.text === ')' && t.kind === 'op')
    type += write(words.slice(i, close + 1))
    i = close + 1
  } else
    type =
      {
        int: 'int(11)',
        integer: 'int(11)',
        bigint: 'bigint(20)',
        tinyint: 'tinyint(4)',
        bool: 'tinyint(1)',
        boolean: 'tinyint(1)',
        smallint: 'smallint(6)',
      }[type] ?? type
  const rest = words.slice(i)
  const lower = rest.map((t) => (t.kind === 'word' ? t.text.toLowerCase() : t.text))
  if (lower.includes('unsigned')) type += ' unsigned'
  const at = lower.indexOf('default')
  const autoIncrement = lower.includes('auto_increment')
  const primary = lower.includes('primary')
  const notNull = lower.some((w, k) => w === 'not' && lower[k + 1] === 'null')
  const value = at >= 0 ? rest[at + 1] : undefined
  const isNull = value?.kind === 'word' && value.text.toLowerCase() === 'null'
  const info: ColumnInfo = {
    name,
    type,
    nullable: !notNull && !primary && !autoIncrement,
    key: primary || autoIncrement ? 'PRI' : lower.includes('unique') ? 'UNI' : '',
    defaultValue:
      value && !isNull
        ? value.text.toLowerCase() === 'current_timestamp'
          ? 'current_timestamp()'
          : value.text
        : undefined,
    extra: autoIncrement ? 'auto_increment' : '',
  }
  if (autoIncrement) return { info, sql: `${quote(name)} INTEGER PRIMARY KEY AUTOINCREMENT` }
  const pieces = [quote(name), sqliteType(type)]
  if (primary) pieces.push('PRIMARY KEY')
  if (notNull) pieces.push('NOT NULL')
  if (lower.includes('unique')) pieces.push('UNIQUE')
  if (value)
    pieces.push(
      `DEFAULT ${value.kind === 'string' ? literal(value.text) : value.text.toLowerCase() === 'current_timestamp' ? 'CURRENT_TIMESTAMP' : value.text}`,
    )
  return { info, sql: pieces.join(' ') }
}

function sqliteType(type: string): string {
  if (/int|bool/.test(type)) return 'INTEGER'
  if (/float|double|decimal|numeric/.test(type)) return 'REAL'
  return /blob|binary/.test(type) ? 'BLOB' : 'TEXT'
}
