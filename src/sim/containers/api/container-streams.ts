import { ApiError } from '../docker/api-error.ts'
import type { DockerContainer } from '../docker/docker-container.ts'
import type { LogLine } from '../engine.ts'
import { rfc3339Nano9 } from '../timestamp.ts'
import { type Call, json, pushStream, type Route } from './router.ts'

/** An item of a log or attach stream; `text` ends in its newline when it had one. */
export interface StreamItem {
  stream: 'stdout' | 'stderr'
  text: string
}

export const containerStreams: readonly Route[] = [
  { method: 'GET', path: '/containers/:id/logs', handle: logs },
  { method: 'POST', path: '/containers/:id/attach', handle: attach },
]

function logs(call: Call) {
  const container = call.daemon.get(call.params.id!)
  const stdout = call.flag('stdout')
  const stderr = call.flag('stderr')
  if (!stdout && !stderr) throw new ApiError(400, 'Bad parameters: you must choose at least one stream')
  if (container.hostConfig.LogConfig.Type === 'none')
    throw new ApiError(501, 'configured logging driver does not support reading')
  const since = timeOf(call.query('since'), Number.NEGATIVE_INFINITY)
  const until = timeOf(call.query('until'), Number.POSITIVE_INFINITY)
  const tail = /^\d+$/.test(call.query('tail') ?? '') ? Number(call.query('tail')) : undefined
  const wanted = (line: LogLine) =>
    (line.stream === 'stdout' ? stdout : stderr) && line.time >= since && line.time <= until
  const past = container.runtime.logs().filter((line) => line.time >= since && line.time <= until)
  const lines = (tail === undefined ? past : tail === 0 ? [] : past.slice(-tail)).filter(wanted)
  const item = (line: LogLine) => toItem(container, line, call.flag('timestamps'))
  const out = pushStream(call.daemon.kernel.world.waiting)
  for (const line of lines) out.push(item(line))
  if (!call.flag('follow') || !(container.running || container.restarting)) {
    out.end()
    return { status: 200, headers: { 'content-type': 'application/vnd.docker.raw-stream' }, stream: out.stream }
  }
  const offLine = container.runtime.onLog((line) => {
    if (wanted(line)) out.push(item(line))
  })
  const offExit = container.runtime.onExit(() => {
    out.end()
  })
  out.onClose(() => {
    offLine()
    offExit()
  })
  return { status: 200, headers: { 'content-type': 'application/vnd.docker.raw-stream' }, stream: out.stream }
}

function toItem(container: DockerContainer, line: LogLine, timestamps: boolean): StreamItem {
  const end = line.partial ? '' : '\n'
  return {
    stream: container.config.Tty ? 'stdout' : line.stream,
    text: (timestamps ? `${rfc3339Nano9(line.time)} ` : '') + line.text + end,
  }
}

/** Seconds since 1970, maybe with a fraction. */
function timeOf(text: string | undefined, fallback: number): number {
  return text === undefined || text === '' || text === '0' ? fallback : Number(text) * 1000
}

function attach(call: Call) {
  const container = call.daemon.get(call.params.id!)
  if (container.runtime.status === 'paused')
    throw new ApiError(409, `Container ${container.id} is paused, unpause the container before attach`)
  const { upgrade } = call.request
  if (!upgrade) throw new ApiError(400, 'attach needs an upgraded connection')
  const attached = container.runtime.attach({
    ...(call.flag('stdin') && container.config.OpenStdin && upgrade.stdin ? { stdin: upgrade.stdin } : {}),
    ...(call.flag('stdout') && upgrade.stdout ? { stdout: upgrade.stdout } : {}),
    ...(call.flag('stderr') && upgrade.stderr ? { stderr: upgrade.stderr } : {}),
  })
  upgrade.onResize?.((size) => container.runtime.resize(size))
  call.daemon.emit(container, 'attach')
  const off = container.runtime.onExit((exitCode) => {
    off()
    upgrade.onStatus?.(exitCode)
  })
  const out = pushStream(call.daemon.kernel.world.waiting)
  const failed = () => out.end()
  container.onStartFailure.add(failed)
  out.onClose(() => {
    off()
    container.onStartFailure.delete(failed)
    attached.detach()
  })
  return { ...json(undefined, 101), stream: out.stream }
}
