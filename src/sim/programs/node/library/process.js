const { host } = internal
const EventEmitter = internal.builtin('events')
const tasks = internal.builtin('internal/tasks')
const { nodeError, systemError, invalidType } = internal.builtin('internal/errors')
const facts = host.facts()

class Process extends EventEmitter {
  /** Signals that somebody listens for are caught. */
  _listening(event) {
    if (typeof event === 'string' && facts.signals[event] !== undefined && this.listenerCount(event) === 1)
      host.catchSignal(event, true)
  }
  _ignoring(event) {
    if (typeof event === 'string' && facts.signals[event] !== undefined && this.listenerCount(event) === 0)
      host.catchSignal(event, false)
  }
}
Object.defineProperty(Process, 'name', { value: 'process' })
const process = new Process()
for (const name of ['_events', '_eventsCount', '_maxListeners'])
  Object.defineProperty(process, name, { enumerable: false })

const environment = new Proxy(facts.env, {
  set(target, name, value) {
    target[name] = String(value)
    host.setEnvironment(name, target[name])
    return true
  },
  defineProperty(target, name, own) {
    if ('value' in own) {
      target[name] = String(own.value)
      host.setEnvironment(name, target[name])
    }
    return true
  },
  deleteProperty(target, name) {
    delete target[name]
    host.setEnvironment(name)
    return true
  },
})

let ending = false
Object.assign(process, {
  title: 'node',
  version: `v${facts.version}`,
  versions: facts.versions,
  arch: 'x64',
  platform: 'linux',
  release: { name: 'node', ...(facts.lts && { lts: facts.lts }) },
  argv: facts.argv,
  argv0: facts.argv0,
  execArgv: facts.execArgv,
  execPath: facts.execPath,
  env: environment,
  pid: facts.pid,
  ppid: facts.ppid,
  debugPort: 9229,
  exitCode: undefined,
  features: {
    inspector: true,
    debug: false,
    uv: true,
    ipv6: true,
    tls_alpn: true,
    tls_sni: true,
    tls_ocsp: true,
    tls: true,
  },
  config: { target_defaults: {}, variables: {} },
  nextTick: tasks.nextTick,
  cwd: () => host.cwd(),
  chdir(folder) {
    try {
      host.chdir(`${folder}`)
    } catch (reason) {
      throw systemError(reason, 'chdir', host.cwd(), `${folder}`)
    }
  },
  umask: (mask) => host.umask(mask),
  getuid: () => facts.uid,
  geteuid: () => facts.uid,
  getgid: () => facts.gid,
  getegid: () => facts.gid,
  getgroups: () => [facts.gid],
  uptime: () => internal.uptime() / 1000 + 0.02,
  hrtime(since) {
    const now = internal.uptime() + 20
    let seconds = Math.floor(now / 1000) + facts.booted
    let nanoseconds = Math.floor((now % 1000) * 1e6)
    if (since) {
      seconds -= since[0]
      nanoseconds -= since[1]
      if (nanoseconds < 0) {
        seconds--
        nanoseconds += 1e9
      }
    }
    return [seconds, nanoseconds]
  },
  cpuUsage(before) {
    const [user, system] = host.cpu()
    return before ? { user: user - before.user, system: system - before.system } : { user, system }
  },
  memoryUsage() {
    return host.memory()
  },
  resourceUsage() {
    const [user, system] = host.cpu()
    return { userCPUTime: user, systemCPUTime: system, maxRSS: Math.round(host.memory().rss / 1024) }
  },
  constrainedMemory: () => facts.memoryLimit,
  exit(code) {
    if (code !== undefined) process.exitCode = code
    if (!ending) {
      ending = true
      process.emit('exit', Number(process.exitCode ?? 0))
    }
    process.reallyExit()
  },
  reallyExit() {
    if (!ending) {
      ending = true
      process.emit('exit', Number(process.exitCode ?? 0))
    }
    host.exit(Number(process.exitCode ?? 0) & 255)
    for (;;);
  },
  abort() {
    host.kill(facts.pid, 'SIGABRT')
  },
  kill(pid, signal = 'SIGTERM') {
    if (!Number.isInteger(pid)) throw invalidType('pid', 'of type number', pid)
    if (typeof signal === 'string' && facts.signals[signal] === undefined)
      throw nodeError(TypeError, 'ERR_UNKNOWN_SIGNAL', `Unknown signal: ${signal}`)
    try {
      host.kill(pid, signal)
    } catch (reason) {
      const error = new Error(`kill ${reason}`)
      const [number] = host.errno(reason)
      throw Object.assign(error, { errno: -number, code: reason, syscall: 'kill' })
    }
    return true
  },
  emitWarning(warning, type = 'Warning', code) {
    if (typeof type === 'object' && type !== null) ({ type = 'Warning', code } = type)
    const text = warning instanceof Error ? `${warning.name}: ${warning.message}` : `${type}: ${warning}`
    process.nextTick(() => {
      host.write(
        2,
        `(node:${facts.pid}) ${code ? `[${code}] ` : ''}${text}\n(Use \`node --trace-${type === 'DeprecationWarning' ? 'deprecation' : 'warnings'} ...\` to show where the warning was created)\n`,
      )
      const error = warning instanceof Error ? warning : Object.assign(new Error(warning), { name: type, code })
      process.emit('warning', error)
    })
  },
  getBuiltinModule: (name) => (internal.isBuiltin(name) ? internal.builtin(name.replace(/^node:/, '')) : undefined),
  setUncaughtExceptionCaptureCallback() {},
  hasUncaughtExceptionCaptureCallback: () => false,
  binding() {
    throw new Error('not simulated: process.binding')
  },
})
process.hrtime.bigint = () => {
  const now = internal.uptime() + 20
  return BigInt(facts.booted) * 1000000000n + BigInt(Math.floor(now * 1e6))
}
process.memoryUsage.rss = () => host.memory().rss
for (const name of ['reallyExit', 'title'])
  Object.defineProperty(process, name, { enumerable: false, writable: true, value: process[name] })
Object.defineProperty(process, 'title', {
  get: () => facts.title ?? 'node',
  set: (title) => host.setTitle((facts.title = `${title}`)),
  enumerable: true,
})
let exitCode
Object.defineProperty(process, 'exitCode', {
  enumerable: true,
  configurable: true,
  get: () => exitCode,
  set: (code) => {
    if (code !== undefined && code !== null && !Number.isInteger(Number(code)))
      throw invalidType('code', 'of type number', code)
    exitCode = code
  },
})

for (const [name, fd] of [
  ['stdin', 0],
  ['stdout', 1],
  ['stderr', 2],
]) {
  let stream
  Object.defineProperty(process, name, {
    configurable: true,
    enumerable: true,
    get: () =>
      (stream ??=
        fd === 0 ? internal.builtin('internal/stdio').stdin() : internal.builtin('internal/stdio').output(fd)),
  })
}
Object.defineProperty(process, Symbol.toStringTag, { value: 'process', configurable: true })

module.exports = process
