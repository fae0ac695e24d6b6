import { bytesSize, humanSize } from '../../../sim/containers/units.ts'
import { formatList, type Row } from '../format/list.ts'
import { segment } from './engine-client.ts'
import type { Session } from './session.ts'

interface Sample {
  name: string
  id: string
  pids_stats: { current?: number }
  cpu_stats: { cpu_usage: { total_usage: number }; system_cpu_usage?: number; online_cpus?: number }
  precpu_stats: { cpu_usage: { total_usage: number }; system_cpu_usage?: number }
  memory_stats: { usage?: number; limit?: number }
  networks?: Record<string, { rx_bytes: number; tx_bytes: number }>
}

const FORMAT = {
  type: 'formatter.statsContext',
  headers: {
    ID: 'CONTAINER ID',
    Container: 'CONTAINER',
    Name: 'NAME',
    CPUPerc: 'CPU %',
    MemUsage: 'MEM USAGE / LIMIT',
    MemPerc: 'MEM %',
    NetIO: 'NET I/O',
    BlockIO: 'BLOCK I/O',
    PIDs: 'PIDS',
  },
  table: '{{.ID}}\\t{{.Name}}\\t{{.CPUPerc}}\\t{{.MemUsage}}\\t{{.MemPerc}}\\t{{.NetIO}}\\t{{.BlockIO}}\\t{{.PIDs}}',
}

function row(sample: Sample, truncate: boolean, asked: string): Row {
  const used = sample.cpu_stats.cpu_usage.total_usage - sample.precpu_stats.cpu_usage.total_usage
  const whole = (sample.cpu_stats.system_cpu_usage ?? 0) - (sample.precpu_stats.system_cpu_usage ?? 0)
  const cpu = whole > 0 ? (used / whole) * (sample.cpu_stats.online_cpus ?? 1) * 100 : 0
  const { usage = 0, limit = 0 } = sample.memory_stats
  const networks = Object.values(sample.networks ?? {})
  const sum = (pick: (one: { rx_bytes: number; tx_bytes: number }) => number) =>
    networks.reduce((total, one) => total + pick(one), 0)
  return {
    BlockIO: '0B / 0B',
    CPUPerc: `${cpu.toFixed(2)}%`,
    Container: asked,
    ID: truncate ? sample.id.slice(0, 12) : sample.id,
    MemPerc: `${(limit > 0 ? (usage / limit) * 100 : 0).toFixed(2)}%`,
    MemUsage: `${bytesSize(usage)} / ${bytesSize(limit)}`,
    Name: sample.name.replace(/^\//, ''),
    NetIO: `${humanSize(
      sum((one) => one.rx_bytes),
      3,
    )} / ${humanSize(
      sum((one) => one.tx_bytes),
      3,
    )}`,
    PIDs: String(sample.pids_stats.current ?? 0),
  }
}

export async function showStats(session: Session): Promise<number> {
  const { client, flags, args } = session
  const once = flags.bool('no-stream')
  for (const name of args) await client.get(`/containers/${segment(name)}/json`)
  for (;;) {
    const names =
      args.length > 0
        ? args
        : (await client.get<{ Id: string }[]>('/containers/json', { all: flags.bool('all') ? 1 : undefined })).map(
            (one) => one.Id,
          )
    const samples = await Promise.all(
      names.map(async (name) => {
        const stream = await client.stream('GET', `/containers/${segment(name)}/stats`, { query: { stream: 0 } })
        for await (const sample of stream as AsyncIterable<Sample>) return row(sample, !flags.bool('no-trunc'), name)
        return undefined
      }),
    )
    const text = formatList(
      samples.filter((one) => one !== undefined),
      FORMAT,
      flags.string('format'),
    )
    if (once) {
      await session.print(text)
      return 0
    }
    // One page over the other; what is longer than the new line is cut off.
    await session.print(`\x1b[H${text.replace(/\n/g, '\x1b[K\n')}\x1b[J`)
    if (samples.length === 0) await session.process.sleep(500)
  }
}
