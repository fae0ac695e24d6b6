import type { ContainerEngine } from '../../containers/engine.ts'
import type { WorldContext } from '../../linux/machine.ts'
import type { Process } from '../../linux/process.ts'
import { Random } from '../../time/random.ts'
import { defer } from '../../time/waiting.ts'
import type { ComponentContext, Running } from '../api/component.ts'
import type { KubeletPort } from '../api/kubelet-port.ts'
import { ApiError, type KubeObject } from '../api/object.ts'
import { admit } from './admission.ts'
import { EvictionManager } from './eviction.ts'
import { ImageManager } from './images/image-manager.ts'
import type { NodeConfig, NodeServices, PodNetwork } from './node.ts'
import { Heartbeat } from './nodes/heartbeat.ts'
import { allocatableOf, DEFAULT_CAPACITY, type NodeIdentity } from './nodes/node-object.ts'
import { fieldPath, HASH_ANNOTATION, MIRROR_ANNOTATION, type Pod, podKey, SOURCE_ANNOTATION } from './pod.ts'
import type { PodSource } from './pod-source.ts'
import { restoreRuntime } from './runtime/restore.ts'
import { StaticPods } from './static-pods.ts'
import { kubeletPort } from './streams/port.ts'
import { BackOff } from './sync/back-off.ts'
import { PodWorker } from './sync/pod-worker.ts'

export interface KubeletOptions {
  context: ComponentContext
  world: WorldContext
  engine: ContainerEngine
  node: NodeConfig
  /** One for the cluster. */
  pods: PodSource
  network: PodNetwork
  /** The kubelet's process on the node's kernel. Absent on nodes without a kernel. */
  host?: Process
  identity?: Partial<NodeIdentity>
  /** Pods that the API shows as ready when the world begins have been running all along: it keeps quiet until they are. */
  isSettled?: boolean
}

/** By then the containers of a cluster that has been up for long are there. Virtual ms. */
const SETTLED = 20_000

export interface Kubelet extends Running {
  readonly port: KubeletPort
  /** Writes a manifest of a static Pod to its folder; `said` is what the text says. */
  placeManifest(file: string, text: string, said: object): void
  /** Starts again after `stop()`: finds the containers that went on running. */
  start(): void
  readonly running: boolean
}

/** Starts a node's kubelet: registers the Node, then runs the Pods bound to it. */
export function startKubelet(options: KubeletOptions): Kubelet {
  const kubelet = new NodeKubelet(options)
  kubelet.start()
  return kubelet
}

class NodeKubelet implements Kubelet {
  readonly port: KubeletPort
  readonly #options: KubeletOptions
  readonly #node: NodeServices
  readonly #workers = new Map<string, PodWorker>()
  readonly #backOff = new BackOff(10_000, 300_000)
  readonly #heartbeat: Heartbeat
  readonly #eviction: EvictionManager
  readonly #static: StaticPods
  readonly #allocatable: Record<string, string>
  readonly #phase: number
  #hasStarted = false
  #subscription: { stop(): void } | undefined
  #writing = false

  constructor(options: KubeletOptions) {
    this.#options = options
    const { context, world, engine, node, network, host } = options
    const api = context.api.as(`system:node:${node.name}`, 'kubelet')
    const source = { component: 'kubelet', host: node.name }
    const random = context.random.fork(`kubelet/${node.name}`)
    const before = new Random(0, `kubelet/${node.name}`)
    const isSettling = () => this.#hasStarted && options.isSettled === true && world.clock.now < SETTLED
    this.#node = {
      node,
      api,
      world,
      // Pods that were there before the world began take nothing from its seed.
      get random() {
        return isSettling() ? before : random
      },
      engine,
      host,
      images: new ImageManager(engine, world.clock),
      network,
      sleep: (ms) => {
        const done = defer<void>(world.waiting)
        world.clock.after(ms, () => done.resolve())
        return done.promise
      },
      deadline: (ms) => {
        const expired = defer<'expired'>(world.waiting)
        const timer = world.clock.after(ms, () => expired.resolve('expired'))
        return { expired: expired.promise, cancel: () => timer.cancel() }
      },
      wallClock: () => world.epoch + world.clock.now,
      record: (object, type, reason, message) => context.events.record(object, type, reason, message, source),
      recordContainer: (pod, kind, name, type, reason, message) =>
        context.events.record(pod, type, reason, message, { ...source, fieldPath: fieldPath(kind, name) }),
    }
    this.#allocatable = allocatableOf({ ...DEFAULT_CAPACITY, ...node.capacity })
    this.#phase = this.#node.random.float() * 1000
    const identity: NodeIdentity = {
      machineID: this.#node.random.hex(32),
      bootID: this.#node.random.uuid(),
      kernelVersion: host?.machine.kernelRelease ?? '6.1.0-kubebook',
      osImage: 'Debian GNU/Linux 12 (bookworm)',
      containerRuntimeVersion: 'containerd://2.1.9+unknown',
      ...options.identity,
    }
    this.#heartbeat = new Heartbeat(this.#node, identity, () => ({
      memory: false,
      disk: false,
      pid: false,
      ...(network.notReady() === undefined
        ? {}
        : {
            notReady: `container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: ${network.notReady()}`,
          }),
    }))
    this.#eviction = new EvictionManager(this.#node, () => [...this.#workers.values()])
    this.#static = new StaticPods(this.#node, {
      add: (pod) => this.#add(pod),
      refresh: (uid) => this.#workers.get(uid)?.wake(),
      remove: (uid) => this.#workers.get(uid)?.abandon(),
    })
    this.port = kubeletPort(
      this.#node,
      () => this.running,
      (namespace, name) => this.#find(namespace, name),
      () => [...this.#workers.values()],
    )
  }

  get running(): boolean {
    return this.#subscription !== undefined
  }

  start(): void {
    if (this.#subscription) return
    this.#hasStarted = true
    this.#heartbeat.start()
    this.#eviction.start()
    this.#subscription = this.#options.pods.subscribe(this.#node.node.name, ({ type, object }) => {
      if (type === 'DELETED') this.#removed(object)
      else this.#seen(object)
    })
    this.#static.start()
  }

  stop(): void {
    this.#subscription?.stop()
    this.#subscription = undefined
    this.#heartbeat.stop()
    this.#eviction.stop()
    this.#static.stop()
    for (const worker of this.#workers.values()) worker.stop()
    this.#workers.clear()
  }

  placeManifest(file: string, text: string, said: object): void {
    this.#static.place(file, text, said)
  }

  #find(namespace: string, name: string): PodWorker | undefined {
    for (const worker of this.#workers.values()) {
      const { metadata } = worker.pod
      if (metadata.name === name && metadata.namespace === namespace) return worker
    }
    return undefined
  }

  #seen(pod: Pod): void {
    const worker = this.#workers.get(pod.metadata.uid)
    if (worker) {
      const others = onlyStatusChanged(worker.pod, pod)
      const overwritten = readyOf(worker.pod) !== readyOf(pod)
      if (!others) this.#deliver(worker, pod)
      else worker.pod = pod
      // Somebody else (the node controller) wrote over the status: it is put right at the next batch.
      if (overwritten && others && !this.#writing)
        this.#node.world.clock.after(this.#node.random.float() * 10_000, () => worker.wake())
      return
    }
    if (pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) {
      if (pod.metadata.deletionTimestamp) this.#node.world.clock.after(500, () => this.#deletePod(pod))
      else this.#mirrorSeen(pod)
      return
    }
    this.#add(pod)
  }

  #mirrorSeen(mirror: Pod): void {
    if (this.#writing) return
    const own = this.#static.byMirror(mirror.metadata.namespace, mirror.metadata.name)
    const worker = own && this.#workers.get(own.metadata.uid)
    if (!worker || readyOf(worker.pod) === readyOf(mirror)) return
    this.#node.world.clock.after(this.#node.random.float() * 10_000, () => worker.wake())
  }

  /** A hop of the watch connection. */
  #deliver(worker: PodWorker, pod: Pod): void {
    worker.pod = pod
    this.#node.world.clock.after(1 + this.#node.random.float() * 4, () => worker.update(worker.pod))
  }

  #add(pod: Pod): void {
    const runtime = restoreRuntime(this.#node, pod)
    const terminal = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
    if (terminal && !runtime && pod.metadata.deletionTimestamp) {
      this.#node.world.clock.after(2, () => this.#deletePod(pod))
      return
    }
    const worker = new PodWorker({
      node: this.#node,
      pod,
      allocatable: this.#allocatable,
      backOff: this.#backOff,
      ...(runtime ? { runtime } : {}),
      onEnd: () => {
        this.#workers.delete(pod.metadata.uid)
        this.#node.images.forget(pod.metadata.uid)
        this.#backOff.forget(`${pod.metadata.uid}_`)
      },
      writeStatus: (current, status) => this.#writeStatus(current, status),
      deletePod: (current) => this.#deletePod(current),
    })
    worker.relistDelay = () => this.#untilRelist()
    this.#workers.set(pod.metadata.uid, worker)
    this.#node.world.clock.after(2 + this.#node.random.float() * 8, () => {
      if (!this.running || this.#workers.get(pod.metadata.uid) !== worker) return
      if (!runtime && !terminal && !pod.metadata.deletionTimestamp) {
        const others = [...this.#workers.values()]
          .filter((w) => w !== worker && w.state === 'syncing')
          .map((w) => w.pod)
        const refusal = admit(worker.pod, others, this.#nodeObject(), this.#allocatable)
        if (refusal) {
          this.#refuse(worker, refusal)
          return
        }
      }
      if (terminal) worker.terminate(0)
      else worker.update(worker.pod)
    })
  }

  #refuse(worker: PodWorker, { reason, message }: { reason: string; message: string }): void {
    this.#node.record(worker.pod, 'Warning', reason, message)
    worker.terminate(0, { reason, message: `Pod was rejected: ${message}` })
  }

  #nodeObject(): KubeObject | undefined {
    return this.#node.api.get('nodes', undefined, this.#node.node.name)
  }

  #removed(pod: Pod): void {
    if (pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined) {
      // Its static Pod goes on; the mirror comes back.
      this.#static.check()
      return
    }
    const worker = this.#workers.get(pod.metadata.uid)
    if (worker) this.#node.world.clock.after(1 + this.#node.random.float() * 4, () => worker.abandon())
  }

  #writeStatus(pod: Pod, status: Pod['status']): void {
    const { api } = this.#node
    const current = api.get<Pod>('pods', pod.metadata.namespace, pod.metadata.name)
    const worker = this.#workers.get(pod.metadata.uid)
    const mirrored = isStatic(pod)
    if (!current || (!mirrored && current.metadata.uid !== pod.metadata.uid)) {
      if (worker) worker.pod = { ...worker.pod, status }
      return
    }
    if (sameStatus(current.status, status) || this.#isSettling(current, status)) return
    this.#writing = true
    const written = api.update<Pod>('pods', { ...current, status }, { subresource: 'status' })
    this.#writing = false
    if (!worker) return
    if (mirrored) worker.pod = { ...worker.pod, status: written.status }
    // What came back may tell of a deletion before the watch does.
    else if (onlyStatusChanged(worker.pod, written)) worker.pod = written
    else this.#deliver(worker, written)
  }

  #isSettling(current: Pod, status: Pod['status']): boolean {
    if (!this.#options.isSettled || this.#node.world.clock.now > SETTLED) return false
    return readyOf(current) === 'True' && readyOf({ ...current, status }) !== 'True'
  }

  #deletePod(pod: Pod): void {
    if (isStatic(pod)) return
    const { name, namespace, uid } = pod.metadata
    try {
      this.#node.api.delete('pods', namespace, name, { gracePeriodSeconds: 0, preconditions: { uid } })
    } catch (error) {
      // Already gone, or replaced by a Pod of the same name.
      if (!(error instanceof ApiError)) throw error
    }
  }

  /** The kubelet looks at its containers once a second, at the same moment for all Pods. */
  #relist = { tick: 0, pods: 0 }

  #untilRelist(): number {
    const { now } = this.#node.world.clock
    const passed = (((now - this.#phase) % 1000) + 1000) % 1000
    // What it finds it reports one Pod after the other, each a request of its own.
    const tick = now - passed + 1000
    const isSame = Math.abs(tick - this.#relist.tick) < 1
    this.#relist = { tick, pods: isSame ? this.#relist.pods + 1 : 0 }
    return 1000 - passed + 2 + Math.min(this.#relist.pods, 40) * 12
  }

  podKeys(): string[] {
    return [...this.#workers.values()].map((worker) => podKey(worker.pod))
  }
}

const readyOf = (pod: Pod) => pod.status?.conditions?.find((c) => c.type === 'Ready')?.status

const isStatic = (pod: Pod) =>
  pod.metadata.annotations?.[SOURCE_ANNOTATION] === 'file' &&
  pod.metadata.uid === pod.metadata.annotations[HASH_ANNOTATION]

/** The kubelet's own writes come back to it: nothing to do, unless somebody else set a readiness gate. */
function onlyStatusChanged(before: Pod, after: Pod): boolean {
  const gates = (pod: Pod) =>
    (pod.spec.readinessGates ?? []).map((g) => pod.status?.conditions?.find((c) => c.type === g.conditionType)?.status)
  return (
    before.metadata.generation === after.metadata.generation &&
    before.metadata.deletionTimestamp === after.metadata.deletionTimestamp &&
    before.metadata.deletionGracePeriodSeconds === after.metadata.deletionGracePeriodSeconds &&
    sameStatus(before.metadata.labels, after.metadata.labels) &&
    sameStatus(before.metadata.annotations, after.metadata.annotations) &&
    sameStatus(gates(before), gates(after))
  )
}

function sameStatus(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const left = a as Record<string, unknown>
  const right = b as Record<string, unknown>
  const keys = Object.keys(left).filter((key) => left[key] !== undefined)
  if (keys.length !== Object.keys(right).filter((key) => right[key] !== undefined).length) return false
  return keys.every((key) => sameStatus(left[key], right[key]))
}
