import type { Process, Program } from '../../linux/process.ts'
import { Exposition, expositionResponse, processMetrics } from '../exposition/exposition.ts'
import { goFlags, parseListen, runDaemon } from '../http/daemon.ts'
import { logfmt } from '../prometheus/log.ts'

const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal']

/** node_exporter: the machine's own figures, from /proc, its network cards and its mounts. */
export const nodeExporter: Program = async (process) => {
  const flags = goFlags(process.argv.slice(1))
  const started = process.wallClock()
  process.setMemory(14 * 2 ** 20)
  const at = parseListen(flags.get('web.listen-address', ':9100'))
  logfmt(process, 'node_exporter.go:182', 'info', {
    msg: 'Starting node_exporter',
    version: '(version=1.3.1, branch=HEAD, revision=a2321e7b940ddcff26873612bccdf7cd4c42b6b6)',
  })
  logfmt(process, 'node_exporter.go:199', 'info', {
    msg: 'Listening on',
    address: flags.get('web.listen-address', ':9100'),
  })
  const page =
    '<html>\n\t\t\t<head><title>Node Exporter</title></head>\n\t\t\t<body>\n\t\t\t<h1>Node Exporter</h1>\n\t\t\t<p><a href="/metrics">Metrics</a></p>\n\t\t\t</body>\n\t\t\t</html>'
  return runDaemon(process, {
    listen: [
      {
        ...at,
        handler: async (request) => {
          if (request.target.split('?')[0] !== '/metrics')
            return { status: 200, headers: [['Content-Type', 'text/html; charset=utf-8']], body: page }
          await process.compute(2)
          return expositionResponse(collect(process, flags, started))
        },
      },
    ],
  })
}

function collect(process: Process, flags: ReturnType<typeof goFlags>, started: number): Exposition {
  const out = new Exposition()
  const read = (path: string) => {
    try {
      return process.files.readText(path)
    } catch {
      return ''
    }
  }
  const done: string[] = []
  const collector = (name: string, run: () => void) => {
    if (flags.get(`no-collector.${name}`, '') === 'true') return
    run()
    done.push(name)
  }
  collector('cpu', () => cpu(out, read('/proc/stat')))
  collector('meminfo', () => memory(out, read('/proc/meminfo')))
  collector('loadavg', () => {
    const [one, five, fifteen] = read('/proc/loadavg').split(' ').map(Number)
    out.gauge('node_load1', '1m load average.', one ?? 0)
    out.gauge('node_load5', '5m load average.', five ?? 0)
    out.gauge('node_load15', '15m load average.', fifteen ?? 0)
  })
  collector('netdev', () => network(out, process, new RegExp(flags.get('collector.netdev.device-exclude', '^$'))))
  collector('filesystem', () => filesystems(out, process, flags))
  collector('diskstats', () => disks(out, read('/proc/diskstats')))
  collector('uname', () => {
    const hostname = read('/proc/sys/kernel/hostname').trim()
    out.gauge('node_uname_info', 'Labeled system information as provided by the uname system call.', 1, {
      domainname: '(none)',
      machine: 'x86_64',
      nodename: hostname,
      release: process.machine.kernelRelease,
      sysname: 'Linux',
      version: '#1 SMP PREEMPT_DYNAMIC',
    })
  })
  collector('stat', () => {
    out.gauge(
      'node_boot_time_seconds',
      'Node boot time, in unixtime.',
      Math.round((process.wallClock() - process.uptime()) / 1000),
    )
    const stat = read('/proc/stat')
    const one = (name: string) => Number(new RegExp(`^${name} (\\d+)`, 'm').exec(stat)?.[1] ?? 0)
    out.counter('node_context_switches_total', 'Total number of context switches.', one('ctxt'))
    out.counter('node_forks_total', 'Total number of forks.', one('processes'))
    out.gauge('node_procs_running', 'Number of processes in runnable state.', one('procs_running'))
  })
  collector('time', () =>
    out.gauge('node_time_seconds', 'System time in seconds since epoch (1970).', process.wallClock() / 1000),
  )
  collector('timex', () => {
    out.gauge('node_timex_sync_status', 'Is clock synchronized to a reliable server (1 = yes, 0 = no).', 1)
    out.gauge('node_timex_offset_seconds', 'Time offset in between local system and reference clock.', 0)
    out.gauge('node_timex_maxerror_seconds', 'Maximum error in seconds.', 0.01)
  })
  collector('vmstat', () => {
    out.family('node_vmstat_pgmajfault', 'untyped', '/proc/vmstat information field pgmajfault.')
    out.sample('node_vmstat_pgmajfault', undefined, 0)
  })
  collector('filefd', () => {
    out.gauge(
      'node_filefd_allocated',
      'File descriptor statistics: allocated.',
      process.system.processes().reduce((sum, p) => sum + p.fds.size, 0),
    )
    out.gauge('node_filefd_maximum', 'File descriptor statistics: maximum.', 9.223372036854775e18)
  })
  out.many(
    'node_scrape_collector_success',
    'gauge',
    'node_exporter: Whether a collector succeeded.',
    done.map((name) => [{ collector: name }, 1] as const),
  )
  out.gauge('node_exporter_build_info', "A metric with a constant '1' value labeled by version.", 1, {
    branch: 'HEAD',
    goversion: 'go1.17.3',
    revision: 'a2321e7b940ddcff26873612bccdf7cd4c42b6b6',
    version: '1.3.1',
  })
  return processMetrics(out, process, started)
}

function cpu(out: Exposition, stat: string): void {
  out.family('node_cpu_seconds_total', 'counter', 'Seconds the CPUs spent in each mode.')
  for (const [, number, times] of stat.matchAll(/^cpu(\d+) (.*)$/gm)) {
    times!
      .split(' ')
      .slice(0, MODES.length)
      .forEach((ticks, i) => {
        out.sample('node_cpu_seconds_total', { cpu: number!, mode: MODES[i]! }, Number(ticks) / 100)
      })
  }
}

function memory(out: Exposition, text: string): void {
  for (const [, name, value, unit] of text.matchAll(/^(\S+):\s+(\d+)( kB)?$/gm)) {
    const plain = name!.replaceAll(/[()]/g, '_').replace(/_$/, '')
    const metric = `node_memory_${plain}${unit ? '_bytes' : ''}`
    out.gauge(metric, `Memory information field ${metric.slice(12)}.`, Number(value) * (unit ? 1024 : 1))
  }
}

function network(out: Exposition, process: Process, exclude: RegExp): void {
  const cards = process.system.network.interfaces.filter((card) => !exclude.test(card.name))
  const counter = (what: string, help: string, value: (card: (typeof cards)[number]) => number) =>
    out.many(
      `node_network_${what}_total`,
      'counter',
      help,
      cards.map((card) => [{ device: card.name }, value(card)] as const),
    )
  counter('receive_bytes', 'Network device statistic receive_bytes.', (c) => c.received.bytes)
  counter('receive_packets', 'Network device statistic receive_packets.', (c) => c.received.packets)
  counter('receive_drop', 'Network device statistic receive_drop.', () => 0)
  counter('receive_errs', 'Network device statistic receive_errs.', () => 0)
  counter('transmit_bytes', 'Network device statistic transmit_bytes.', (c) => c.sent.bytes)
  counter('transmit_packets', 'Network device statistic transmit_packets.', (c) => c.sent.packets)
  counter('transmit_drop', 'Network device statistic transmit_drop.', () => 0)
  counter('transmit_errs', 'Network device statistic transmit_errs.', () => 0)
  out.many(
    'node_network_up',
    'gauge',
    "Value is 1 if operstate is 'up', 0 otherwise.",
    cards.map((card) => [{ device: card.name }, card.up ? 1 : 0] as const),
  )
  out.many(
    'node_network_mtu_bytes',
    'gauge',
    'mtu_bytes value of /sys/class/net/<iface>.',
    cards.map((card) => [{ device: card.name }, card.mtu] as const),
  )
}

/** Mounts of the machine, seen below --path.rootfs where that is given. */
function filesystems(out: Exposition, process: Process, flags: ReturnType<typeof goFlags>): void {
  const root = flags.get('path.rootfs', '/').replace(/\/$/, '')
  const exclude = new RegExp(
    flags.get(
      'collector.filesystem.mount-points-exclude',
      '^/(dev|proc|run|sys|var/lib/docker/.+|var/lib/kubelet/.+)($|/)',
    ),
  )
  const rows: [Record<string, string>, { total: number; available: number }][] = []
  const seen = new Set<string>()
  for (const { path } of process.system.mounts()) {
    if (root !== '' && path !== root && !path.startsWith(`${root}/`)) continue
    const shown = path.slice(root.length) || '/'
    if (exclude.test(shown) || seen.has(shown)) continue
    seen.add(shown)
    try {
      const { fs, total, available } = process.system.usage(path)
      if (total === 0) continue
      rows.push([
        {
          device: fs.type === 'ext4' || shown === '/' ? '/dev/vda1' : fs.type,
          fstype: shown === '/' ? 'ext4' : fs.type,
          mountpoint: shown,
        },
        { total, available },
      ])
    } catch {
      // It went away meanwhile.
    }
  }
  const gauge = (what: string, help: string, value: (u: { total: number; available: number }) => number) =>
    out.many(
      `node_filesystem_${what}`,
      'gauge',
      help,
      rows.map(([labels, usage]) => [labels, value(usage)] as const),
    )
  gauge('size_bytes', 'Filesystem size in bytes.', (u) => u.total)
  gauge('free_bytes', 'Filesystem free space in bytes.', (u) => u.available)
  gauge('avail_bytes', 'Filesystem space available to non-root users in bytes.', (u) => u.available)
  gauge('files', 'Filesystem total file nodes.', () => 2_621_440)
  gauge('files_free', 'Filesystem total free file nodes.', () => 2_500_000)
  gauge('readonly', 'Filesystem read-only status.', () => 0)
}

function disks(out: Exposition, text: string): void {
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length >= 14)
  const counter = (what: string, help: string, value: (fields: string[]) => number) =>
    out.many(
      `node_disk_${what}_total`,
      'counter',
      help,
      rows.map((fields) => [{ device: fields[2]! }, value(fields)] as const),
    )
  counter('reads_completed', 'The total number of reads completed successfully.', (f) => Number(f[3]))
  counter('read_bytes', 'The total number of bytes read successfully.', (f) => Number(f[5]) * 512)
  counter('writes_completed', 'The total number of writes completed successfully.', (f) => Number(f[7]))
  counter('written_bytes', 'The total number of bytes written successfully.', (f) => Number(f[9]) * 512)
  counter('io_time_seconds', 'Total seconds spent doing I/Os.', (f) => Number(f[12]) / 1000)
  counter('io_time_weighted_seconds', 'The weighted # of seconds spent doing I/Os.', (f) => Number(f[13]) / 1000)
}
