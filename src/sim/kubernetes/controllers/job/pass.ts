import type { KubeObject } from '../../api/object.ts'
import type { Controller } from '../shared/controller.ts'
import { equal } from '../shared/equal.ts'
import { formatTime, keyOf, parseTime } from '../shared/meta.ts'
import { createPod, deletePod, isGone, slowStart } from '../shared/pod-control.ts'
import { rankForDeletion } from '../shared/pod-ranking.ts'
import { isPodActive, isPodFinished, isPodReady } from '../shared/pods.ts'
import { judgeFailure } from './failure-policy.ts'
import { formatIndexes, INDEX_FAILURES, indexOf, parseIndexes } from './indexes.ts'
import { finishTime, jobPod, TRACKING } from './pods.ts'
import { matchedSuccessRule } from './success-policy.ts'
import { type Backoff, removeTracking } from './tracking.ts'

interface Verdict {
  type: 'FailureTarget' | 'SuccessCriteriaMet'
  reason: string
  message: string
}

const BACKOFF_MS = 10_000
const MAX_BACKOFF_MS = 600_000

/** One look at a Job: counts what its Pods came to, decides whether it is done, and starts or stops Pods. */
export class JobPass {
  readonly #controller: Controller
  #job: KubeObject
  readonly #pods: readonly KubeObject[]
  readonly #backoff: Backoff
  readonly #now: number
  readonly #isIndexed: boolean
  readonly #status: any
  readonly #succeededIndexes: Set<number>
  readonly #failedIndexes: Set<number>
  /** Failures of an index so far, for those to be tried again. */
  readonly #indexFailures = new Map<number, number>()
  #active: KubeObject[]
  #again: number | undefined

  constructor(controller: Controller, job: KubeObject, pods: readonly KubeObject[], backoff: Backoff) {
    this.#controller = controller
    this.#job = job
    this.#pods = pods
    this.#backoff = backoff
    this.#now = controller.api.now()
    this.#isIndexed = job.spec.completionMode === 'Indexed'
    this.#status = { ...job.status, conditions: [...(job.status?.conditions ?? [])] }
    this.#succeededIndexes = parseIndexes(job.status?.completedIndexes)
    this.#failedIndexes = parseIndexes(job.status?.failedIndexes)
    this.#active = pods.filter(isPodActive)
  }

  /** Milliseconds after which to look again, if time alone can change something. */
  run(): number | undefined {
    const job = this.#job
    if (!job.spec.suspend) this.#status.startTime ??= formatTime(this.#now)
    const policyFailure = this.#countFinished()
    const verdict = this.#settled() ?? this.#judge(policyFailure)
    let failure: unknown
    const events: [string, string][] = []
    if (verdict) {
      if (!this.#settled()) this.#announce(verdict)
      for (const pod of this.#active) deletePod(this.#controller, job, pod)
      if (this.#active.length > 0) this.#later(1000)
    } else if (!job.metadata.deletionTimestamp) {
      failure = this.#manage()
      events.push(...this.#noteSuspension())
    }
    const done = verdict && this.#finish(verdict)
    this.#writeStatus()
    const [type, reason] =
      verdict?.type === 'FailureTarget' ? (['Warning', verdict.reason] as const) : (['Normal', 'Completed'] as const)
    if (done) this.#controller.event(job, type, reason, type === 'Warning' ? verdict.message : 'Job completed')
    for (const [name, message] of events) this.#controller.event(job, 'Normal', name, message)
    if (failure) throw failure
    this.#planDeadline()
    return this.#again
  }

  /** The verdict is written before what follows from it. */
  #announce({ type, reason, message }: Verdict): void {
    this.#condition(type, 'True', reason, message)
    const status = { ...this.#job.status, startTime: this.#status.startTime, conditions: this.#status.conditions }
    this.#job = this.#controller.api.update('jobs.batch', { ...this.#job, status }, { subresource: 'status' })
  }

  #later(ms: number): void {
    this.#again = Math.min(this.#again ?? Number.POSITIVE_INFINITY, Math.max(1, ms))
  }

  /** Adds up Pods that ended since, and lets them go. Returns the words of a FailJob rule. */
  #countFinished(): string | undefined {
    const { spec, metadata } = this.#job
    // What is stopped because the Job has succeeded has not failed.
    const isSuccessful = this.#settled()?.type === 'SuccessCriteriaMet'
    let failJob: string | undefined
    const ended: { pod: KubeObject; ok: boolean; counts: boolean }[] = []
    for (const pod of this.#pods) {
      if (!pod.metadata.finalizers?.includes(TRACKING)) continue
      const ok = pod.status?.phase === 'Succeeded'
      if (!ok && !this.#hasFailed(pod)) {
        if (metadata.deletionTimestamp) removeTracking(this.#controller, pod)
        continue
      }
      let counts = !isSuccessful
      if (!ok && spec.podFailurePolicy) {
        const { action, message } = judgeFailure(spec.podFailurePolicy, pod)
        if (action === 'FailJob') failJob ??= message
        if (action === 'Ignore') counts = false
        if (action === 'FailIndex') this.#failIndex(pod, true)
      }
      ended.push({ pod, ok, counts })
    }
    ended.sort((a, b) => this.#endOf(a.pod) - this.#endOf(b.pod))
    for (const { pod, ok, counts } of ended) {
      this.#tally(pod, ok, counts)
      removeTracking(this.#controller, pod)
    }
    return failJob
  }

  #tally(pod: KubeObject, ok: boolean, counts: boolean): void {
    const index = this.#isIndexed ? indexOf(pod) : undefined
    if (ok) {
      this.#backoff.failures = 0
      if (index === undefined) this.#status.succeeded = (this.#status.succeeded ?? 0) + 1
      else if (index < this.#job.spec.completions) {
        this.#succeededIndexes.add(index)
        this.#status.succeeded = this.#succeededIndexes.size
      }
      return
    }
    if (!counts) return
    this.#status.failed = (this.#status.failed ?? 0) + 1
    this.#backoff.failures++
    this.#backoff.lastFailure = this.#endOf(pod)
    if (this.#job.spec.backoffLimitPerIndex !== undefined) this.#failIndex(pod, false)
  }

  #failIndex(pod: KubeObject, atOnce: boolean): void {
    const index = indexOf(pod)
    if (index === undefined) return
    const failures = Number(pod.metadata.annotations?.[INDEX_FAILURES] ?? 0) + 1
    if (atOnce || failures > this.#job.spec.backoffLimitPerIndex) this.#failedIndexes.add(index)
    else this.#indexFailures.set(index, failures)
  }

  #endOf(pod: KubeObject): number {
    return finishTime(pod, parseTime, this.#now)
  }

  /** With TerminatingOrFailed a Pod being deleted has failed already. */
  #hasFailed({ status, metadata }: KubeObject): boolean {
    if (status?.phase === 'Failed') return true
    if (this.#job.spec.podReplacementPolicy === 'Failed' || this.#job.spec.podFailurePolicy) return false
    return metadata.deletionTimestamp !== undefined && status?.phase !== 'Succeeded'
  }

  /** What an earlier pass decided. */
  #settled(): Verdict | undefined {
    return this.#status.conditions.find(
      (c: any) => (c.type === 'FailureTarget' || c.type === 'SuccessCriteriaMet') && c.status === 'True',
    )
  }

  #judge(policyFailure: string | undefined): Verdict | undefined {
    const { spec } = this.#job
    const failed = this.#status.failed ?? 0
    const failure = (reason: string, message: string): Verdict => ({ type: 'FailureTarget', reason, message })
    if (policyFailure) return failure('PodFailurePolicy', policyFailure)
    if (failed > (spec.backoffLimit ?? 6) || this.#restartedTooOften()) {
      return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit')
    }
    if (this.#untilDeadline() === 0) return failure('DeadlineExceeded', 'Job was active longer than specified deadline')
    const { maxFailedIndexes, completions } = spec
    if (this.#failedIndexes.size > 0 && maxFailedIndexes !== undefined && this.#failedIndexes.size > maxFailedIndexes) {
      return failure('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes')
    }
    if (this.#isIndexed && spec.successPolicy) {
      const rule = matchedSuccessRule(spec.successPolicy, this.#succeededIndexes, completions)
      if (rule !== undefined) {
        return { type: 'SuccessCriteriaMet', reason: 'SuccessPolicy', message: `Matched rules at index ${rule}` }
      }
    }
    if (this.#failedIndexes.size > 0 && this.#failedIndexes.size + this.#succeededIndexes.size >= completions) {
      return failure('FailedIndexes', 'Job has failed indexes')
    }
    return this.#hasSucceeded()
      ? {
          type: 'SuccessCriteriaMet',
          reason: 'CompletionsReached',
          message: 'Reached expected number of succeeded pods',
        }
      : undefined
  }

  #hasSucceeded(): boolean {
    const { completions } = this.#job.spec
    const succeeded = this.#status.succeeded ?? 0
    if (completions === undefined) return succeeded > 0 && this.#active.length === 0
    return succeeded >= completions && this.#active.length === 0
  }

  #restartedTooOften(): boolean {
    const { backoffLimit = 6, template } = this.#job.spec
    if (template.spec.restartPolicy !== 'OnFailure') return false
    let restarts = 0
    for (const { status } of this.#active) {
      for (const c of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
        restarts += c.restartCount ?? 0
      }
    }
    return backoffLimit === 0 ? restarts > 0 : restarts >= backoffLimit
  }

  /** Milliseconds left; undefined without a deadline. */
  #untilDeadline(): number | undefined {
    const { activeDeadlineSeconds, suspend } = this.#job.spec
    const { startTime } = this.#status
    if (activeDeadlineSeconds === undefined || suspend || !startTime) return undefined
    return Math.max(0, parseTime(startTime) + activeDeadlineSeconds * 1000 - this.#now)
  }

  #planDeadline(): void {
    const left = this.#untilDeadline()
    if (left !== undefined && left > 0) this.#later(left)
  }

  /** Starts and stops Pods. Returns what went wrong. */
  #manage(): unknown {
    const job = this.#job
    const { parallelism = 1, completions, suspend } = job.spec
    if (suspend) {
      this.#backoff.failures = 0
      for (const pod of this.#active) deletePod(this.#controller, job, pod)
      this.#active = []
      return undefined
    }
    const succeeded = this.#status.succeeded ?? 0
    let wanted: number
    if (completions === undefined) wanted = succeeded > 0 ? this.#active.length : parallelism
    else wanted = Math.max(0, Math.min(parallelism, completions - succeeded - this.#failedIndexes.size))
    const { surplus, keep } = this.#divide(wanted)
    for (const pod of surplus) deletePod(this.#controller, job, pod)
    this.#active = keep
    const leaving = job.spec.podReplacementPolicy === 'Failed' || job.spec.podFailurePolicy ? this.#terminating() : 0
    const missing = Math.min(wanted - keep.length - leaving, 500)
    if (missing <= 0) return undefined
    const wait = this.#backoffLeft()
    if (wait > 0) {
      this.#later(wait)
      return undefined
    }
    const free = this.#isIndexed ? this.#freeIndexes(missing) : undefined
    const count = free ? free.length : missing
    const order = free && inOrderOfStart(free)
    let next = 0
    const { error } = slowStart(count, () => {
      const index = order?.[next++]
      const failures = job.spec.backoffLimitPerIndex === undefined ? undefined : (this.#indexFailures.get(index!) ?? 0)
      this.#active.push(createPod(this.#controller, job, jobPod(job, index, failures)))
    })
    return error
  }

  #divide(wanted: number): { surplus: KubeObject[]; keep: KubeObject[] } {
    const unwanted: KubeObject[] = []
    let rest = this.#active
    if (this.#isIndexed) {
      // Two Pods of one index, or one of an index that is done: the newer goes.
      const taken = new Set<number>()
      rest = []
      for (const pod of this.#active) {
        const index = indexOf(pod)
        const isSpare =
          index === undefined ||
          taken.has(index) ||
          this.#succeededIndexes.has(index) ||
          this.#failedIndexes.has(index) ||
          index >= this.#job.spec.completions
        if (isSpare) unwanted.push(pod)
        else {
          taken.add(index)
          rest.push(pod)
        }
      }
    }
    const over = rest.length - wanted
    if (over <= 0) return { surplus: unwanted, keep: rest }
    const ranked = rankForDeletion(rest, new Map(), this.#now)
    return { surplus: [...unwanted, ...ranked.slice(0, over)], keep: ranked.slice(over) }
  }

  #freeIndexes(count: number): number[] {
    const taken = new Set([...this.#succeededIndexes, ...this.#failedIndexes])
    for (const pod of this.#active) taken.add(indexOf(pod) ?? -1)
    if (this.#job.spec.backoffLimitPerIndex !== undefined) this.#recallFailures()
    const out: number[] = []
    for (let i = 0; i < this.#job.spec.completions && out.length < count; i++) if (!taken.has(i)) out.push(i)
    return out
  }

  /** How often an index failed is written on its failed Pods. */
  #recallFailures(): void {
    for (const pod of this.#pods) {
      const index = indexOf(pod)
      if (index === undefined || pod.status?.phase !== 'Failed') continue
      const failures = Number(pod.metadata.annotations?.[INDEX_FAILURES] ?? 0) + 1
      this.#indexFailures.set(index, Math.max(failures, this.#indexFailures.get(index) ?? 0))
    }
  }

  #backoffLeft(): number {
    const { failures, lastFailure } = this.#backoff
    if (failures === 0) return 0
    const delay = Math.min(MAX_BACKOFF_MS, BACKOFF_MS * 2 ** (failures - 1))
    return Math.max(0, lastFailure + delay - this.#now)
  }

  #terminating(): number {
    return this.#pods.filter((pod) => pod.metadata.deletionTimestamp && !isPodFinished(pod)).length
  }

  #noteSuspension(): [string, string][] {
    const { suspend } = this.#job.spec
    const current = this.#status.conditions.find((c: any) => c.type === 'Suspended')
    if (suspend && current?.status !== 'True') {
      this.#condition('Suspended', 'True', 'JobSuspended', 'Job suspended')
      delete this.#status.startTime
      return [['Suspended', 'Job suspended']]
    }
    if (!suspend && current?.status === 'True') {
      this.#condition('Suspended', 'False', 'JobResumed', 'Job resumed')
      this.#status.startTime = formatTime(this.#now)
      return [['Resumed', 'Job resumed']]
    }
    return []
  }

  /** The final condition, once no Pod runs any more. */
  #finish({ type, reason, message }: Verdict): boolean {
    const running = this.#pods.some((pod) => !isPodFinished(pod) && this.#stillThere(pod))
    if (running) return false
    if (type === 'FailureTarget') this.#condition('Failed', 'True', reason, message)
    else {
      this.#condition('Complete', 'True', reason, message)
      this.#status.completionTime = formatTime(this.#now)
    }
    this.#active = []
    return true
  }

  #stillThere({ metadata }: KubeObject): boolean {
    return this.#controller.api.get('pods', metadata.namespace, metadata.name)?.metadata.uid === metadata.uid
  }

  #condition(type: string, status: string, reason: string, message: string): void {
    const time = formatTime(this.#now)
    const at = this.#status.conditions.findIndex((c: any) => c.type === type)
    const next = { type, status, lastProbeTime: time, lastTransitionTime: time, reason, message }
    if (at < 0) this.#status.conditions.push(next)
    else if (this.#status.conditions[at].status !== status) this.#status.conditions[at] = next
  }

  #writeStatus(): void {
    const { api } = this.#controller
    const settled = this.#settled() !== undefined
    const active = settled ? 0 : this.#active.length
    const indexed = this.#isIndexed
      ? { completedIndexes: formatIndexes(this.#succeededIndexes) || undefined }
      : { completedIndexes: undefined }
    const perIndex = this.#job.spec.backoffLimitPerIndex !== undefined
    const next = {
      ...this.#status,
      ...indexed,
      ...(perIndex && { failedIndexes: formatIndexes(this.#failedIndexes) }),
      active: active || undefined,
      ready: settled ? 0 : this.#active.filter(isPodReady).length,
      terminating: this.#pods.filter(
        (pod) => pod.metadata.deletionTimestamp && !isPodFinished(pod) && this.#stillThere(pod),
      ).length,
      uncountedTerminatedPods: {},
      conditions: this.#status.conditions.length > 0 ? this.#status.conditions : undefined,
    }
    if (equal(next, this.#job.status)) return
    try {
      const status = JSON.parse(JSON.stringify(next))
      api.update('jobs.batch', { ...this.#job, status }, { subresource: 'status' })
    } catch (error) {
      if (!isGone(error)) throw error
      this.#controller.enqueue(keyOf(this.#job))
    }
  }
}

/** Batches of 1, 2, 4, …: within the last one the Pods are started together, and the last is the first to be through. */
function inOrderOfStart(indexes: readonly number[]): number[] {
  let size = 1
  let start = 0
  while (start + size < indexes.length) {
    start += size
    size = Math.min(2 * size, indexes.length - start)
  }
  return [...indexes.slice(0, start), ...indexes.slice(start).reverse()]
}
