import type { ContainerHandle } from '../../../containers/engine.ts'
import type { Timer } from '../../../time/event-queue.ts'
import type { NodeServices } from '../node.ts'
import { type Container, type ContainerKind, containersOf, type Pod, type Probe } from '../pod.ts'
import type { PodRuntime } from '../runtime/pod-runtime.ts'
import { type ProbeKind, type ProbeResult, probe } from './prober.ts'

const KINDS: readonly ProbeKind[] = ['startup', 'readiness', 'liveness']

export interface ProbeTarget {
  pod(): Pod
  runtime: PodRuntime
  podIP(): string
  /** A verdict changed: the Pod wants a sync. */
  changed(): void
}

/** The probe workers of one Pod: one for each container and kind of probe. */
export class ProbeManager {
  readonly #node: NodeServices
  readonly #target: ProbeTarget
  readonly #workers = new Map<string, ProbeWorker>()

  constructor(node: NodeServices, target: ProbeTarget) {
    this.#node = node
    this.#target = target
  }

  /** Starts workers for the containers that are declared and have none yet. */
  ensure(): void {
    for (const { kind, container } of containersOf(this.#target.pod())) {
      for (const probeKind of KINDS) {
        const spec = probeSpec(container, probeKind)
        const key = `${container.name}/${probeKind}`
        if (!spec || this.#workers.has(key)) continue
        this.#workers.set(key, new ProbeWorker(this.#node, this.#target, this, kind, container, probeKind, spec))
      }
    }
  }

  /** Whether the container counts as started: its startup probe has passed, or it has none. */
  started(name: string): boolean {
    const worker = this.#workers.get(`${name}/startup`)
    return !worker || worker.verdict(this.#target.runtime.latest(name)?.handle) === 'success'
  }

  ready(name: string): boolean {
    const worker = this.#workers.get(`${name}/readiness`)
    return !worker || worker.verdict(this.#target.runtime.latest(name)?.handle) === 'success'
  }

  failed(name: string): 'liveness' | 'startup' | undefined {
    const handle = this.#target.runtime.latest(name)?.handle
    if (this.#workers.get(`${name}/startup`)?.verdict(handle) === 'failure') return 'startup'
    if (this.#workers.get(`${name}/liveness`)?.verdict(handle) === 'failure') return 'liveness'
    return undefined
  }

  /** The grace a failed probe asks for itself, in seconds. */
  grace(name: string, kind: 'liveness' | 'startup'): number | undefined {
    return this.#workers.get(`${name}/${kind}`)?.spec.terminationGracePeriodSeconds
  }

  /** Ends liveness and startup probes of a Pod that is going. */
  stopLiveness(): void {
    for (const worker of this.#workers.values()) if (worker.kind !== 'readiness') worker.stop()
  }

  stop(): void {
    for (const worker of this.#workers.values()) worker.stop()
  }

  /** Probes at once what a container that has just started waits for. */
  kick(name: string): void {
    for (const kind of KINDS) this.#workers.get(`${name}/${kind}`)?.kick()
  }

  /** Every sync of a Pod probes the readiness of those of its containers that are not ready. */
  retry(): void {
    const { now } = this.#node.world.clock
    for (const worker of this.#workers.values()) {
      const handle = this.#target.runtime.latest(worker.container)?.handle
      if (
        worker.kind === 'readiness' &&
        handle?.status === 'running' &&
        worker.verdict(handle) !== 'success' &&
        now - worker.lastAt > 500
      )
        worker.kick()
    }
  }
}

function probeSpec(container: Container, kind: ProbeKind): Probe | undefined {
  if (kind === 'startup') return container.startupProbe
  return kind === 'readiness' ? container.readinessProbe : container.livenessProbe
}

class ProbeWorker {
  readonly kind: ProbeKind
  readonly spec: Probe
  readonly #node: NodeServices
  readonly #target: ProbeTarget
  readonly #manager: ProbeManager
  readonly #list: ContainerKind
  readonly #name: string
  #timer: Timer | undefined
  #stopped = false
  #containerId = ''
  #verdict: 'success' | 'failure' | 'unknown' = 'unknown'
  #last: ProbeResult['outcome'] | undefined
  #run = 0
  #onHold = false
  #busy = false

  constructor(
    node: NodeServices,
    target: ProbeTarget,
    manager: ProbeManager,
    list: ContainerKind,
    container: Container,
    kind: ProbeKind,
    spec: Probe,
  ) {
    this.#node = node
    this.#target = target
    this.#manager = manager
    this.#list = list
    this.#name = container.name
    this.kind = kind
    this.spec = spec
    this.#plan(node.random.float() * 100)
  }

  get container(): string {
    return this.#name
  }

  verdict(handle: ContainerHandle | undefined): 'success' | 'failure' | 'unknown' {
    if (handle && handle.id === this.#containerId) return this.#verdict
    return this.kind === 'liveness' ? 'success' : 'unknown'
  }

  /** Virtual ms of the last probe that was carried out. */
  lastAt = Number.NEGATIVE_INFINITY

  kick(): void {
    if (!this.#busy && this.kind !== 'liveness') this.#plan(this.#node.random.float())
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  #plan(delay: number): void {
    if (this.#stopped) return
    this.#timer?.cancel()
    this.#timer = this.#node.world.clock.after(delay, () => {
      void this.#tick()
    })
  }

  get #period(): number {
    return (this.spec.periodSeconds ?? 10) * 1000
  }

  async #tick(): Promise<void> {
    if (this.#busy) return
    this.#node.world.waiting.awakened = true
    this.#busy = true
    try {
      await this.#probe()
    } finally {
      this.#busy = false
      this.#plan(this.#period)
    }
  }

  async #probe(): Promise<void> {
    const run = this.#target.runtime.latest(this.#name)
    if (!run) return
    const { handle } = run
    if (handle.id !== this.#containerId) {
      this.#containerId = handle.id
      this.#verdict = this.kind === 'liveness' ? 'success' : 'unknown'
      this.#last = undefined
      this.#run = 0
      this.#onHold = false
    }
    if (this.#onHold || handle.status !== 'running' || handle.startedAt === undefined || run.killing) return
    if (this.#node.wallClock() - handle.startedAt < (this.spec.initialDelaySeconds ?? 0) * 1000) return
    const started = this.#manager.started(this.#name)
    if (started ? this.kind === 'startup' : this.kind !== 'startup') return
    const pod = this.#target.pod()
    const container = containersOf(pod).find((c) => c.container.name === this.#name)?.container
    if (!container) return
    this.lastAt = this.#node.world.clock.now
    let result = await probe(this.#node, container, handle, this.spec, this.#target.podIP())
    // The kubelet tries an errored or failed probe up to three times only for errors of its own.
    if (this.#stopped || handle.status !== 'running') return
    if (result.outcome !== 'success') this.#report(pod, result)
    if (result.outcome === 'unknown') return
    result = { ...result }
    if (result.outcome === this.#last) this.#run++
    else {
      this.#last = result.outcome
      this.#run = 1
    }
    const needed = result.outcome === 'failure' ? (this.spec.failureThreshold ?? 3) : (this.spec.successThreshold ?? 1)
    if (this.#run < needed) return
    if (this.#verdict !== result.outcome) {
      this.#verdict = result.outcome as 'success' | 'failure'
      this.#target.changed()
      if (this.kind === 'startup' && result.outcome === 'success') this.#manager.kick(this.#name)
    }
    if (this.kind !== 'readiness' && result.outcome === 'failure') {
      this.#onHold = true
      this.#run = 0
    }
  }

  #report(pod: Pod, { outcome, output }: ProbeResult): void {
    const title = `${this.kind[0]!.toUpperCase()}${this.kind.slice(1)} probe`
    const message =
      outcome === 'unknown' ? `${title} errored and resulted in unknown state: ${output}` : `${title} failed: ${output}`
    this.#node.recordContainer(pod, this.#list, this.#name, 'Warning', 'Unhealthy', message)
  }
}
