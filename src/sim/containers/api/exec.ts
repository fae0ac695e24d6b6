import { ApiError } from '../docker/api-error.ts'
import type { Daemon } from '../docker/daemon.ts'
import type { DockerContainer } from '../docker/docker-container.ts'
import { type ExecHandle, StartError } from '../engine.ts'
import { type Call, empty, json, type Route } from './router.ts'

interface ExecRequest {
  Cmd: string[]
  Tty?: boolean
  AttachStdin?: boolean
  AttachStdout?: boolean
  AttachStderr?: boolean
  Env?: string[] | null
  WorkingDir?: string
  User?: string
  Privileged?: boolean
}

interface Exec {
  id: string
  container: DockerContainer
  request: ExecRequest
  handle: ExecHandle | undefined
  exitCode: number | null
  running: boolean
}

const EXECS = new WeakMap<Daemon, Map<string, Exec>>()

function execsOf(daemon: Daemon): Map<string, Exec> {
  let execs = EXECS.get(daemon)
  if (!execs) {
    execs = new Map()
    EXECS.set(daemon, execs)
  }
  return execs
}

function wanted(call: Call): Exec {
  const exec = execsOf(call.daemon).get(call.params.id!)
  if (!exec) throw new ApiError(404, `No such exec instance: ${call.params.id}`)
  return exec
}

export const exec: readonly Route[] = [
  {
    method: 'POST',
    path: '/containers/:id/exec',
    handle: (call) => {
      const { daemon } = call
      const container = daemon.get(call.params.id!)
      const request = call.request.body as ExecRequest
      if (!request.Cmd?.length) throw new ApiError(400, 'No exec command specified')
      daemon.requireRunning(container)
      if (container.runtime.status === 'paused')
        throw new ApiError(409, `Container ${call.params.id} is paused, unpause the container before exec`)
      const id = daemon.engine.random.hex(64)
      const execs = execsOf(daemon)
      execs.set(id, { id, container, request, handle: undefined, exitCode: null, running: false })
      if (execs.size > 500) execs.delete(execs.keys().next().value!)
      daemon.emit(container, `exec_create: ${request.Cmd.join(' ')}`, { execID: id })
      return json({ Id: id }, 201)
    },
  },
  { method: 'POST', path: '/exec/:id/start', handle: start },
  {
    method: 'POST',
    path: '/exec/:id/resize',
    handle: (call) => {
      wanted(call).handle?.resize({ columns: Number(call.query('w')), rows: Number(call.query('h')) })
      return empty(200)
    },
  },
  {
    method: 'GET',
    path: '/exec/:id/json',
    handle: (call) => {
      const { id, container, request, exitCode, running, handle } = wanted(call)
      return json({
        ID: id,
        Running: running,
        ExitCode: exitCode,
        ProcessConfig: {
          tty: request.Tty ?? false,
          entrypoint: request.Cmd[0],
          arguments: request.Cmd.slice(1),
          privileged: request.Privileged ?? false,
        },
        OpenStdin: request.AttachStdin ?? false,
        OpenStderr: request.AttachStderr ?? false,
        OpenStdout: request.AttachStdout ?? false,
        CanRemove: !running,
        ContainerID: container.id,
        DetachKeys: '',
        Pid: handle?.pid ?? 0,
      })
    },
  },
]

/** Ends when the command has ended, or at once when detached. */
async function start(call: Call) {
  const exec = wanted(call)
  const { container, request } = exec
  const { Detach = false } = (call.request.body ?? {}) as { Detach?: boolean }
  const { upgrade } = call.request
  try {
    exec.handle = await container.runtime.exec({
      argv: request.Cmd,
      tty: request.Tty ?? false,
      env: (request.Env ?? []).map((line): [string, string] => {
        const equals = line.indexOf('=')
        return equals < 0 ? [line, ''] : [line.slice(0, equals), line.slice(equals + 1)]
      }),
      ...(request.WorkingDir ? { workingDir: request.WorkingDir } : {}),
      ...(request.User ? { user: request.User } : {}),
      ...(request.Privileged ? { privileged: true } : {}),
      streams: Detach
        ? {}
        : {
            ...(request.AttachStdin && upgrade?.stdin ? { stdin: upgrade.stdin } : {}),
            ...(request.AttachStdout && upgrade?.stdout ? { stdout: upgrade.stdout } : {}),
            ...(request.AttachStderr && upgrade?.stderr ? { stderr: upgrade.stderr } : {}),
          },
    })
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    exec.exitCode = 126
    const text = error.message.startsWith('OCI') ? `${error.message}: unknown` : error.message
    if (Detach || !error.message.startsWith('OCI')) throw new ApiError(400, text)
    await upgrade?.stdout?.write(new TextEncoder().encode(`${text}\r\n`))
    upgrade?.onStatus?.(126)
    return json(undefined, 101)
  }
  exec.running = true
  container.runtime.execs.add(exec.id)
  upgrade?.onResize?.((size) => exec.handle?.resize(size))
  call.daemon.emit(container, `exec_start: ${request.Cmd.join(' ')}`, { execID: exec.id })
  const ended = exec.handle.exitCode.then((code) => {
    exec.exitCode = code
    exec.running = false
    container.runtime.execs.delete(exec.id)
    call.daemon.emit(container, 'exec_die', { execID: exec.id, exitCode: String(code) })
    upgrade?.onStatus?.(code)
  })
  if (Detach) return empty(200)
  await ended
  return json(undefined, 101)
}
