import { NO_MEMORY_LIMIT } from '../../../linux/cgroup/cgroup.ts'
import { Exposition } from '../../../programs/exposition/exposition.ts'
import type { NodeServices } from '../node.ts'
import type { PodWorker } from '../sync/pod-worker.ts'

type LabelPairs = Record<string, string | number>

interface Row {
  labels: LabelPairs
  /** seconds */
  cpu: number
  memory: number
  limit: number
  quota: number
  period: number
  periods: number
  throttled: number
  throttledSeconds: number
  started: number
}

/** /metrics/cadvisor: what each container's control group and each Pod's network card have counted. */
export function cadvisorMetrics(node: NodeServices, workers: readonly PodWorker[]): Exposition {
  const out = new Exposition()
  const { host } = node
  const rows: Row[] = []
  const cards: [
    LabelPairs,
    { received: { bytes: number; packets: number }; sent: { bytes: number; packets: number } },
  ][] = []
  for (const { pod, runtime } of workers) {
    const { namespace = '', name, uid } = pod.metadata
    const folder = `/kubepods/pod${uid}`
    for (const { name: container, handle, image } of runtime.live()) {
      const { process } = handle
      const usage = handle.usage()
      const group = process?.system.cgroup('cpu')
      const limit = process?.system.cgroup('memory').memoryLimit ?? NO_MEMORY_LIMIT
      rows.push({
        labels: { container, id: `${folder}/${handle.id}`, image, name: handle.id, namespace, pod: name },
        cpu: usage.cpu / 1000,
        memory: usage.memory,
        limit: limit >= NO_MEMORY_LIMIT ? 0 : limit,
        quota: group?.cpuQuota ?? -1,
        period: group?.cpuPeriod ?? 100_000,
        periods: group?.periods ?? 0,
        throttled: group?.throttledPeriods ?? 0,
        throttledSeconds: (group?.throttledTime ?? 0) / 1000,
        started: (handle.startedAt ?? 0) / 1000,
      })
    }
    const sandbox = runtime.sandbox?.handle
    if (!sandbox?.process || pod.spec.hostNetwork) continue
    for (const card of sandbox.process.system.network.interfaces)
      if (card.type !== 'loopback')
        cards.push([
          { container: '', id: folder, image: '', interface: card.name, name: '', namespace, pod: name },
          card,
        ])
  }
  if (host) {
    const cpu = host.system.cgroup('cpuacct')
    const root = [...cpu.lineage()].at(-1) ?? cpu
    rows.unshift({
      labels: { container: '', id: '/', image: '', name: '', namespace: '', pod: '' },
      cpu: root.cpuUsage / 1000,
      memory: root.memoryUsage,
      limit: 0,
      quota: -1,
      period: 0,
      periods: 0,
      throttled: 0,
      throttledSeconds: 0,
      started: (node.wallClock() - host.uptime()) / 1000,
    })
  }
  const each = (
    name: string,
    type: 'counter' | 'gauge',
    help: string,
    value: (row: Row) => number,
    wanted: (row: Row) => boolean = () => true,
  ) =>
    out.many(
      name,
      type,
      help,
      rows.filter(wanted).map((row) => [row.labels, value(row)] as const),
    )
  out.gauge(
    'cadvisor_version_info',
    "A metric with a constant '1' value labeled by kernel version, OS version, docker version, cadvisor version & cadvisor revision.",
    1,
    {
      cadvisorRevision: '',
      cadvisorVersion: '',
      dockerVersion: '',
      kernelVersion: host?.machine.kernelRelease ?? '',
      osVersion: 'Debian GNU/Linux 12 (bookworm)',
    },
  )
  const bounded = (row: Row) => row.quota > 0
  each(
    'container_cpu_cfs_periods_total',
    'counter',
    'Number of elapsed enforcement period intervals.',
    (r) => r.periods,
    bounded,
  )
  each(
    'container_cpu_cfs_throttled_periods_total',
    'counter',
    'Number of throttled period intervals.',
    (r) => r.throttled,
    bounded,
  )
  each(
    'container_cpu_cfs_throttled_seconds_total',
    'counter',
    'Total time duration the container has been throttled.',
    (r) => r.throttledSeconds,
    bounded,
  )
  out.many(
    'container_cpu_usage_seconds_total',
    'counter',
    'Cumulative cpu time consumed in seconds.',
    rows.map((row) => [{ ...row.labels, cpu: 'total' }, row.cpu] as const),
  )
  each(
    'container_memory_usage_bytes',
    'gauge',
    'Current memory usage in bytes, including all memory regardless of when it was accessed',
    (r) => r.memory,
  )
  each('container_memory_working_set_bytes', 'gauge', 'Current working set in bytes.', (r) => r.memory)
  each('container_memory_rss', 'gauge', 'Size of RSS in bytes.', (r) => r.memory)
  each('container_memory_cache', 'gauge', 'Number of bytes of page cache memory.', () => 0)
  each('container_memory_swap', 'gauge', 'Container swap usage in bytes.', () => 0)
  each(
    'container_spec_cpu_period',
    'gauge',
    'CPU period of the container.',
    (r) => r.period,
    (r) => r.labels.id !== '/',
  )
  each('container_spec_cpu_quota', 'gauge', 'CPU quota of the container.', (r) => r.quota, bounded)
  each(
    'container_spec_memory_limit_bytes',
    'gauge',
    'Memory limit for the container.',
    (r) => r.limit,
    (r) => r.labels.id !== '/',
  )
  each(
    'container_start_time_seconds',
    'gauge',
    'Start time of the container since unix epoch in seconds.',
    (r) => r.started,
  )
  each('container_last_seen', 'gauge', 'Last time a container was seen by the exporter', () =>
    Math.floor(node.wallClock() / 1000),
  )
  const card = (what: string, help: string, value: (c: (typeof cards)[number][1]) => number) =>
    out.many(
      `container_network_${what}_total`,
      'counter',
      help,
      cards.map(([labels, c]) => [labels, value(c)] as const),
    )
  card('receive_bytes', 'Cumulative count of bytes received', (c) => c.received.bytes)
  card('receive_packets', 'Cumulative count of packets received', (c) => c.received.packets)
  card('receive_packets_dropped', 'Cumulative count of packets dropped while receiving', () => 0)
  card('transmit_bytes', 'Cumulative count of bytes transmitted', (c) => c.sent.bytes)
  card('transmit_packets', 'Cumulative count of packets transmitted', (c) => c.sent.packets)
  card('transmit_packets_dropped', 'Cumulative count of packets dropped while transmitting', () => 0)
  out.gauge('machine_cpu_cores', 'Number of logical CPU cores.', host?.machine.cores ?? 2, {
    boot_id: '',
    machine_id: '',
    system_uuid: '',
  })
  out.gauge('machine_memory_bytes', 'Amount of memory installed on the machine.', host?.machine.memory ?? 0, {
    boot_id: '',
    machine_id: '',
    system_uuid: '',
  })
  out.family('container_scrape_error', 'gauge', '1 if there was an error while getting container metrics, 0 otherwise')
  return out.sample('container_scrape_error', undefined, 0)
}
