import { rfc3339 } from '../../time/date.ts'
import { EventQueue } from '../../time/event-queue.ts'
import { Random } from '../../time/random.ts'
import type { StaticManifest } from '../addons/system/manifests.ts'
import type { ApiClient } from '../api/client.ts'
import type { ComponentContext } from '../api/component.ts'
import type { KubeObject } from '../api/object.ts'
import { InProcessClient } from '../apiserver/in-process-client.ts'
import { Operations } from '../apiserver/operations/operations.ts'
import { SYSTEM } from '../apiserver/request-context.ts'
import type { ApiServer } from '../apiserver/server.ts'
import { recordServiceAddresses } from '../apiserver/service-addresses.ts'
import { Store } from '../apiserver/store.ts'
import { daemonSetController } from '../controllers/daemon-set/daemon-set.ts'
import { targetNode } from '../controllers/daemon-set/node-fit.ts'
import { deploymentController } from '../controllers/deployment/deployment.ts'
import { endpointSliceController } from '../controllers/endpoint-slice.ts'
import { endpointsController } from '../controllers/endpoints.ts'
import { replicaSetController } from '../controllers/replica-set.ts'
import type { Pod } from '../kubelet/pod.ts'
import { qosClass } from '../kubelet/resources/qos.ts'
import { mirrorOf, staticPod } from '../kubelet/static-pods.ts'

/** Those that had something to do with a cluster's own Pods. */
const CONTROLLERS = [
  replicaSetController,
  deploymentController,
  daemonSetController,
  endpointsController,
  endpointSliceController,
]

/** A machine of the cluster as it was when kubeadm made it. */
interface PastNode {
  name: string
  ip: string
  controlPlane: boolean
  /** `10.10.0`: what its Pods' addresses begin with. */
  range: string
  manifests: readonly StaticManifest[]
}

interface PastOptions {
  server: ApiServer
  nodes: readonly PastNode[]
  /** With the resource each is created as. */
  objects: readonly (readonly [string, object])[]
}

/** What the objects of the past lean on. */
const GIVEN = ['namespaces', 'nodes', 'priorityclasses.scheduling.k8s.io']

/** By what it came of: the same past is written down once only. */
const PASTS = new Map<string, readonly [string, KubeObject][]>()

/**
 * Writes down what became of a cluster's own Pods before the world began. Takes nothing from the world's seed, so that what
 * the learner makes has the names it would have without. Returns the Pods.
 */
export function writePast(options: PastOptions): Pod[] {
  const { server, nodes, objects } = options
  const { operations } = server
  const key = JSON.stringify([nodes, objects, server.now()])
  let past = PASTS.get(key)
  if (!past) {
    past = livePast(options)
    PASTS.set(key, past)
  }
  const pods: Pod[] = []
  for (const [resource, { metadata, ...rest }] of past) {
    const ownerReferences = metadata.ownerReferences?.map((owner) =>
      owner.kind === 'Node'
        ? { ...owner, uid: server.client.get('nodes', undefined, owner.name)!.metadata.uid }
        : owner,
    )
    const object = { ...rest, metadata: { ...metadata, ...(ownerReferences ? { ownerReferences } : {}) } } as KubeObject
    const stored = operations.table(operations.registry.named(resource)!).put(object)
    if (resource === 'pods') pods.push(stored as Pod)
  }
  return pods
}

/** The controllers do their work, on a clock of their own, with a scheduler and kubelets for which everything goes well. */
function livePast({ server, nodes, objects }: PastOptions): [string, KubeObject][] {
  const { registry, store: world } = server.operations
  const store = new Store()
  for (const name of GIVEN)
    for (const { metadata, ...rest } of world.table(name).list())
      store.table(name).put({ ...rest, metadata: { ...metadata } } as KubeObject)
  const random = new Random(0, 'past')
  const operations = new Operations({ store, registry, random, now: () => server.now() })
  recordServiceAddresses(operations)
  const api = new InProcessClient(operations, SYSTEM, 'kubeadm')
  const clock = new EventQueue()
  const context: ComponentContext = { api, clock, random, events: { record() {} } }
  const running = CONTROLLERS.map((controller) => controller.start(context))
  const host = new PastHost(api, nodes)
  running.push(
    api.watch<Pod>('pods', ({ type, object }) => {
      if (type === 'ADDED') clock.after(0, () => host.run(object))
    }),
  )
  for (const [resource, object] of objects) api.create(resource, object)
  for (const { name, manifests } of nodes) {
    const kubelet = api.as(`system:node:${name}`, 'kubelet')
    const owner = api.get('nodes', undefined, name)
    for (const { text, pod } of manifests)
      kubelet.create('pods', mirrorOf(staticPod(text, pod, name, server.now()), owner))
  }
  while (clock.runNext());
  for (const each of running) each.stop()
  // A Service that comes before its address would be given one anew.
  const tables = [...store.tables()].sort(([a], [b]) => Number(a === 'services') - Number(b === 'services'))
  return tables.flatMap(([name, table]) => {
    const known = new Set(
      world
        .table(name)
        .list()
        .map(({ metadata }) => metadata.name),
    )
    const fresh = GIVEN.includes(name) ? table.list().filter(({ metadata }) => !known.has(metadata.name)) : table.list()
    return fresh.map((object): [string, KubeObject] => [name, object])
  })
}

/** Places Pods and says that they run. */
class PastHost {
  readonly #api: ApiClient
  readonly #nodes: readonly PastNode[]
  /** By node: the last address's last number. */
  readonly #last = new Map<string, number>()

  constructor(api: ApiClient, nodes: readonly PastNode[]) {
    this.#api = api
    this.#nodes = nodes
  }

  run({ metadata, spec }: Pod): void {
    const api = this.#api
    const { name, namespace } = metadata
    // CoreDNS came when there was nothing but the control plane.
    const wanted = targetNode({ metadata, spec } as Pod)
    const node = this.#nodes.find((each) => (wanted ? each.name === wanted : each.controlPlane))!
    if (!spec.nodeName) {
      const target = { kind: 'Node', name: node.name }
      const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace }, target }
      api.as('system:kube-scheduler', 'kube-scheduler').create('pods', binding, { subresource: 'binding' })
    }
    const pod = api.get<Pod>('pods', namespace, name)!
    const podIP = spec.hostNetwork ? node.ip : this.#address(node)
    api
      .as(`system:node:${node.name}`, 'kubelet')
      .update<Pod>(
        'pods',
        { ...pod, status: { ...pod.status, ...readyStatus(pod, node.ip, podIP, rfc3339(api.now())) } as Pod['status'] },
        { subresource: 'status' },
      )
  }

  #address({ name, range }: PastNode): string {
    const last = (this.#last.get(name) ?? 1) + 1
    this.#last.set(name, last)
    return `${range}.${last}`
  }
}

/** What kubelets say of a Pod that is ready; which containers these are, only they can tell. */
function readyStatus({ metadata, spec, status }: Pod, hostIP: string, podIP: string, time: string): object {
  const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady']
  const { generation } = metadata
  const fixed = { status: 'True', lastProbeTime: null, lastTransitionTime: time, observedGeneration: generation }
  const others = (status?.conditions ?? []).filter(({ type }) => !types.includes(type))
  return {
    conditions: [...types.map((type) => ({ type, ...fixed })), ...others],
    hostIP,
    hostIPs: [{ ip: hostIP }],
    observedGeneration: generation,
    phase: 'Running',
    podIP,
    podIPs: [{ ip: podIP }],
    qosClass: qosClass(spec),
    startTime: time,
  }
}
