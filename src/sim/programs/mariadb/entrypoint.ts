import type { Process, Program } from '../../linux/process.ts'
import { dateFields } from '../../time/date.ts'
import { DATA, serverVersion } from './server.ts'
import { Session } from './session.ts'
import { loadSqlite } from './sqlite.ts'
import { type Account, DataDirectory } from './store.ts'
import { splitStatements } from './tokens.ts'

/** `2026-11-21 03:23:27+00:00` */
function stamp(ms: number): string {
  const d = dateFields(ms)
  const pad = (n: number) => String(n).padStart(2, '0')
  return `${d.year}-${pad(d.month)}-${pad(d.day)} ${pad(d.hour)}:${pad(d.minute)}:${pad(d.second)}+00:00`
}

/** The image's docker-entrypoint.sh: makes the data directory from the environment, then becomes the server. */
function entrypoint(kind: 'MARIADB' | 'MYSQL'): Program {
  return async (process) => {
    const [first = ''] = process.argv.slice(1)
    const command = first.startsWith('-') ? ['mariadbd', ...process.argv.slice(1)] : process.argv.slice(1)
    const isServer = /^(mariadbd|mysqld)$/.test(command[0] ?? '')
    if (!isServer) return process.exec({ argv: command })
    const note = (text: string) => process.print(`${stamp(process.wallClock())} [Note] [Entrypoint]: ${text}\n`)
    const started = `Entrypoint script for ${kind === 'MARIADB' ? 'MariaDB' : 'MySQL'} Server ${process.env.get(`${kind}_VERSION`) ?? ''} started.`
    const setting = (name: string) => fromEnvironment(process, kind, name)
    await note(started)
    if (process.credentials.uid === 0) {
      await warnOfMemoryPressure(process, stamp(process.wallClock()))
      await note("Switching to dedicated user 'mysql'")
      await note(started)
      becomeMysql(process)
    }
    if (!DataDirectory.initialised(process, DATA)) {
      const root = setting('ROOT_PASSWORD')
      const empty = setting('ALLOW_EMPTY_ROOT_PASSWORD') ?? setting('ALLOW_EMPTY_PASSWORD')
      const random = setting('RANDOM_ROOT_PASSWORD')
      if (!root && !empty && !random) {
        const names = ['ROOT_PASSWORD', 'ROOT_PASSWORD_HASH', 'ALLOW_EMPTY_ROOT_PASSWORD'].map((n) => `${kind}_${n}`)
        await process.printError(
          `${stamp(process.wallClock())} [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n\tYou need to specify one of ${names.join(', ')} and ${kind}_RANDOM_ROOT_PASSWORD\n`,
        )
        return 1
      }
      await initialise(process, note, root ?? '', setting)
    }
    return process.exec({ argv: command })
  }
}

function fromEnvironment(process: Process, kind: string, name: string): string | undefined {
  for (const prefix of [kind, 'MYSQL']) {
    const direct = process.env.get(`${prefix}_${name}`)
    if (direct) return direct
    const file = process.env.get(`${prefix}_${name}_FILE`)
    if (file && process.files.exists(file)) return process.files.readText(file).trim()
  }
  return undefined
}

/**
 * The script takes /proc/self/cgroup for one line of cgroup v2 (`0::/…`) and cuts three characters off, which reads oddly
 * where it has one line a controller.
 */
async function warnOfMemoryPressure(process: Process, time: string): Promise<void> {
  const path = `/sys/fs/cgroup/${process.files.readText('/proc/self/cgroup').trimEnd().slice(3)}/memory.pressure`
  if (process.files.exists(path)) return
  await process.printError(`${time} [Warn] [Entrypoint]: ${path} not writable, functionality unavailable to MariaDB\n`)
}

function becomeMysql(process: Process): void {
  const { files } = process
  if (files.exists(DATA)) files.chown(DATA, 999, 999)
  process.credentials = { uid: 999, gid: 999, groups: [999], capabilities: new Set() }
}

async function initialise(
  process: Process,
  note: (text: string) => Promise<void>,
  rootPassword: string,
  setting: (name: string) => string | undefined,
): Promise<void> {
  await note('Initializing database files')
  const data = new DataDirectory(process, await loadSqlite(process.machine.world.waiting), DATA)
  const locked = (user: string, host: string): Account => ({ user, host, password: undefined, grants: [] })
  data.initialise([
    { user: 'root', host: 'localhost', password: rootPassword, grants: ['*'] },
    { user: 'root', host: '%', password: rootPassword, grants: ['*'] },
    locked('mariadb.sys', 'localhost'),
    ...['127.0.0.1', '::1', 'localhost'].map((host) => locked('healthcheck', host)),
  ])
  await process.sleep(900)
  await note('Database files initialized')
  await note('Starting temporary server')
  await note('Waiting for server startup')
  await process.sleep(700)
  await note('Temporary server started.')
  const [database, user, password] = [setting('DATABASE'), setting('USER'), setting('PASSWORD')]
  if (database) {
    await note(`Creating database ${database}`)
    data.create(database, true)
  }
  if (user && password) {
    await note(`Creating user ${user}`)
    data.accounts.push({ user, host: '%', password, grants: database ? [database] : [] })
    if (database) await note(`Giving user ${user} access to schema ${database}`)
  }
  data.saveAccounts()
  await note('Securing system users (equivalent to running mysql_secure_installation)')
  await runScripts(process, note, data, database)
  data.flush()
  await note('Stopping temporary server')
  await process.sleep(400)
  await note('Temporary server stopped')
  await note('MariaDB init process done. Ready for start up.')
}

/** /docker-entrypoint-initdb.d/*.sql, in order. */
async function runScripts(
  process: Process,
  note: (text: string) => Promise<void>,
  data: DataDirectory,
  database: string | undefined,
): Promise<void> {
  const folder = '/docker-entrypoint-initdb.d'
  if (!process.files.exists(folder)) return
  const root: Account = { user: 'root', host: 'localhost', password: '', grants: ['*'] }
  for (const { name } of process.files.list(folder).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!name.endsWith('.sql')) continue
    await note(`${folder}/${name}: running ${folder}/${name}`)
    const session = new Session({
      data,
      account: root,
      client: 'root@localhost',
      version: serverVersion(process),
      now: () => process.wallClock(),
    })
    if (database) session.use(database)
    for (const statement of splitStatements(process.files.readText(`${folder}/${name}`))) session.execute(statement)
  }
}

export const mariadbEntrypoint = entrypoint('MARIADB')
export const mysqlEntrypoint = entrypoint('MYSQL')
