import { SystemError } from '../../linux/errors.ts'
import type { Process, Program } from '../../linux/process.ts'
import type { Connection, Listener } from '../../linux/socket.ts'
import { toBytes } from '../http/message.ts'
import { ByteReader } from '../http/reader.ts'
import { serveHttp } from '../http/server.ts'
import { tlsAccept } from '../http/tls.ts'
import { readCertificate } from './certificate.ts'
import { loadConfig } from './config/load.ts'
import type { NginxConfig } from './config/model.ts'
import { ConfigError } from './config/syntax.ts'
import type { Runtime } from './exchange.ts'
import { Logs, logTime } from './logs.ts'
import { builtInPage, httpDate } from './responses.ts'
import { serveRequest } from './serve.ts'
import { UpstreamPool } from './upstream-pool.ts'

const DEFAULT_CONFIG = '/etc/nginx/nginx.conf'
const USAGE = `Usage: nginx [-?hvVtTq] [-s signal] [-p prefix]
             [-e filename] [-c filename] [-g directives]

Options:
  -?,-h         : this help
  -v            : show version and exit
  -V            : show version and configure options then exit
  -t            : test configuration and exit
  -T            : test configuration, dump it and exit
  -q            : suppress non-error messages during configuration testing
  -s signal     : send signal to a master process: stop, quit, reopen, reload
  -p prefix     : set prefix path (default: /etc/nginx/)
  -e filename   : set error log file (default: /var/log/nginx/error.log)
  -c filename   : set configuration file (default: /etc/nginx/nginx.conf)
  -g directives : set global directives out of configuration file

`

/** Its log before the configuration is read is standard error: what it says there is not said again. */
const DEBIAN_BUILD = '1.22.1'
/** Set by the images; a machine's own nginx is Debian's. */
const versionOf = (process: Process) => process.env.get('NGINX_VERSION') || DEBIAN_BUILD

/** The nginx command: master process, workers, signals, `-t`, `-s`. */
export const nginx: Program = async (process) => {
  const options = parseOptions(process.argv.slice(1))
  if ('error' in options) {
    await process.printError(`nginx: ${options.error}\n`)
    return 1
  }
  const version = versionOf(process)
  if (options.help) {
    await process.printError(`nginx version: nginx/${version}\n${USAGE}`)
    return 0
  }
  if (options.version) {
    await process.printError(`nginx version: nginx/${version}\n`)
    return 0
  }
  let config: NginxConfig
  let runtime: Runtime
  try {
    config = loadConfig(process, options.config, options.globals)
    if (options.signal === undefined) makeTemporaryFolders(process)
    runtime = await makeRuntime(process, config, version)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    if (options.test && error.afterSyntax)
      await process.printError(`nginx: the configuration file ${options.config} syntax is ok\n`)
    await emergency(process, error.message)
    if (options.test) await process.printError(`nginx: configuration file ${options.config} test failed\n`)
    return 1
  }
  for (const name of conflictingNames(config)) await tell(process, 'warn', `conflicting server name ${name}, ignored`)
  if (options.test) {
    await process.printError(`nginx: the configuration file ${options.config} syntax is ok\n`)
    await process.printError(`nginx: configuration file ${options.config} test is successful\n`)
    if (options.dump)
      await process.print(`# configuration file ${options.config}:\n${process.files.readText(options.config)}\n`)
    return 0
  }
  if (options.signal !== undefined) return sendSignal(process, config, options.signal)
  return config.daemon ? daemonise(process, runtime, options) : master(process, runtime, options)
}

interface Options {
  config: string
  globals: string
  test: boolean
  dump: boolean
  version: boolean
  help: boolean
  signal: string | undefined
}

function parseOptions(args: readonly string[]): Options | { error: string } {
  const options: Options = {
    config: DEFAULT_CONFIG,
    globals: '',
    test: false,
    dump: false,
    version: false,
    help: false,
    signal: undefined,
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (!arg.startsWith('-')) return { error: `invalid option: "${arg}"` }
    const letter = arg[1]
    const value = () => (arg.length > 2 ? arg.slice(2) : args[++i])
    if (letter === 'g') options.globals = value() ?? ''
    else if (letter === 'c') options.config = value() ?? DEFAULT_CONFIG
    else if (letter === 's') {
      options.signal = value()
      if (!['stop', 'quit', 'reopen', 'reload'].includes(options.signal ?? ''))
        return { error: `invalid option: "-s ${options.signal}"` }
    } else if (letter === 'p' || letter === 'e') value()
    else if (letter === 't') options.test = true
    else if (letter === 'T') options.test = options.dump = true
    else if (letter === 'v' || letter === 'V') options.version = true
    else if (letter === 'h' || letter === '?') options.help = true
    else if (letter !== 'q') return { error: `invalid option: "${letter ?? ''}"` }
  }
  return options
}

/** Start-up errors go to the terminal and to the error log. */
const emergency = (process: Process, message: string) => tell(process, 'emerg', message)

async function tell(process: Process, level: 'emerg' | 'warn', message: string): Promise<void> {
  const line = `[${level}] ${process.pid}#${process.pid}: ${message}`
  await process.printError(`${logTime(process.wallClock())} ${line}\n`)
  if (versionOf(process) !== DEBIAN_BUILD) await process.printError(`nginx: [${level}] ${message}\n`)
}

/** `"name" on address:port` of each server whose name another has on the same socket. */
function conflictingNames(config: NginxConfig): string[] {
  const seen = new Set<string>()
  const again: string[] = []
  for (const server of config.servers)
    for (const listen of server.listens)
      for (const name of server.names.length > 0 ? server.names : ['']) {
        const key = `"${name}" on ${listen.address}:${listen.port}`
        if (seen.has(key)) again.push(key)
        seen.add(key)
      }
  return again
}

function makeTemporaryFolders(process: Process): void {
  const { files } = process
  const base = '/var/lib/nginx'
  if (!files.exists(base)) return
  for (const name of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) {
    const path = `${base}/${name}`
    try {
      if (!files.exists(path)) files.mkdir(path, { mode: 0o700 })
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      throw new ConfigError(`mkdir() "${path}" failed (${error.errno}: ${error.message})`)
    }
  }
}

/** Resolves upstreams and loads certificates: what nginx insists on before it starts. */
async function makeRuntime(process: Process, config: NginxConfig, version: string): Promise<Runtime> {
  const pools = new Map<string, UpstreamPool>()
  const addresses = new Map<string, readonly string[]>()
  for (const upstream of config.upstreams.values()) {
    for (const server of upstream.servers) {
      if (addresses.has(server.host)) continue
      const found = await resolveQuietly(process, server.host)
      if (found.length === 0) throw new ConfigError(`host not found in upstream "${server.host}" in ${DEFAULT_CONFIG}`)
      addresses.set(server.host, found)
    }
    pools.set(upstream.name, new UpstreamPool(upstream, addresses, process.random))
  }
  for (const pass of proxyPasses(config)) {
    const m = /^https?:\/\/([^/:$]+)(?::(\d+))?([^/$]*)/.exec(pass.url)
    if (!m || pass.url.includes('$')) continue
    const [, host = '', port] = m
    const authority = port ? `${host}:${port}` : host
    if (pools.has(authority)) continue
    const found = await resolveQuietly(process, host)
    if (found.length === 0) throw new ConfigError(`host not found in upstream "${host}" in ${pass.file}:${pass.line}`)
    const server = {
      host,
      port: Number(port ?? 80),
      weight: 1,
      backup: false,
      down: false,
      maxFails: 1,
      failTimeout: 10_000,
    }
    pools.set(
      authority,
      new UpstreamPool(
        { name: authority, balance: 'round-robin', hash: undefined, servers: [server] },
        new Map([[host, found]]),
        process.random,
      ),
    )
  }
  return {
    config,
    version,
    logs: new Logs(config.logFormats, config.errorLog, config.errorLogLevel),
    pools,
    stats: { accepted: 0, handled: 0, requests: 0, active: 0 },
    connections: 0,
  }
}

function* proxyPasses(config: NginxConfig) {
  const queue = config.servers.flatMap((s) => [{ scope: s.scope, locations: s.locations }])
  for (let item = queue.shift(); item; item = queue.shift()) {
    if (item.scope.proxyPass) yield item.scope.proxyPass
    for (const rewrite of item.scope.rewrites)
      if (rewrite.kind === 'if' && rewrite.scope.proxyPass) yield rewrite.scope.proxyPass
    queue.push(...item.locations)
  }
}

async function resolveQuietly(process: Process, host: string): Promise<string[]> {
  try {
    return await process.net.resolve(host)
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    return []
  }
}

function sendSignal(process: Process, config: NginxConfig, signal: string): number | Promise<number> {
  const number = { stop: 'SIGTERM', quit: 'SIGQUIT', reopen: 'SIGUSR1', reload: 'SIGHUP' } as const
  let pid: number
  try {
    pid = Number(process.files.readText(config.pid).trim())
    process.kill(pid, number[signal as keyof typeof number])
    return 0
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    const message = error.code === 'ESRCH' ? `kill(${pid!}, ${signal}) failed` : `open() "${config.pid}" failed`
    return process.printError(`nginx: [error] ${message} (${error.errno}: ${error.message})\n`).then(() => 1)
  }
}

async function daemonise(process: Process, runtime: Runtime, options: Options): Promise<number> {
  let listeners: Bound[]
  try {
    listeners = bind(process, runtime.config)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    await emergency(process, error.message)
    return 1
  }
  for (const { listener } of listeners) listener.close()
  process.spawn({ argv: process.argv, program: (child) => master(child, runtime, options), newSession: true })
  return 0
}

interface Bound {
  listener: Listener
  secure: boolean
}

function bind(process: Process, config: NginxConfig): Bound[] {
  const wanted = new Map<string, { address: string; port: number; secure: boolean }>()
  for (const listen of config.servers.flatMap((s) => s.listens))
    wanted.set(`${listen.address}:${listen.port}`, { address: listen.address, port: listen.port, secure: listen.ssl })
  const bound: Bound[] = []
  for (const { address, port, secure } of wanted.values()) {
    try {
      bound.push({ listener: process.net.listen({ address, port }), secure })
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      for (const { listener } of bound) listener.close()
      throw new ConfigError(`bind() to ${address}:${port} failed (${error.errno}: ${error.message})`)
    }
  }
  return bound
}

async function master(process: Process, first: Runtime, options: Options): Promise<number> {
  let runtime = first
  let bound: Bound[]
  try {
    bound = bind(process, runtime.config)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    await emergency(process, error.message)
    return 1
  }
  const log = (message: string) => runtime.logs.error(process, 'notice', message)
  try {
    process.files.write(runtime.config.pid, `${process.pid}\n`)
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    await emergency(process, `open() "${runtime.config.pid}" failed (${error.errno}: ${error.message})`)
    return 1
  }
  process.setMemory(3 * 2 ** 20)
  process.argv = [`nginx: master process ${process.argv.join(' ')}`]
  await log('using the "epoll" event method')
  await log(`nginx/${runtime.version}`)
  await log(`OS: Linux ${process.machine.kernelRelease}`)
  await log('getrlimit(RLIMIT_NOFILE): 20000:20000')
  await log('start worker processes')
  const workers: Process[] = []
  const count = runtime.config.workers === 'auto' ? process.machine.cores : Math.max(1, runtime.config.workers)
  const startWorkers = async (current: Runtime) => {
    for (let i = 0; i < count; i++) {
      const worker = process.spawn({
        argv: ['nginx: worker process'],
        program: (child) => work(child, current, () => bound),
        credentials: workerCredentials(process, current.config),
      })
      workers.push(worker)
      await log(`start worker process ${worker.pid}`)
    }
  }
  await startWorkers(runtime)
  let stop!: (kind: string) => void
  const stopping = new Promise<string>((resolve) => {
    stop = resolve
  })
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
  process.on('SIGQUIT', () => stop('SIGQUIT'))
  process.on('SIGWINCH', 'ignore')
  process.on('SIGHUP', () => {
    void reload()
  })
  const reload = async () => {
    await log(`signal 1 (SIGHUP) received from 0, reconfiguring`)
    await log('reconfiguring')
    try {
      const config = loadConfig(process, options.config, options.globals)
      const next = await makeRuntime(process, config, runtime.version)
      runtime = next
      const had = new Map(bound.map((b) => [`${b.listener.local.address}:${b.listener.local.port}`, b]))
      for (const { listener } of had.values()) listener.close()
      bound = bind(process, config)
      for (const worker of workers.splice(0)) worker.kill(worker.pid, 'SIGKILL')
      await startWorkers(runtime)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      await runtime.logs.error(process, 'emerg', error.message)
    }
  }
  const kind = await stopping
  await log(
    `signal ${kind === 'SIGQUIT' ? 3 : kind === 'SIGTERM' ? 15 : 2} (${kind}) received, ${kind === 'SIGQUIT' ? 'shutting down' : 'exiting'}`,
  )
  for (const { listener } of bound) listener.close()
  if (kind === 'SIGQUIT') for (let i = 0; i < 100 && runtime.stats.active > 0; i++) await process.sleep(50)
  for (const worker of workers) process.kill(worker.pid, 'SIGKILL')
  await log('exit')
  return 0
}

function workerCredentials(process: Process, config: NginxConfig) {
  if (process.credentials.uid !== 0) return process.credentials
  const name = config.user ?? 'nobody'
  const line = process.files.exists('/etc/passwd')
    ? process.files
        .readText('/etc/passwd')
        .split('\n')
        .find((l) => l.startsWith(`${name}:`))
    : undefined
  if (!line) return process.credentials
  const [, , uid, gid] = line.split(':')
  return { uid: Number(uid), gid: Number(gid), groups: [Number(gid)], capabilities: new Set<string>() }
}

/** A worker: takes connections from every listening socket until it is killed. */
async function work(process: Process, runtime: Runtime, bound: () => readonly Bound[]): Promise<number> {
  process.on('SIGTERM', 'default')
  await Promise.all(bound().map((b) => acceptLoop(process, runtime, b)))
  return 0
}

async function acceptLoop(process: Process, runtime: Runtime, { listener, secure }: Bound): Promise<void> {
  for (;;) {
    let connection: Connection
    try {
      connection = await listener.accept()
    } catch (error) {
      if (error instanceof SystemError) return
      throw error
    }
    runtime.stats.accepted++
    runtime.stats.handled++
    runtime.stats.active++
    handle(process, runtime, connection, secure)
      // A client that goes away in the middle is its own affair.
      .catch(() => connection.close())
      .finally(() => runtime.stats.active--)
  }
}

async function handle(process: Process, runtime: Runtime, connection: Connection, secure: boolean): Promise<void> {
  const number = ++runtime.connections
  let reader = new ByteReader(connection)
  if (secure) {
    const server = runtime.config.servers
    const session = await tlsAccept(connection, (name) => readCertificate(process, server, connection, name), reader)
    if (!session) {
      const page = builtInPage(497, `nginx/${runtime.version}`)
      await connection.write(
        toBytes(
          `HTTP/1.1 400 Bad Request\r\nServer: nginx/${runtime.version}\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\nConnection: close\r\n\r\n${page}`,
        ),
      )
      connection.close()
      return
    }
    reader = session.reader
  }
  await serveHttp(connection, (request) => serveRequest(runtime, process, request, secure, number), {
    reader,
    badRequest: () => ({
      status: 400,
      headers: [
        ['Server', `nginx/${runtime.version}`],
        ['Date', httpDate(process.wallClock())],
        ['Content-Type', 'text/html'],
      ],
      body: builtInPage(400, `nginx/${runtime.version}`),
    }),
  })
}
