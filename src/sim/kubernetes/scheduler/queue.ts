import type { Clock, Timer } from '../../time/event-queue.ts'
import { Heap } from '../../time/heap.ts'

/** A Pod that waits for a node. */
export interface QueuedPod {
  key: string
  uid: string
  priority: number
  /** When it was last put into the active queue, in ms of the clock. */
  since: number
  attempts: number
  /** Names of the plugins that rejected it last. */
  rejectedBy: ReadonlySet<string>
  failedAt: number
}

const MAX_UNSCHEDULABLE_MS = 300_000
const FLUSH_MS = 30_000
const FIRST_BACKOFF_MS = 1000
const MAX_BACKOFF_MS = 10_000

/**
 * Pods to be scheduled: active (by priority, then by age), backing off after an error, and unschedulable ones, which
 * wait for a change that may help them and are tried again after five minutes anyway.
 */
export class SchedulingQueue {
  readonly #clock: Clock
  readonly #onActive: () => void
  readonly #heap = new Heap<QueuedPod>(goesBefore)
  readonly #active = new Map<string, QueuedPod>()
  readonly #unschedulable = new Map<string, QueuedPod>()
  readonly #backoff = new Map<string, { pod: QueuedPod; timer: Timer }>()
  #flush: Timer | undefined

  constructor(clock: Clock, onActive: () => void) {
    this.#clock = clock
    this.#onActive = onActive
  }

  get unschedulable(): Iterable<QueuedPod> {
    return [...this.#unschedulable.values()]
  }

  has(uid: string): boolean {
    return this.#active.has(uid) || this.#unschedulable.has(uid) || this.#backoff.has(uid)
  }

  add(key: string, uid: string, priority: number): void {
    if (this.has(uid)) return
    this.#activate({ key, uid, priority, since: this.#clock.now, attempts: 0, rejectedBy: new Set(), failedAt: 0 })
  }

  pop(): QueuedPod | undefined {
    for (;;) {
      const pod = this.#heap.pop()
      if (!pod) return undefined
      // Removed or replaced since it was put there.
      if (this.#active.get(pod.uid) !== pod) continue
      this.#active.delete(pod.uid)
      pod.attempts++
      return pod
    }
  }

  /** No node would do; `rejectedBy` says what has to change. */
  park(pod: QueuedPod, rejectedBy: ReadonlySet<string>): void {
    this.#unschedulable.set(pod.uid, { ...pod, rejectedBy, failedAt: this.#clock.now })
    this.#flush ??= this.#clock.after(FLUSH_MS, () => this.#flushOld())
  }

  /** Something went wrong: to be tried again after a while. */
  backOff(pod: QueuedPod): void {
    const delay = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (pod.attempts - 1))
    const timer = this.#clock.after(delay, () => {
      this.#backoff.delete(pod.uid)
      this.#activate(pod)
    })
    this.#backoff.set(pod.uid, { pod, timer })
  }

  /** A change may help this unschedulable Pod. */
  wake(uid: string): void {
    const pod = this.#unschedulable.get(uid)
    if (!pod) return
    this.#unschedulable.delete(uid)
    this.#activate(pod)
  }

  remove(uid: string): void {
    this.#active.delete(uid)
    this.#unschedulable.delete(uid)
    this.#backoff.get(uid)?.timer.cancel()
    this.#backoff.delete(uid)
  }

  stop(): void {
    this.#flush?.cancel()
    for (const { timer } of this.#backoff.values()) timer.cancel()
    this.#active.clear()
  }

  #flushOld(): void {
    for (const pod of this.unschedulable) {
      if (this.#clock.now - pod.failedAt > MAX_UNSCHEDULABLE_MS) this.wake(pod.uid)
    }
    this.#flush = this.#unschedulable.size > 0 ? this.#clock.after(FLUSH_MS, () => this.#flushOld()) : undefined
  }

  #activate(pod: QueuedPod): void {
    const entry = { ...pod, since: this.#clock.now }
    this.#active.set(pod.uid, entry)
    this.#heap.push(entry)
    this.#onActive()
  }
}

function goesBefore(a: QueuedPod, b: QueuedPod): boolean {
  return (
    a.priority > b.priority ||
    (a.priority === b.priority && (a.since < b.since || (a.since === b.since && a.key < b.key)))
  )
}
