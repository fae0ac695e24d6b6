import { SystemError } from '../../linux/errors.ts'
import type { Process, Program } from '../../linux/process.ts'
import type { Connection } from '../../linux/socket.ts'
import { defer } from '../../time/waiting.ts'
import { ByteReader } from '../http/reader.ts'
import { SqlError } from './error.ts'
import { Session, timestamp } from './session.ts'
import { loadSqlite } from './sqlite.ts'
import { type Account, DataDirectory } from './store.ts'
import { type Answer, type Login, readPacket, sendPacket } from './wire.ts'

export const DATA = '/var/lib/mysql'
const PORT = 3306
/** CPU time of a statement in ms. */
const COST = 0.3

export function serverVersion(process: Process): string {
  if (process.env.get('MYSQL_VERSION')) return process.env.get('MYSQL_VERSION')!
  const image = process.env.get('MARIADB_VERSION') ?? ''
  return image.startsWith('1:11') ? '11.4.5-MariaDB-ubu2404' : '10.11.19-MariaDB-0+deb12u1'
}

/** mariadbd: serves what is in its data directory on port 3306. */
export const mariadbd: Program = async (process) => {
  const log = (level: string, text: string) =>
    process.printError(`${timestamp(process.wallClock())} 0 [${level}] ${text}\n`)
  const version = serverVersion(process)
  process.setMemory(90 * 1024 * 1024)
  await log('Note', `Starting MariaDB ${version} source revision  as process ${process.pid}`)
  if (!DataDirectory.initialised(process, DATA)) {
    await log('ERROR', "Could not open mysql.plugin table: \"Table 'mysql.plugin' doesn't exist\"")
    await log('ERROR', "Can't open and lock privilege tables: Table 'mysql.servers' doesn't exist")
    await log('ERROR', "Fatal error: Can't open and lock privilege tables: Table 'mysql.db' doesn't exist")
    return 1
  }
  await process.compute(250)
  const data = new DataDirectory(process, await loadSqlite(process.machine.world.waiting), DATA)
  data.load()
  let listener: ReturnType<Process['net']['listen']>
  try {
    listener = process.net.listen({ address: '0.0.0.0', port: PORT })
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    await log('ERROR', `Can't start server: Bind on TCP/IP port. Got error: ${error.errno}: ${error.message}`)
    await log('ERROR', 'Aborting')
    return 1
  }
  await log('Note', "Server socket created on IP: '0.0.0.0'.")
  await log('Note', 'mariadbd: ready for connections.')
  await process.printError(`Version: '${version}'  socket: '/run/mysqld/mysqld.sock'  port: ${PORT}  Debian 12\n`)
  const told = defer<void>(process.machine.world.waiting)
  process.on('SIGTERM', () => told.resolve())
  process.on('SIGINT', () => told.resolve())
  let connections = 1
  const accept = async () => {
    for (;;) {
      const connection = await listener.accept()
      // A client that goes away is its own affair.
      serve(process, data, connection, ++connections, version).catch(() => connection.close())
    }
  }
  accept().catch(() => {})
  await told.promise
  await log('Note', 'mariadbd (initiated by: unknown): Normal shutdown')
  data.flush()
  listener.close()
  await process.sleep(300)
  await log('Note', 'mariadbd: Shutdown complete')
  return 0
}

function authenticate(data: DataDirectory, login: Login, address: string): Account | SqlError {
  const host = login.socket ? 'localhost' : address
  const candidates = data.accounts.filter((a) => a.user === login.user && (a.host === '%' || a.host === host))
  const account = candidates.find((a) => a.password === (login.password ?? ''))
  if (account) return account
  return new SqlError(
    1045,
    '28000',
    `Access denied for user '${login.user}'@'${host}' (using password: ${login.password ? 'YES' : 'NO'})`,
  )
}

async function serve(
  process: Process,
  data: DataDirectory,
  connection: Connection,
  id: number,
  version: string,
): Promise<void> {
  const reader = new ByteReader(connection)
  const answer = (content: Answer) => sendPacket(connection, 1, content)
  const refuse = async (error: SqlError) => {
    await process.printError(`${timestamp(process.wallClock())} ${id} [Warning] ${error.message}\n`)
    await answer({ error: { number: error.number, state: error.state, message: error.message } })
  }
  await sendPacket(connection, 0, { version, id })
  const login = await readPacket<Login>(reader)
  if (!login) return connection.close()
  const account = authenticate(data, login, connection.remote.address)
  if (account instanceof SqlError) {
    await refuse(account)
    return connection.close()
  }
  const client = `${login.user}@${login.socket ? 'localhost' : connection.remote.address}`
  const session = new Session({ data, account, client, version, now: () => process.wallClock() })
  try {
    if (login.database) session.use(login.database)
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    await refuse(error)
    return connection.close()
  }
  await answer({ ok: { columns: undefined, rows: [], numeric: [], affected: 0 } })
  for (
    let query = await readPacket<{ sql: string }>(reader);
    query;
    query = await readPacket<{ sql: string }>(reader)
  ) {
    await process.compute(COST)
    try {
      await answer({ ok: session.execute(query.sql) })
    } catch (error) {
      if (!(error instanceof SqlError)) throw error
      await answer({ error: { number: error.number, state: error.state, message: error.message } })
    }
  }
  connection.close()
}
