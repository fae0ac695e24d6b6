import { SystemError } from '../../linux/errors.ts'
import type { Process, Program } from '../../linux/process.ts'
import type { Connection } from '../../linux/socket.ts'
import { dateFields } from '../../time/date.ts'
import { ByteReader } from '../http/reader.ts'
import type { Blocked } from './blocking.ts'
import { Config, FatalConfigError } from './config.ts'
import { dispatch } from './dispatch.ts'
import { versionOf } from './info.ts'
import { Persistence } from './persistence/store.ts'
import { followPrimary, sendFullSync } from './replication.ts'
import { encodeCommand, encodeReply, failure, fromLatin1, OK, type Reply, readCommand, splitInline } from './resp.ts'
import { type Client, ServerState } from './server-state.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** CPU time of one command in ms. */
const COST = 0.02

/** `21 Nov 2026 03:22:29.748` */
function logTime(ms: number): string {
  const d = dateFields(ms)
  const pad = (n: number, width = 2) => String(n).padStart(width, '0')
  return `${pad(d.day)} ${MONTHS[d.month - 1]} ${d.year} ${pad(d.hour)}:${pad(d.minute)}:${pad(d.second)}.${pad(d.millisecond, 3)}`
}

/** redis-server [file] [--option value …] */
export const redisServer: Program = async (process) => {
  const args = process.argv.slice(1)
  const version = versionOf({ process })
  if (args[0] === '--version' || args[0] === '-v') {
    await process.print(
      `Redis server v=${version} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c971a948f0\n`,
    )
    return 0
  }
  if (args[0] === '--help' || args[0] === '-h') {
    await process.print('Usage: ./redis-server [/path/to/redis.conf] [options] [-]\n')
    return 0
  }
  const config = new Config()
  try {
    readConfig(process, config, args)
  } catch (error) {
    if (!(error instanceof FatalConfigError)) throw error
    await process.printError(
      `\n*** FATAL CONFIG FILE ERROR (Redis ${version}) ***\nReading the configuration file, at line ${error.line}\n>>> '${error.text}'\n${error.message}\n`,
    )
    return 1
  }
  if (config.get('daemonize') !== 'yes') return run(process, config, version)
  process.spawn({ argv: process.argv, program: (child) => run(child, config, version), newSession: true })
  return 0
}

function readConfig(process: Process, config: Config, args: readonly string[]): void {
  let rest = [...args]
  const lines: string[][] = []
  if (rest[0] !== undefined && !rest[0].startsWith('--')) {
    config.file = rest[0].startsWith('/') ? rest[0] : `${process.cwd}/${rest[0]}`
    let text: string
    try {
      text = process.files.readText(rest[0])
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      throw new FatalConfigError(1, '', `Fatal error, can't open config file '${config.file}': ${error.message}`)
    }
    lines.push(...text.split('\n').map((line) => splitInline(line.trim()) ?? []))
    rest = rest.slice(1)
  }
  // Options come after the file's lines; redis counts them from there.
  if (rest.length > 0) lines.push([])
  for (const arg of rest) {
    if (arg.startsWith('--')) lines.push([arg.slice(2)])
    else lines.at(-1)!.push(arg)
  }
  config.load(lines)
}

async function run(process: Process, config: Config, version: string): Promise<number> {
  const state = new ServerState(process, config)
  const role = () => (state.primary ? 'S' : 'M')
  const write = async (who: string, level: '*' | '#', message: string) => {
    const line = `${process.pid}:${who} ${logTime(process.wallClock())} ${level} ${message}\n`
    const file = config.get('logfile')
    if (file) process.files.write(file, line, { append: true })
    else await process.print(line)
  }
  const log = (level: '*' | '#', message: string) => write(role(), level, message)
  process.setMemory(8 * 1024 * 1024)
  await write('C', '#', 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo')
  await write(
    'C',
    '#',
    `Redis version=${version}, bits=64, commit=00000000, modified=0, pid=${process.pid}, just started`,
  )
  if (config.file || process.argv.length > 1) await write('C', '#', 'Configuration loaded')
  else
    await write(
      'C',
      '#',
      'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf',
    )
  const persistence = new Persistence(state, log)
  state.save = () => {
    void log('*', 'DB saved on disk')
    return persistence.save()
  }
  state.rewriteAof = () => persistence.rewriteAof()
  const port = Number(config.get('port'))
  let listener: ReturnType<Process['net']['listen']>
  try {
    listener = process.net.listen({ address: '0.0.0.0', port })
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    await log('#', `Warning: Could not create server TCP listening socket *:${port}: bind: ${error.message}`)
    await log('#', `Failed listening on port ${port} (TCP), aborting.`)
    return 1
  }
  await log('*', 'monotonic clock: POSIX clock_gettime')
  await log('*', `Running mode=standalone, port=${port}.`)
  await log('#', 'Server initialized')
  const internal = internalClient()
  await persistence.load((words) => dispatch(state, internal, words))
  state.dirty = 0
  await log('*', 'Ready to accept connections')
  state.propagate = (database, words) => {
    persistence.append(database, words)
    if (state.replicas.size > 0) state.replicationOffset += encodeCommand(words).length
    for (const client of state.clients.values())
      if (client.replica) client.sendRaw(encodeCommand(['SELECT', String(database)]) + encodeCommand(words))
  }
  const primaryClient = internalClient()
  state.startReplication = () => {
    // It ends with the process; a failure in between is logged and retried inside.
    followPrimary(state, persistence, log, (words) => dispatch(state, primaryClient, words)).catch(() => {})
  }
  const [host, primaryPort] = config.get('replicaof').split(/\s+/)
  if (host && primaryPort) {
    state.primary = { host, port: Number(primaryPort), linkUp: false }
    state.startReplication()
  }
  scheduleSaves(state, log)
  const ended = new Promise<boolean>((resolve) => {
    state.onShutdown = resolve
    const bySignal = (name: string) => () => {
      const seconds = Math.floor(process.wallClock() / 1000)
      void process.print(`${process.pid}:signal-handler (${seconds}) Received ${name} scheduling shutdown...\n`)
      process.sleep(60).then(
        () => resolve(config.get('save') !== ''),
        () => {},
      )
    }
    process.on('SIGTERM', bySignal('SIGTERM'))
    process.on('SIGINT', bySignal('SIGINT'))
  })
  accept(state, persistence, listener, port).catch(() => {})
  const save = await ended
  await log('#', 'User requested shutdown...')
  if (save) {
    await log('*', 'Saving the final RDB snapshot before exiting.')
    if (!persistence.save()) {
      await log('#', "Error trying to save the DB, but can't exit.")
      return 1
    }
    await log('*', 'DB saved on disk')
  }
  await log('#', 'Redis is now ready to exit, bye bye...')
  listener.close()
  for (const client of state.clients.values()) client.close()
  return 0
}

/** `save 3600 1 …`: a snapshot when enough changed for long enough. */
function scheduleSaves(state: ServerState, log: (level: '*' | '#', message: string) => Promise<void>): void {
  const numbers = state.config.get('save').split(/\s+/).filter(Boolean).map(Number)
  const rules = Array.from(
    { length: Math.floor(numbers.length / 2) },
    (_, i) => [numbers[2 * i]!, numbers[2 * i + 1]!] as const,
  )
  if (rules.length === 0) return
  const shortest = Math.min(...rules.map(([seconds]) => seconds))
  const loop = async () => {
    for (;;) {
      await state.process.sleep(shortest * 1000)
      const age = state.process.wallClock() / 1000 - state.lastSave
      const due = rules.find(([seconds, changes]) => state.dirty >= changes && age >= seconds)
      if (!due) continue
      await log('*', `${due[1]} changes in ${due[0]} seconds. Saving...`)
      state.save()
    }
  }
  loop().catch(() => {})
}

function internalClient(): Client {
  return {
    id: 0,
    address: '',
    name: '',
    database: 0,
    authenticated: true,
    queue: undefined,
    queueFailed: false,
    watched: undefined,
    channels: new Set(),
    patterns: new Set(),
    replica: false,
    fromPrimary: true,
    send: () => {},
    sendRaw: () => {},
    close: () => {},
  }
}

async function accept(
  state: ServerState,
  persistence: Persistence,
  listener: ReturnType<Process['net']['listen']>,
  port: number,
): Promise<void> {
  for (;;) {
    const connection = await listener.accept()
    // A client that goes away is its own affair.
    serve(state, persistence, connection, port).catch(() => connection.close())
  }
}

/** Until there is something for the client, or it went away. */
async function untilServed(waiting: Blocked, reader: ByteReader): Promise<void> {
  const gone = reader.atEnd().then((ended) => {
    if (ended) waiting.end()
  })
  await waiting.done
  // Its next command has to come before it is read.
  await gone
}

async function serve(
  state: ServerState,
  persistence: Persistence,
  connection: Connection,
  port: number,
): Promise<void> {
  const id = ++state.connections
  let sending: Promise<void> = Promise.resolve()
  const sendRaw = (text: string) => {
    sending = sending.then(() => connection.write(fromLatin1(text))).catch(() => {})
  }
  const client: Client = {
    id,
    address: `${connection.remote.address}:${connection.remote.port}`,
    name: '',
    database: 0,
    authenticated: state.config.get('requirepass') === '',
    queue: undefined,
    queueFailed: false,
    watched: undefined,
    channels: new Set(),
    patterns: new Set(),
    replica: false,
    fromPrimary: false,
    send: (reply: Reply) => sendRaw(encodeReply(reply)),
    sendRaw,
    close: () => {
      sending.finally(() => connection.close())
    },
  }
  state.clients.set(id, client)
  let replicaPort = port
  try {
    const reader = new ByteReader(connection)
    for (let words = await readCommand(reader); words; words = await readCommand(reader)) {
      if (words.length === 0) continue
      await state.process.compute(COST)
      const name = words[0]!.toLowerCase()
      if (name === 'replconf') {
        if (words[1] === 'listening-port') replicaPort = Number(words[2])
        client.send(OK)
      } else if (name === 'psync' || name === 'sync') {
        if (client.authenticated) sendFullSync(state, persistence, client, replicaPort)
        else client.send(failure('NOAUTH Authentication required.'))
      } else {
        dispatch(state, client, words)
        if (client.blocked) await untilServed(client.blocked, reader)
      }
    }
  } finally {
    client.blocked?.end()
    state.clients.delete(id)
    state.replicas.delete(id)
    connection.close()
  }
}
