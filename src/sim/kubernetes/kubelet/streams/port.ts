import type { KubeletPort, PortForwardStream } from '../../api/kubelet-port.ts'
import { ApiError } from '../../api/object.ts'
import { badRequest } from '../../api/status-error.ts'
import { cadvisorMetrics } from '../metrics/cadvisor.ts'
import { kubeletMetrics } from '../metrics/own.ts'
import type { NodeServices } from '../node.ts'
import { isLive } from '../runtime/pod-runtime.ts'
import type { PodWorker } from '../sync/pod-worker.ts'
import { podAttach, podExec } from './exec.ts'
import { podLogs } from './logs.ts'

/** What the API server may ask of a kubelet. While it is stopped every question times out. */
export function kubeletPort(
  node: NodeServices,
  running: () => boolean,
  find: (namespace: string, name: string) => PodWorker | undefined,
  all: () => readonly PodWorker[],
): KubeletPort {
  const check = (path: string) => {
    if (!running()) throw unreachable(node, path)
  }
  return {
    logs(request) {
      check(`containerLogs/${request.namespace}/${request.pod}/${request.container}`)
      return podLogs(node, find(request.namespace, request.pod), request)
    },
    exec(request) {
      check(`exec/${request.namespace}/${request.pod}/${request.container}`)
      podExec(node, find(request.namespace, request.pod), request)
    },
    attach(request) {
      check(`attach/${request.namespace}/${request.pod}/${request.container}`)
      podAttach(find(request.namespace, request.pod), request)
    },
    async portForward({ namespace, pod, port }) {
      check(`portForward/${namespace}/${pod}`)
      const worker = find(namespace, pod)
      if (!worker || worker.runtime.live().length === 0)
        throw badRequest('unable to upgrade connection: pod does not exist')
      return forward(node, worker, port)
    },
    stats() {
      const pods = all().map((worker) => ({
        namespace: worker.pod.metadata.namespace ?? '',
        name: worker.pod.metadata.name,
        containers: worker.runtime
          .live()
          .map((run) => ({ name: run.name, cpu: worker.usageOf(run.name), memory: run.handle.usage().memory })),
      }))
      const containers = pods.flatMap((pod) => pod.containers)
      return {
        node: {
          cpu: 60_000_000 + containers.reduce((sum, c) => sum + c.cpu, 0),
          memory: 600 * 2 ** 20 + containers.reduce((sum, c) => sum + c.memory, 0),
        },
        pods,
      }
    },
    metrics(path) {
      if (!running()) return undefined
      if (path === '/metrics') return String(kubeletMetrics(node, all()))
      if (path === '/metrics/cadvisor') return String(cadvisorMetrics(node, all()))
      return path === '/metrics/probes' || path === '/metrics/resource' ? '' : undefined
    },
  }
}

async function forward(node: NodeServices, worker: PodWorker, port: number): Promise<PortForwardStream> {
  const live = worker.runtime.live().find((run) => isLive(run) && run.handle.process)
  const net = live?.handle.process?.net ?? node.host?.net
  if (!net) throw badRequest('not simulated: port forwarding on a node without a kernel')
  const connection = await net.connect({ address: '127.0.0.1', port })
  return {
    read: () => connection.read(),
    write: (bytes) => connection.write(bytes),
    close: () => connection.close(),
  }
}

function unreachable(node: NodeServices, path: string): ApiError {
  return new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `Get "https://${node.node.ip}:10250/${path}": net/http: TLS handshake timeout`,
    code: 500,
  })
}
