import { NO_MEMORY_LIMIT } from '../../linux/cgroup/cgroup.ts'
import { NullFile } from '../../linux/fs/null-file.ts'
import { ApiError } from '../docker/api-error.ts'
import type { Daemon } from '../docker/daemon.ts'
import type { DockerContainer } from '../docker/docker-container.ts'
import { rfc3339Nano9 } from '../timestamp.ts'
import { type Call, json, pushStream, type Route } from './router.ts'

/** Runs the machine's own ps and keeps the container's lines, as dockerd does. */
async function top(call: Call) {
  const { daemon } = call
  const container = daemon.get(call.params.id!)
  daemon.requireRunning(container)
  const args = (call.query('ps_args') ?? '-ef').split(/\s+/).filter((word) => word !== '')
  const output = await runPs(daemon, args)
  const [header = '', ...lines] = output.split('\n').filter((line) => line !== '')
  const titles = header.trim().split(/\s+/)
  const pidColumn = titles.indexOf('PID')
  if (pidColumn < 0) throw new ApiError(500, "Couldn't find PID field in ps output")
  const inside = new Set(
    [...daemon.kernel.processes]
      .filter((process) => belongs(process.baseCgroup.path, container))
      .map((process) => String(process.hostPid)),
  )
  const rows = lines
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => inside.has(cells[pidColumn] ?? ''))
    .map((cells) => [...cells.slice(0, titles.length - 1), cells.slice(titles.length - 1).join(' ')])
  return json({ Titles: titles, Processes: rows })
}

function belongs(path: string, container: DockerContainer): boolean {
  const { cgroupPath } = container.runtime
  return path === cgroupPath || path.startsWith(`${cgroupPath}/`)
}

async function runPs(daemon: Daemon, args: readonly string[]): Promise<string> {
  const { kernel } = daemon
  const { read, write } = kernel.makePipe()
  const nothing = new NullFile()
  const process = kernel.spawn({
    argv: ['ps', ...args],
    fds: new Map([
      [0, nothing],
      [1, write],
      [2, write],
    ]),
  })
  write.release()
  let output = ''
  for (;;) {
    const bytes = await read.read()
    if (bytes.length === 0) break
    output += new TextDecoder().decode(bytes)
  }
  read.release()
  const status = await process.ended
  if (status.code !== 0) throw new ApiError(500, `ps: ${output.trim()}`)
  return output
}

function sample(daemon: Daemon, container: DockerContainer, before: { cpu: number; at: number }) {
  const { runtime } = container
  const { cpu, memory } = runtime.usage()
  const now = daemon.kernel.world.clock.now
  const limit =
    runtime.cgroup && runtime.cgroup.memoryLimit < NO_MEMORY_LIMIT ? runtime.cgroup.memoryLimit : daemon.kernel.memory
  const networks = Object.fromEntries(
    [...container.attachments.values()].map((one) => {
      const card = one.namespace.interface(one.device)
      return [
        one.device,
        {
          rx_bytes: card?.received.bytes ?? 0,
          rx_packets: card?.received.packets ?? 0,
          tx_bytes: card?.sent.bytes ?? 0,
          tx_packets: card?.sent.packets ?? 0,
        },
      ]
    }),
  )
  const usage = (ms: number, at: number) => ({
    cpu_usage: { total_usage: Math.round(ms * 1e6) },
    system_cpu_usage: Math.round(at * 1e6 * daemon.kernel.cores),
    online_cpus: daemon.kernel.cores,
  })
  return {
    read: rfc3339Nano9(daemon.kernel.wallClock()),
    name: `/${container.name}`,
    id: container.id,
    pids_stats: container.running ? { current: runtime.cgroup?.pidsCurrent ?? 0 } : {},
    cpu_stats: container.running ? usage(cpu, now) : { cpu_usage: { total_usage: 0 } },
    precpu_stats: container.running ? usage(before.cpu, before.at) : { cpu_usage: { total_usage: 0 } },
    memory_stats: container.running ? { usage: memory, stats: {}, limit } : {},
    ...(container.running ? { networks } : {}),
    blkio_stats: { io_service_bytes_recursive: [] },
  }
}

function stats(call: Call) {
  const { daemon } = call
  const container = daemon.get(call.params.id!)
  const out = pushStream(daemon.kernel.world.waiting)
  let closed = false
  out.onClose(() => {
    closed = true
  })
  void (async () => {
    do {
      const before = { cpu: container.runtime.usage().cpu, at: daemon.kernel.world.clock.now }
      await daemon.engine.sleep(container.running ? 1000 : 10)
      if (closed) return
      out.push(sample(daemon, container, before))
    } while (call.flag('stream') && !container.removing)
    out.end()
  })()
  return { status: 200, headers: { 'content-type': 'application/json' }, stream: out.stream }
}

export const containerStats: readonly Route[] = [
  { method: 'GET', path: '/containers/:id/top', handle: top },
  { method: 'GET', path: '/containers/:id/stats', handle: stats },
]
