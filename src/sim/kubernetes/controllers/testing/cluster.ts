import { EventQueue } from '../../../time/event-queue.ts'
import { Random } from '../../../time/random.ts'
import type { ApiClient } from '../../api/client.ts'
import type { ComponentContext } from '../../api/component.ts'
import { ApiError, type KubeObject } from '../../api/object.ts'
import { createApiServer } from '../../apiserver/server.ts'
import { createEventRecorder } from '../../events/recorder.ts'
import { type RunningScheduler, startScheduler } from '../../scheduler/scheduler.ts'
import { CONTROLLERS } from '../index.ts'
import { formatTime } from '../shared/meta.ts'

export interface TestCluster {
  api: ApiClient
  clock: EventQueue
  random: Random
  scheduler: RunningScheduler
  /** Errors other than those a real controller meets every day. */
  faults: string[]
  /** All errors that were tried again. */
  errors: string[]
  /** Lets time pass. */
  run(ms: number): void
  addNode(
    name: string,
    options?: { cpu?: string; pods?: string; labels?: Record<string, string>; taints?: object[] },
  ): void
  /** Pods whose image is this never become ready. */
  broken: Set<string>
  /** Lines `REASON message`, in the order they were recorded. */
  events(kind?: string): string[]
  podNames(labels?: string): string[]
}

/** API server, controllers and scheduler, with kubelets that only pretend. */
export function startCluster({ seed = 1, nodes = 2 }: { seed?: number; nodes?: number } = {}): TestCluster {
  const clock = new EventQueue()
  const random = new Random(seed)
  const faults: string[] = []
  const errors: string[] = []
  const epoch = 1_795_230_000_000
  const server = createApiServer({ clock, random: random.fork('server'), waiting: { awakened: false }, epoch })
  const api = server.client
  const context: ComponentContext = {
    api,
    clock,
    random: random.fork('components'),
    events: createEventRecorder({ api, clock }),
    onError(component, key, error) {
      errors.push(`${component} ${key}: ${(error as Error).message}`)
      if (!(error instanceof ApiError)) faults.push(`${component} ${key}: ${(error as Error).stack}`)
    },
  }
  for (const controller of CONTROLLERS) controller.start(context)
  const scheduler = startScheduler(context)
  const broken = new Set<string>()
  pretendKubelets(api, clock, random.fork('kubelets'), broken)
  const cluster: TestCluster = {
    api,
    clock,
    random,
    scheduler,
    faults,
    errors,
    broken,
    run(ms) {
      const until = clock.now + ms
      while (clock.nextAt !== undefined && clock.nextAt <= until) clock.runNext()
      clock.advanceTo(until)
    },
    addNode(name, { cpu = '4', pods = '110', labels = {}, taints } = {}) {
      const capacity = { cpu, memory: '16Gi', 'ephemeral-storage': '100Gi', pods }
      const conditions = [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          lastHeartbeatTime: formatTime(api.now()),
          lastTransitionTime: formatTime(api.now()),
        },
      ]
      api.create('nodes', {
        metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
        spec: { ...(taints && { taints }) },
        status: { capacity, allocatable: capacity, conditions },
      })
      const node = api.get('nodes', undefined, name)!
      if (!node.status?.allocatable) {
        api.update(
          'nodes',
          { ...node, status: { capacity, allocatable: capacity, conditions } },
          { subresource: 'status' },
        )
      }
      const heartbeat = () => {
        const renewTime = `${formatTime(api.now()).slice(0, -1)}.000000Z`
        const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime }
        const lease = api.get('leases.coordination.k8s.io', 'kube-node-lease', name)
        if (lease) api.update('leases.coordination.k8s.io', { ...lease, spec })
        else api.create('leases.coordination.k8s.io', { metadata: { name, namespace: 'kube-node-lease' }, spec })
        clock.after(10_000, heartbeat)
      }
      heartbeat()
    },
    events: (kind) =>
      api
        .list('events')
        .filter((event) => !kind || event.involvedObject.kind === kind)
        .sort((a, b) => (suffix(a) < suffix(b) ? -1 : 1))
        .map((event) => `${event.reason} ${event.message}`),
    podNames: (labels) => api.list('pods', { namespace: 'default', labels }).map(({ metadata }) => metadata.name),
  }
  for (let i = 1; i <= nodes; i++) cluster.addNode(`node-${i}`)
  return cluster
}

const suffix = (event: KubeObject) => event.metadata.name.slice(event.metadata.name.lastIndexOf('.') + 1)

function pretendKubelets(api: ApiClient, clock: EventQueue, random: Random, broken: ReadonlySet<string>): void {
  let address = 1
  const started = new Set<string>()
  const leaving = new Set<string>()
  api.watch('pods', ({ type, object }) => {
    const { uid, name, namespace, deletionTimestamp } = object.metadata
    if (type === 'DELETED' || !object.spec.nodeName) return
    if (deletionTimestamp) {
      if (leaving.has(uid)) return
      leaving.add(uid)
      clock.after(20 + random.float() * 200, () => {
        if (api.get('pods', namespace, name)?.metadata.uid === uid)
          api.delete('pods', namespace, name, { gracePeriodSeconds: 0 })
      })
      return
    }
    if (started.has(uid)) return
    started.add(uid)
    clock.after(20 + random.float() * 300, () => {
      const pod = api.get('pods', namespace, name)
      if (pod?.metadata.uid !== uid || pod.metadata.deletionTimestamp) return
      const ok = !pod.spec.containers.some((container: any) => broken.has(container.image))
      const time = formatTime(api.now())
      const condition = (type: string, status: boolean) => ({
        type,
        status: status ? 'True' : 'False',
        lastTransitionTime: time,
      })
      const status = {
        ...pod.status,
        phase: ok ? 'Running' : 'Pending',
        podIP: `10.10.${Math.floor(address / 250)}.${(address++ % 250) + 1}`,
        startTime: time,
        conditions: [
          ...(pod.status?.conditions ?? []).filter((c: any) => c.type === 'PodScheduled'),
          condition('Ready', ok),
          condition('ContainersReady', ok),
        ],
      }
      api.update('pods', { ...pod, status }, { subresource: 'status' })
    })
  })
}

/** The least a Pod template needs. */
export function template(app: string, image = 'nginx:alpine', more: object = {}): any {
  return { metadata: { labels: { app } }, spec: { containers: [{ name: 'c', image }], ...more } }
}
