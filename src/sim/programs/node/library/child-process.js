const { host } = internal
const EventEmitter = internal.builtin('events')
const { Readable, Writable } = internal.builtin('stream')
const { Buffer } = internal.builtin('buffer')
const tasks = internal.builtin('internal/tasks')
const { notSimulated, invalidType } = internal.builtin('internal/errors')
const { custom } = internal.builtin('internal/timer-queue')

class ChildProcess extends EventEmitter {
  constructor() {
    super()
    Object.assign(this, {
      pid: undefined,
      stdin: null,
      stdout: null,
      stderr: null,
      stdio: [],
      exitCode: null,
      signalCode: null,
      killed: false,
      connected: false,
      spawnfile: '',
      spawnargs: [],
    })
  }
  kill(signal = 'SIGTERM') {
    if (this.pid === undefined) return false
    const sent = host.childKill(this.pid, `${signal}`)
    if (sent) this.killed = true
    return sent
  }
  ref() {}
  unref() {}
}

function output(pid, fd) {
  let reading = false
  return new Readable({
    read() {
      if (reading) return
      reading = true
      tasks.begin('childRead', [pid, fd], (error, bytes) => {
        reading = false
        this.push(error || bytes.byteLength === 0 ? null : Buffer.from(bytes))
      })
    },
  })
}
const input = (pid) =>
  new Writable({
    write(chunk, encoding, done) {
      tasks.begin('childWrite', [pid, internal.bytes(chunk)], (error) =>
        done(error && Object.assign(new Error(`write ${error}`), { code: error })),
      )
    },
    final(done) {
      host.childEndInput(pid)
      done()
    },
  })

function spawn(file, args = [], options = {}) {
  if (typeof file !== 'string') throw invalidType('file', 'of type string', file)
  if (!Array.isArray(args)) [args, options] = [[], args]
  const child = new ChildProcess()
  const argv = options.shell
    ? [typeof options.shell === 'string' ? options.shell : '/bin/sh', '-c', [file, ...args].join(' ')]
    : [file, ...args.map(String)]
  const stdio = Array.isArray(options.stdio)
    ? options.stdio.map((each) =>
        each === 'pipe' || each === undefined || each === null ? 'pipe' : each === 'ignore' ? 'ignore' : 'inherit',
      )
    : Array(3).fill(options.stdio ?? 'pipe')
  child.spawnfile = argv[0]
  child.spawnargs = argv
  let pid
  try {
    pid = host.spawn(
      JSON.stringify({
        argv,
        env:
          options.env &&
          Object.fromEntries(
            Object.entries(options.env)
              .filter(([, value]) => value !== undefined)
              .map(([name, value]) => [name, `${value}`]),
          ),
        cwd: options.cwd && `${options.cwd}`,
        stdio,
      }),
    )
  } catch (reason) {
    process.nextTick(() =>
      child.emit(
        'error',
        Object.assign(new Error(`spawn ${argv[0]} ${reason}`), {
          errno: -host.errno(reason)[0],
          code: reason,
          syscall: `spawn ${argv[0]}`,
          path: argv[0],
          spawnargs: argv.slice(1),
        }),
      ),
    )
    return child
  }
  child.pid = pid
  if (stdio[0] === 'pipe') child.stdin = input(pid)
  else if (stdio[0] === 'ignore') host.childEndInput(pid)
  for (const [fd, name] of [
    [1, 'stdout'],
    [2, 'stderr'],
  ])
    if (stdio[fd] !== 'inherit') child[name] = output(pid, fd)
  if (stdio[1] === 'ignore') child.stdout.resume()
  if (stdio[2] === 'ignore') child.stderr.resume()
  child.stdio = [child.stdin, child.stdout, child.stderr]
  process.nextTick(() => child.emit('spawn'))
  let open = [child.stdout, child.stderr].filter(Boolean).length
  let status
  const close = () => {
    if (status && open === 0) child.emit('close', ...status)
  }
  for (const stream of [child.stdout, child.stderr])
    stream?.on('end', () => {
      open--
      close()
    })
  tasks.begin('childWait', [pid], (error, ended) => {
    status = error ? [1, null] : ended
    ;[child.exitCode, child.signalCode] = status
    child.emit('exit', ...status)
    for (const stream of [child.stdout, child.stderr])
      if (stream && stream._readableState.flowing === null) stream.resume()
    close()
  })
  if (options.timeout) setTimeout(() => child.kill(options.killSignal), options.timeout).unref()
  return child
}

function execFile(file, args, options, callback) {
  if (typeof args === 'function') [args, callback] = [[], args]
  if (!Array.isArray(args)) [args, options, callback] = [[], args, options]
  if (typeof options === 'function') [options, callback] = [{}, options]
  const child = spawn(file, args, options ?? {})
  const pieces = { stdout: [], stderr: [] }
  for (const name of ['stdout', 'stderr']) child[name]?.on('data', (chunk) => pieces[name].push(chunk))
  const text = (name) => {
    const all = Buffer.concat(pieces[name])
    return options?.encoding === 'buffer' ? all : all.toString(options?.encoding ?? 'utf8')
  }
  const command = options?.shell ? file : [file, ...(args ?? [])].join(' ')
  child.on('error', (error) => callback?.(Object.assign(error, { cmd: command }), '', ''))
  child.on('close', (code, signal) => {
    if (code === 0) return callback?.(null, text('stdout'), text('stderr'))
    const error = new Error(`Command failed: ${command}\n${text('stderr')}`)
    Object.assign(error, { code, killed: child.killed, signal, cmd: command })
    callback?.(error, text('stdout'), text('stderr'))
  })
  return child
}
const exec = (command, options, callback) => {
  if (typeof options === 'function') [options, callback] = [{}, options]
  return execFile(command, [], { ...options, shell: options?.shell ?? true }, callback)
}
const promised =
  (action) =>
  (...args) =>
    new Promise((resolve, reject) => {
      action(...args, (error, stdout, stderr) =>
        error ? reject(Object.assign(error, { stdout, stderr })) : resolve({ stdout, stderr }),
      )
    })
Object.defineProperty(exec, custom, { value: promised(exec) })
Object.defineProperty(execFile, custom, { value: promised(execFile) })

const refuse = (name) => () => {
  throw notSimulated(`child_process.${name} (use exec or spawn)`)
}
module.exports = {
  ChildProcess,
  spawn,
  exec,
  execFile,
  fork: (file, args = [], options = {}) => {
    if (options.stdio?.includes?.('ipc')) throw notSimulated('messages between forked processes')
    return spawn(process.execPath, [file, ...args], { stdio: 'inherit', ...options })
  },
  execSync: refuse('execSync'),
  spawnSync: refuse('spawnSync'),
  execFileSync: refuse('execFileSync'),
}
