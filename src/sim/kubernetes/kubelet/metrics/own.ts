import { Exposition, processMetrics } from '../../../programs/exposition/exposition.ts'
import { addBuildInfo } from '../../api/build-info.ts'
import type { NodeServices } from '../node.ts'
import type { PodWorker } from '../sync/pod-worker.ts'

/** /metrics: the kubelet's own figures, and how full its Pods' claims are. */
export function kubeletMetrics(node: NodeServices, workers: readonly PodWorker[]): Exposition {
  const out = new Exposition()
  const { host } = node
  const containers = workers.flatMap(({ runtime }) => runtime.all())
  const live = workers.flatMap(({ runtime }) => runtime.live())
  addBuildInfo(out)
    .gauge('kubelet_node_name', "The node's name. The count is always 1.", 1, { node: node.node.name })
    .gauge(
      'kubelet_running_pods',
      'Number of pods that have a running pod sandbox',
      workers.filter((w) => w.runtime.sandboxReady).length,
    )
    .many('kubelet_running_containers', 'gauge', 'Number of containers currently running', [
      [{ container_state: 'running' }, live.length],
      [{ container_state: 'exited' }, containers.length - live.length],
    ])
    .many('kubelet_runtime_operations_total', 'counter', 'Cumulative number of runtime operations by operation type.', [
      [
        { operation_type: 'create_container' },
        containers.reduce((sum, run) => Math.max(sum, run.attempt + 1), 0) && containers.length,
      ],
      [{ operation_type: 'start_container' }, containers.length],
      [{ operation_type: 'run_podsandbox' }, workers.length],
    ])
    .counter(
      'kubelet_runtime_operations_errors_total',
      'Cumulative number of runtime operation errors by operation type.',
      containers.filter((run) => run.startError).length,
      { operation_type: 'start_container' },
    )
    .many('kubelet_started_containers_total', 'counter', 'Cumulative number of containers started', [
      [{}, containers.length],
    ])
    .gauge(
      'kubelet_certificate_manager_client_ttl_seconds',
      "Gauge of the TTL (time-to-live) of the Kubelet's client certificate.",
      29_000_000,
    )
    .gauge(
      'volume_manager_total_volumes',
      'Number of volumes in Volume Manager',
      workers.reduce((sum, w) => sum + (w.pod.spec.volumes?.length ?? 0), 0),
      { plugin_name: 'all', state: 'actual_state_of_world' },
    )
  if (!host) return out
  volumes(out, node, workers)
  return processMetrics(out, host, node.wallClock() - host.uptime())
}

function volumes(out: Exposition, node: NodeServices, workers: readonly PodWorker[]): void {
  const rows: [Record<string, string>, { total: number; used: number; available: number }][] = []
  for (const { pod, volumes } of workers) {
    for (const volume of pod.spec.volumes ?? []) {
      const claim = volume.persistentVolumeClaim?.claimName
      const path = claim && volumes.path(volume.name)
      if (!path) continue
      try {
        const usage = node.host!.system.usage(path)
        rows.push([{ namespace: pod.metadata.namespace ?? '', persistentvolumeclaim: claim }, usage])
      } catch {
        // It was unmounted meanwhile.
      }
    }
  }
  const gauge = (
    what: string,
    help: string,
    value: (u: { total: number; used: number; available: number }) => number,
  ) =>
    out.many(
      `kubelet_volume_stats_${what}`,
      'gauge',
      help,
      rows.map(([labels, usage]) => [labels, value(usage)] as const),
    )
  gauge('capacity_bytes', 'Capacity in bytes of the volume', (u) => u.total)
  gauge('available_bytes', 'Number of available bytes in the volume', (u) => u.available)
  gauge('used_bytes', 'Number of used bytes in the volume', (u) => u.used)
  gauge('inodes', 'Maximum number of inodes in the volume', () => 2_621_440)
  gauge('inodes_used', 'Number of used inodes in the volume', () => 10_000)
  gauge('inodes_free', 'Number of free inodes in the volume', () => 2_611_440)
}
