import type { Clock, Timer } from './event-queue.ts'
import type { Random } from './random.ts'

export interface WorkQueueOptions {
  clock: Clock
  random: Random
  /** Reconciles one key. A throw requeues the key with back-off. */
  work: (key: string) => void
  /** Told of every error before the key is requeued. */
  onError?: (key: string, error: unknown) => void
  /** Milliseconds between a key being added and worked on: a small seeded latency per hop. */
  latency?: { min: number; max: number }
  /** Milliseconds before a failed key is tried again: `first`, doubling up to `max`; 5 ms to 1000 s when absent. */
  backOff?: { first: number; max: number }
}

/** A rate-limited, de-duplicating queue of keys, as client-go's workqueue: one worker, back-off 5 ms × 2ⁿ to 1000 s. */
export class WorkQueue {
  readonly #options: WorkQueueOptions
  readonly #pending = new Map<string, Timer>()
  readonly #later = new Map<string, { at: number; timer: Timer }>()
  readonly #failures = new Map<string, number>()
  #stopped = false

  constructor(options: WorkQueueOptions) {
    this.#options = options
  }

  /** Asks for the key to be worked on soon. Adding it twice before that works it once. */
  add(key: string): void {
    if (this.#stopped || this.#pending.has(key)) return
    const { clock, random, latency = { min: 1, max: 4 } } = this.#options
    const delay = latency.min + random.float() * (latency.max - latency.min)
    this.#pending.set(
      key,
      clock.after(delay, () => this.#process(key)),
    )
  }

  /** Adds the key after a delay; an earlier planned time wins. */
  addAfter(key: string, delay: number): void {
    if (this.#stopped) return
    const { clock } = this.#options
    const at = clock.now + delay
    const planned = this.#later.get(key)
    if (planned && planned.at <= at) return
    planned?.timer.cancel()
    const timer = clock.after(delay, () => {
      this.#later.delete(key)
      this.add(key)
    })
    this.#later.set(key, { at, timer })
  }

  stop(): void {
    this.#stopped = true
    for (const timer of this.#pending.values()) timer.cancel()
    for (const { timer } of this.#later.values()) timer.cancel()
    this.#pending.clear()
    this.#later.clear()
  }

  #process(key: string): void {
    this.#pending.delete(key)
    if (this.#stopped) return
    try {
      this.#options.work(key)
      this.#failures.delete(key)
    } catch (error) {
      this.#options.onError?.(key, error)
      const failures = this.#failures.get(key) ?? 0
      this.#failures.set(key, failures + 1)
      const { first, max } = this.#options.backOff ?? { first: 5, max: 1_000_000 }
      this.addAfter(key, Math.min(first * 2 ** failures, max))
    }
  }
}
