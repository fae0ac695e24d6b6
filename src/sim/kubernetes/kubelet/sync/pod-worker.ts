import type { Timer } from '../../../time/event-queue.ts'
import { type Deferred, defer } from '../../../time/waiting.ts'
import { ApiError } from '../../api/object.ts'
import { pullSecrets } from '../images/pull-secrets.ts'
import { jitter, type NodeServices } from '../node.ts'
import { type Container, containersOf, isTerminal, type Pod } from '../pod.ts'
import { ProbeManager } from '../probes/probe-manager.ts'
import { removeLogFiles } from '../runtime/log-files.ts'
import { type ContainerRun, hasExited, isLive, PodRuntime } from '../runtime/pod-runtime.ts'
import type { WaitingReason } from '../status/container-status.ts'
import { podStatus } from '../status/pod-status.ts'
import { PodVolumes } from '../volumes/pod-volumes.ts'
import type { BackOff } from './back-off.ts'
import { killContainer, killPod } from './kill.ts'
import { type Plan, planSync } from './plan.ts'
import { PodResize } from './resize.ts'
import { reportSandboxChanged, startSandbox, stopSandbox } from './sandbox.ts'
import { startContainer } from './start-container.ts'
import { SyncError } from './sync-error.ts'
import { readTerminationMessage } from './termination-message.ts'

const RESYNC = 60_000
const ERROR_BACK_OFF = 10_000

export interface Verdict {
  phase?: string
  reason: string
  message: string
}

export interface PodWorkerOptions {
  node: NodeServices
  pod: Pod
  allocatable: Record<string, string>
  /** Restart back-off of containers, shared by the Pods of the node. */
  backOff: BackOff
  /** Present when the kubelet finds the Pod's containers already there. */
  runtime?: PodRuntime
  /** Everything of the Pod is gone from the node. */
  onEnd(): void
  /** Writes the status (a mirror Pod's for a static one). */
  writeStatus(pod: Pod, status: Pod['status']): void
  /** Takes the API object away once the Pod has ended and is marked for deletion. */
  deletePod(pod: Pod): void
}

/** One Pod on a node: a loop that syncs it, one pass at a time, until it is ended and cleaned up. */
export class PodWorker {
  readonly runtime: PodRuntime
  readonly volumes: PodVolumes
  readonly probes: ProbeManager
  readonly reasons = new Map<string, WaitingReason>()
  pod: Pod
  state: 'syncing' | 'terminating' | 'terminated' = 'syncing'
  verdict: Verdict | undefined
  readonly #o: PodWorkerOptions
  readonly #resize = new PodResize()
  readonly #node: NodeServices
  #busy = false
  #pending = false
  #timer: Timer | undefined
  #deadline: Timer | undefined
  #cancelled: Deferred<void>
  #grace: number | undefined
  #killAt: Timer | undefined
  #stopped = false
  #wakeAt = 0

  constructor(options: PodWorkerOptions) {
    this.#o = options
    this.#node = options.node
    this.pod = options.pod
    this.runtime = options.runtime ?? new PodRuntime()
    this.volumes = new PodVolumes(options.node, options.allocatable)
    this.#cancelled = defer<void>(options.node.world.waiting)
    this.probes = new ProbeManager(options.node, {
      pod: () => this.pod,
      runtime: this.runtime,
      podIP: () => this.ip,
      changed: () => this.wake(),
    })
    this.#watchRuns()
  }

  get ip(): string {
    return this.pod.spec.hostNetwork ? this.#node.node.ip : (this.runtime.sandbox?.ip ?? this.pod.status?.podIP ?? '')
  }

  /** The Pod's new version from the API (or the manifest). */
  update(pod: Pod): void {
    this.pod = pod
    if (pod.metadata.deletionTimestamp) this.terminate(pod.metadata.deletionGracePeriodSeconds ?? 30)
    else this.wake()
  }

  /** Ends the Pod; grace in seconds, only ever shortened by later calls. */
  terminate(grace: number, verdict?: Verdict): void {
    if (verdict) this.verdict ??= verdict
    const before = this.#grace
    this.#grace = before === undefined ? grace : Math.min(before, grace)
    if (this.state === 'terminated') {
      this.wake()
      return
    }
    if (this.state === 'terminating' && before !== undefined && grace < before) this.#hasten(grace)
    if (this.state === 'syncing') {
      this.state = 'terminating'
      this.probes.stopLiveness()
      this.#cancelled.resolve()
    }
    this.wake()
  }

  /** Asks for a sync now; while one runs, for another one after it. */
  wake(): void {
    if (this.#stopped) return
    if (this.#busy) this.#pending = true
    else void this.#run()
  }

  /** The kubelet stops: containers go on by themselves. */
  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
    this.#deadline?.cancel()
    this.#killAt?.cancel()
    this.probes.stop()
    this.#cancelled.resolve()
  }

  /** The runtime told of a change: seen at the next relist, so that all Pods of the node share its rhythm. */
  runtimeChanged(delay: number): void {
    const { now } = this.#node.world.clock
    const at = now + delay
    // One relist tells of all that happened to the Pod before it.
    if (this.#wakeAt > now && at - this.#wakeAt < 500) return
    this.#wakeAt = at
    this.#node.world.clock.after(delay, () => {
      this.#removeOldRuns()
      this.wake()
    })
  }

  relistDelay: () => number = () => 500

  async #run(): Promise<void> {
    // Begun from an event, not from a promise: the driver must let our own promises settle.
    this.#node.world.waiting.awakened = true
    this.#busy = true
    this.#pending = false
    this.#timer?.cancel()
    let delay: number | undefined
    try {
      delay = await this.#pass()
    } catch (error) {
      if (error instanceof SyncError)
        delay = jitter(this.#node.random, Math.min(error.retryAfter ?? ERROR_BACK_OFF, RESYNC))
      else if (error instanceof ApiError) delay = jitter(this.#node.random, 1000)
      else throw error
    } finally {
      this.#busy = false
    }
    if (this.#stopped) return
    if (this.#pending) void this.#run()
    else if (delay !== undefined) this.#timer = this.#node.world.clock.after(delay, () => this.wake())
  }

  /** One pass; the time until the next, or undefined when only a change brings one. */
  async #pass(): Promise<number | undefined> {
    if (this.#stopped) return undefined
    if (this.state === 'terminated') {
      this.#finish()
      return undefined
    }
    if (this.state === 'terminating') {
      await this.#terminatePass()
      return undefined
    }
    return this.#syncPass()
  }

  async #syncPass(): Promise<number | undefined> {
    const node = this.#node
    this.#checkDeadline()
    if (this.verdict) {
      this.terminate(this.pod.spec.terminationGracePeriodSeconds ?? 30)
      return undefined
    }
    this.#forgetExpiredBackOff()
    const status = this.writeStatus(false)
    if (status.phase === 'Succeeded' || status.phase === 'Failed') {
      this.terminate(this.pod.spec.terminationGracePeriodSeconds ?? 30)
      return undefined
    }
    await this.#pullVolumeImages()
    await this.volumes.mount(
      () => this.pod,
      () => this.#cancelled.settled,
    )
    if (this.#cancelled.settled || this.#stopped) return undefined
    this.probes.ensure()
    this.probes.retry()
    const plan = planSync(this.pod, this.runtime, this.probes)
    if (plan.killPod) {
      await this.#endRest()
      return undefined
    }
    this.#resize.apply(node, this.pod, this.runtime, plan)
    if (this.#resize.touched) this.writeStatus(false)
    await this.#carryOut(plan)
    this.#resize.settle(node, this.pod, this.runtime)
    return this.volumes.live ? jitter(node.random, RESYNC) : undefined
  }

  /** A container that is about to be started again does not show as backing off any more. */
  #forgetExpiredBackOff(): void {
    for (const { container } of containersOf(this.pod)) {
      if (this.reasons.get(container.name)?.reason !== 'CrashLoopBackOff') continue
      const run = this.runtime.latest(container.name)
      if (!run) continue
      const finished = run.handle.finishedAt ?? run.createdAt
      const left = this.#o.backOff.left(this.#backOffKey(container), finished, this.#node.wallClock())
      if (left <= 0) this.reasons.delete(container.name)
    }
  }

  #backOffKey(container: Container): string {
    return `${this.pod.metadata.uid}_${container.name}_${container.image}`
  }

  /** Images that are volumes are looked after like those of containers, at every sync. */
  async #pullVolumeImages(): Promise<void> {
    for (const volume of this.pod.spec.volumes ?? []) {
      const source = (volume as { image?: { reference?: string; pullPolicy?: string } }).image
      if (!source) continue
      const reference = source.reference ?? ''
      await this.#node.images.ensure({
        image: reference,
        policy: source.pullPolicy ?? 'IfNotPresent',
        podUid: this.pod.metadata.uid,
        auths: pullSecrets(this.#node.api, this.pod).authsFor(reference),
        record: (type, reason, message) => this.#node.record(this.pod, type, reason, message),
      })
    }
  }

  /** All main containers are done for good: the sidecars go too. */
  async #endRest(): Promise<void> {
    await killPod(this.#node, this.pod, this.runtime, () => this.pod.spec.terminationGracePeriodSeconds ?? 30)
    this.#pending = true
  }

  async #carryOut(plan: Plan): Promise<void> {
    const node = this.#node
    let worst: SyncError | undefined
    const failed = (error: SyncError) => {
      if (!worst || (error.retryAfter ?? ERROR_BACK_OFF) < (worst.retryAfter ?? ERROR_BACK_OFF)) worst = error
    }
    for (const { run, container, message, reason } of plan.kill) {
      const own = reason ? this.probes.grace(run.name, reason as 'liveness') : undefined
      const grace = own ?? this.pod.spec.terminationGracePeriodSeconds ?? 30
      await killContainer(node, this.pod, run, container, { message, grace })
      this.#noteExit(run)
    }
    if (plan.createSandbox) {
      if (this.runtime.sandbox) {
        reportSandboxChanged(node, this.pod)
        for (const run of this.runtime.live()) run.handle.kill('SIGKILL')
      }
      await startSandbox(node, this.pod, this.runtime)
      this.#watchSandbox()
    }
    const credentials = pullSecrets(node.api, this.pod)
    if (credentials.missing.length > 0) {
      node.record(
        this.pod,
        'Warning',
        'FailedToRetrieveImagePullSecret',
        `Unable to retrieve some image pull secrets (${credentials.missing.join(', ')}); attempting to pull the image may not succeed.`,
      )
    }
    for (const { kind, container } of plan.start) {
      if (this.#cancelled.settled || this.#stopped) return
      try {
        this.#checkBackOff(kind, container)
        await startContainer({
          node,
          pod: this.pod,
          kind,
          container,
          runtime: this.runtime,
          volumes: this.volumes,
          credentials,
          allocatable: this.#o.allocatable,
          cancelled: this.#cancelled.promise,
        })
        this.reasons.delete(container.name)
      } catch (error) {
        if (!(error instanceof SyncError)) throw error
        if (error.reason) this.reasons.set(container.name, { reason: error.reason, message: error.message })
        failed(error)
      }
      const run = this.runtime.latest(container.name)
      if (run) this.#watchRun(run)
      this.probes.kick(container.name)
    }
    if (worst) throw worst
  }

  /** A container that ended a moment ago waits: 10 s, doubling to 5 min. */
  #checkBackOff(kind: Plan['start'][number]['kind'], container: Container): void {
    const run = this.runtime.latest(container.name)
    if (!run || !hasExited(run)) return
    const node = this.#node
    const { backOff } = this.#o
    const key = this.#backOffKey(container)
    const now = node.wallClock()
    const finished = run.handle.finishedAt ?? run.createdAt
    const left = backOff.left(key, finished, now)
    if (left <= 0) {
      backOff.next(key, now)
      return
    }
    const title = `${this.pod.metadata.name}_${this.pod.metadata.namespace}(${this.pod.metadata.uid})`
    node.recordContainer(
      this.pod,
      kind,
      container.name,
      'Warning',
      'BackOff',
      `Back-off restarting failed container ${container.name} in pod ${title}`,
    )
    const delay = goSeconds(backOff.delay(key))
    throw new SyncError(
      'CrashLoopBackOff',
      `back-off ${delay} restarting failed container=${container.name} pod=${title}`,
      left,
    )
  }

  async #terminatePass(): Promise<void> {
    this.writeStatus(false)
    await killPod(this.#node, this.pod, this.runtime, () => this.#grace ?? 30)
    if (this.#stopped) return
    for (const run of this.runtime.all()) this.#noteExit(run)
    this.probes.stop()
    stopSandbox(this.#node, this.pod, this.runtime)
    await this.#node.sleep(20 + this.#node.random.float() * 60)
    if (this.#stopped) return
    this.state = 'terminated'
    this.#deadline?.cancel()
    this.reasons.clear()
    this.writeStatus(true)
    this.volumes.unmount(this.pod)
    await this.#node.sleep(100 + this.#node.random.float() * 400)
    if (!this.#stopped) this.#finish()
  }

  /** Containers and API object of an ended Pod go once it is marked for deletion. */
  #finish(): void {
    if (!this.pod.metadata.deletionTimestamp) return
    this.#stopped = true
    this.removeContainers()
    this.#o.deletePod(this.pod)
    this.#o.onEnd()
  }

  /** The Pod is gone from the API: nothing is kept. */
  abandon(): void {
    if (this.state === 'terminated') {
      this.#stopped = true
      this.removeContainers()
      this.#o.onEnd()
    } else {
      this.pod = {
        ...this.pod,
        metadata: { ...this.pod.metadata, deletionTimestamp: this.pod.metadata.deletionTimestamp ?? 'now' },
      }
      this.terminate(this.pod.metadata.deletionGracePeriodSeconds ?? this.pod.spec.terminationGracePeriodSeconds ?? 30)
    }
  }

  removeContainers(): void {
    for (const run of this.runtime.all()) {
      if (!run.removed) run.handle.remove()
      run.removed = true
    }
    this.runtime.sandbox?.handle.remove()
    this.runtime.sandbox = undefined
    if (this.#node.host) removeLogFiles(this.#node.host, this.pod)
  }

  writeStatus(terminal: boolean): NonNullable<Pod['status']> {
    const node = this.#node
    if (this.verdict?.reason === 'DeadlineExceeded') {
      // Said again whenever the status is made, as the kubelet's deadline handler does.
      node.record(this.pod, 'Normal', this.verdict.reason, this.verdict.message)
    }
    for (const run of this.runtime.all()) this.#noteExit(run)
    const status = podStatus(this.pod, {
      runtime: this.runtime,
      reasons: this.reasons,
      started: (name) => this.probes.started(name) && this.runtime.latest(name)?.postStarted !== false,
      ready: (name) => this.probes.ready(name),
      hostIP: node.node.ip,
      now: node.wallClock(),
      terminal,
      ...(this.verdict ? { verdict: this.verdict } : {}),
    })
    this.#o.writeStatus(this.pod, status)
    return status
  }

  #noteExit(run: ContainerRun): void {
    if (!hasExited(run) || run.message !== undefined || run.removed) return
    const container = containersOf(this.pod).find((c) => c.container.name === run.name)?.container
    run.message = container ? readTerminationMessage(this.#node, this.pod, container, run) : ''
  }

  #watchRuns(): void {
    for (const run of this.runtime.all()) this.#watchRun(run)
    if (this.runtime.sandbox) this.#watchSandbox()
  }

  #watchRun(run: ContainerRun): void {
    if (run.watched) return
    run.watched = true
    this.runtimeChanged(this.relistDelay())
    run.handle.onExit(() => {
      if (!this.#stopped) this.runtimeChanged(this.relistDelay())
    })
  }

  #watchSandbox(): void {
    this.runtime.sandbox?.handle.onExit(() => {
      if (!this.#stopped && this.state === 'syncing') this.runtimeChanged(this.relistDelay())
    })
    this.runtimeChanged(this.relistDelay())
  }

  /** After a container has ended, the kubelet keeps one dead container of its name. */
  #removeOldRuns(): void {
    for (const { container } of containersOf(this.pod)) {
      const latest = this.runtime.latest(container.name)
      if (!latest || !hasExited(latest)) continue
      for (const run of this.runtime.prune(container.name, 1)) {
        this.#noteExit(run)
        run.removed = true
        run.handle.remove()
      }
    }
  }

  #hasten(grace: number): void {
    this.#killAt?.cancel()
    this.#killAt = this.#node.world.clock.after(grace * 1000, () => {
      for (const run of this.runtime.all()) if (isLive(run)) run.handle.kill('SIGKILL')
    })
  }

  #checkDeadline(): void {
    const seconds = this.pod.spec.activeDeadlineSeconds
    const start = this.#startedAt
    if (seconds === undefined || start === undefined || isTerminal(this.pod)) return
    const left = start + seconds * 1000 - this.#node.wallClock()
    if (left <= 0) {
      const message = 'Pod was active on the node longer than the specified deadline'
      this.verdict = { reason: 'DeadlineExceeded', message }
    } else {
      this.#deadline?.cancel()
      this.#deadline = this.#node.world.clock.after(left, () => this.wake())
    }
  }

  #startedMs: number | undefined
  get #startedAt(): number {
    this.#startedMs ??= this.#node.wallClock()
    return this.#startedMs
  }

  readonly #usage = new Map<string, { id: string; at: number; cpu: number; rate: number }>()

  /** Nanocores a container used since it was last asked (at least a second ago). */
  usageOf(name: string): number {
    const run = this.runtime.latest(name)
    if (!run) return 0
    const { now } = this.#node.world.clock
    const { cpu } = run.handle.usage()
    const last = this.#usage.get(name)
    if (last && last.id === run.handle.id && now - last.at < 1000) return last.rate
    const since =
      last && last.id === run.handle.id
        ? last
        : { at: now - Math.max(1, this.#node.wallClock() - (run.handle.startedAt ?? 0)), cpu: 0 }
    const rate = Math.max(0, Math.round(((cpu - since.cpu) / Math.max(1, now - since.at)) * 1e9))
    this.#usage.set(name, { id: run.handle.id, at: now, cpu, rate })
    return rate
  }
}

/** `10s`, `2m40s`, as Go prints whole seconds. */
function goSeconds(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  return minutes > 0 ? `${minutes}m${seconds - minutes * 60}s` : `${seconds}s`
}
