import type { Process, Program } from '../../linux/process.ts'
import { ByteReader } from '../http/reader.ts'
import { connectSql } from './connect.ts'
import type { Result } from './session.ts'
import { splitStatements } from './tokens.ts'
import type { Answer, SqlClient } from './wire.ts'

interface Options {
  host: string | undefined
  port: number
  user: string
  password: string | undefined
  askPassword: boolean
  database: string | undefined
  execute: string | undefined
  table: boolean | undefined
  noNames: boolean
  timeout: number | undefined
  vertical: boolean
}

type Parsed = Options | { message: string; status: number }

/** `-p` alone asks for it. */
function setPassword(options: Options, given: string | undefined): void {
  if (given === undefined) options.askPassword = true
  else options.password = given
}

/** `-Ne TEXT` is `-N -e TEXT`. */
function uncluster(arg: string): string[] {
  const m = /^-([tBsNE]+)([a-zA-Z].*)$/s.exec(arg)
  return m ? [...[...m[1]!].map((letter) => `-${letter}`), `-${m[2]}`] : [arg]
}

function parse(process: Process): Parsed {
  const options: Options = {
    host: process.env.get('MYSQL_HOST'),
    port: 3306,
    user: 'root',
    password: undefined,
    askPassword: false,
    database: undefined,
    execute: undefined,
    table: undefined,
    noNames: false,
    timeout: undefined,
    vertical: false,
  }
  const args = process.argv.slice(1).flatMap(uncluster)
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    const long = /^--([\w-]+)(?:=(.*))?$/s.exec(arg)
    const short = /^-([a-zA-Z])(.*)$/s.exec(arg)
    if (long) {
      const value = () => long[2] ?? args[++i] ?? ''
      if (long[1] === 'host') options.host = value()
      else if (long[1] === 'port') options.port = Number(value())
      else if (long[1] === 'user') options.user = value()
      else if (long[1] === 'password') setPassword(options, long[2])
      else if (long[1] === 'execute') options.execute = value()
      else if (long[1] === 'database') options.database = value()
      else if (long[1] === 'table') options.table = true
      else if (long[1] === 'batch' || long[1] === 'silent') options.table = false
      else if (long[1] === 'skip-column-names') options.noNames = true
      else if (long[1] === 'connect-timeout') options.timeout = Number(value()) * 1000
      else if (long[1] === 'vertical') options.vertical = true
      else if (long[1] === 'version')
        return {
          message: `mysql  Ver 15.1 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64) using  EditLine wrapper\n`,
          status: 0,
        }
      else if (
        !['protocol', 'socket', 'skip-ssl', 'ssl', 'default-character-set', 'defaults-file', 'no-defaults'].includes(
          long[1]!,
        )
      )
        return { message: `mysql: unknown option '--${long[1]}'\n`, status: 2 }
    } else if (short) {
      const value = () => short[2] || (args[++i] ?? '')
      if (short[1] === 'h') options.host = value()
      else if (short[1] === 'P') options.port = Number(value())
      else if (short[1] === 'u') options.user = value()
      else if (short[1] === 'p') setPassword(options, short[2] || undefined)
      else if (short[1] === 'e') options.execute = value()
      else if (short[1] === 'D') options.database = value()
      else if (short[1] === 't') options.table = true
      else if (short[1] === 'B' || short[1] === 's') options.table = false
      else if (short[1] === 'N') options.noNames = true
      else if (short[1] === 'E') options.vertical = true
      else if (short[1] === 'V')
        return {
          message: `mysql  Ver 15.1 Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64) using  EditLine wrapper\n`,
          status: 0,
        }
      else return { message: `mysql: unknown option '-${short[1]}'\n`, status: 2 }
    } else options.database = arg
  }
  return options
}

/** mysql / mariadb: the command-line client. */
export const mysqlClient: Program = async (process) => {
  const options = parse(process)
  if ('message' in options) {
    await (options.status === 0 ? process.print(options.message) : process.printError(options.message))
    return options.status
  }
  const input = new ByteReader({ read: (limit) => process.stdin.read(limit) })
  if (options.askPassword) {
    await process.printError('Enter password: ')
    options.password = (await input.line()) ?? ''
    await process.printError('\n')
  }
  const { user, password, database } = options
  const connected = await connectSql(process, options.host, options.port, { user, password, database }, options.timeout)
  if ('message' in connected) {
    await process.printError(`ERROR ${connected.number} (${connected.state}): ${connected.message}\n`)
    return 1
  }
  const { client } = connected
  try {
    if (options.execute !== undefined) return await batch(process, client, options, options.execute, false)
    if (process.stdin.tty) return await interactive(process, client, options, input)
    return await batch(process, client, options, new TextDecoder().decode(await input.rest()), true)
  } finally {
    client.close()
  }
}

async function batch(
  process: Process,
  client: SqlClient,
  options: Options,
  text: string,
  fromInput: boolean,
): Promise<number> {
  let line = 1
  for (const statement of splitStatements(text)) {
    const answer = await client.query(statement.replace(/\\G$/, ''))
    if (!answer) {
      await process.printError('ERROR 2013 (HY000): Lost connection to server during query\n')
      return 1
    }
    if ('error' in answer) {
      const { number, state, message } = answer.error
      if (!fromInput) await process.printError(`--------------\n${statement}\n--------------\n\n`)
      await process.printError(`ERROR ${number} (${state}) at line ${line}: ${message}\n`)
      return 1
    }
    await process.print(format(answer.ok, { ...options, table: options.table ?? false }))
    line += statement.split('\n').length - 1 + (fromInput ? 1 : 0)
  }
  return 0
}

function format(result: Result, options: Pick<Options, 'table' | 'noNames' | 'vertical'>): string {
  const { columns, rows, numeric } = result
  if (!columns) return ''
  if (options.vertical) {
    const width = Math.max(...columns.map((c) => c.length))
    return rows
      .map(
        (row, i) =>
          `*************************** ${i + 1}. row ***************************\n${columns.map((c, k) => `${c.padStart(width)}: ${row[k] ?? 'NULL'}\n`).join('')}`,
      )
      .join('')
  }
  if (rows.length === 0) return ''
  if (options.table) return tableText(columns, rows, numeric, options.noNames)
  const escaped = (v: string | null) =>
    v === null ? 'NULL' : v.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/\t/g, '\\t')
  const lines = rows.map((row) => row.map(escaped).join('\t'))
  return `${[...(options.noNames ? [] : [columns.join('\t')]), ...lines].join('\n')}\n`
}

function tableText(
  columns: readonly string[],
  rows: readonly (string | null)[][],
  numeric: readonly boolean[],
  noNames: boolean,
): string {
  const text = (v: string | null | undefined) => v ?? 'NULL'
  const widths = columns.map((c, i) => Math.max(noNames ? 0 : c.length, ...rows.map((r) => text(r[i]).length)))
  const rule = `+${widths.map((w) => '-'.repeat(w + 2)).join('+')}+\n`
  const line = (cells: readonly string[], align: boolean) =>
    `|${cells.map((c, i) => ` ${align && numeric[i] ? c.padStart(widths[i]!) : c.padEnd(widths[i]!)} `).join('|')}|\n`
  const head = noNames ? '' : line(columns, false) + rule
  return (
    rule +
    head +
    rows
      .map((r) =>
        line(
          columns.map((_, i) => text(r[i])),
          true,
        ),
      )
      .join('') +
    rule
  )
}

async function interactive(process: Process, client: SqlClient, options: Options, input: ByteReader): Promise<number> {
  let database = options.database
  if (database)
    await process.print(
      'Reading table information for completion of table and column names\nYou can turn off this feature to get a quicker startup with -A\n\n',
    )
  await process.print(
    `Welcome to the MariaDB monitor.  Commands end with ; or \\g.\nYour MariaDB connection id is ${client.greeting.id}\nServer version: ${client.greeting.version} Debian 12\n\nCopyright (c) 2000, 2018, Oracle, MariaDB Corporation Ab and others.\n\nType 'help;' or '\\h' for help. Type '\\c' to clear the current input statement.\n\n`,
  )
  let pending = ''
  for (;;) {
    await process.print(pending === '' ? `MariaDB [${database ?? '(none)'}]> ` : '    -> ')
    const line = await input.line()
    if (line === undefined) {
      await process.print('Bye\n')
      return 0
    }
    const trimmed = line.trim()
    if (pending === '' && /^(exit|quit|\\q);?$/i.test(trimmed)) {
      await process.print('Bye\n')
      return 0
    }
    if (/\\c$/.test(trimmed)) {
      pending = ''
      continue
    }
    pending += (pending ? '\n' : '') + line
    if (!/(;|\\g|\\G)\s*$/.test(pending) && !/^use\s+\w+$/i.test(trimmed)) continue
    const vertical = /\\G\s*$/.test(pending)
    for (const statement of splitStatements(pending.replace(/\\[gG]\s*$/, ''))) {
      const began = process.uptime()
      const answer = await client.query(statement)
      const took = ((process.uptime() - began) / 1000).toFixed(3)
      await process.print(
        answer ? reportOf(answer, statement, took, vertical) : 'ERROR 2006 (HY000): Server has gone away\n',
      )
      const use = /^use\s+`?(\w+)`?$/i.exec(statement)
      if (use && answer && 'ok' in answer) database = use[1]
    }
    pending = ''
  }
}

function reportOf(answer: Answer, statement: string, took: string, vertical: boolean): string {
  if ('error' in answer) return `ERROR ${answer.error.number} (${answer.error.state}): ${answer.error.message}\n`
  const { columns, rows, affected } = answer.ok
  if (/^use\s/i.test(statement)) return 'Database changed\n'
  const count = (n: number) => `${n} row${n === 1 ? '' : 's'}`
  if (!columns) return `Query OK, ${count(affected)} affected (${took} sec)\n\n`
  if (rows.length === 0) return `Empty set (${took} sec)\n\n`
  return `${format(answer.ok, { table: true, noNames: false, vertical })}${count(rows.length)} in set (${took} sec)\n\n`
}

/** mysqladmin: ping, status, shutdown. */
export const mysqlAdmin: Program = async (process) => {
  const command = process.argv.slice(1).find((a) => !a.startsWith('-')) ?? 'ping'
  const value = (short: string, long: string) => {
    const at = process.argv.findIndex((a) => a.startsWith(`-${short}`) || a.startsWith(`--${long}`))
    if (at < 0) return undefined
    const arg = process.argv[at]!
    return arg.startsWith('--') ? arg.split('=')[1] : arg.slice(2) || process.argv[at + 1]
  }
  const connected = await connectSql(process, value('h', 'host'), Number(value('P', 'port') ?? 3306), {
    user: value('u', 'user') ?? 'root',
    password: value('p', 'password'),
    database: undefined,
  })
  if ('message' in connected && connected.number !== 1045) {
    await process.printError(
      `mysqladmin: connect to server at '${value('h', 'host') ?? 'localhost'}' failed\nerror: '${connected.message}'\n`,
    )
    return 1
  }
  if (command === 'ping') {
    await process.print('mysqld is alive\n')
    return 0
  }
  await process.printError(`mysqladmin: not simulated: ${command}\n`)
  return 1
}
