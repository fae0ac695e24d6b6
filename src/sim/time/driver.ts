import type { EventQueue } from './event-queue.ts'
import type { Waiting } from './waiting.ts'

/** Lets all promise callbacks that are ready run to their end. The host gives it, e.g. by setImmediate. */
export type Drain = () => Promise<void>

export interface RunLimits {
  /** Stop before any event later than this virtual time. */
  until?: number
  /** Stop as soon as this holds (asked after every event). */
  when?: () => boolean
  /** Stop after this many events, as a guard against a world that never rests. */
  maxEvents?: number
  /** Asked now and then; true stops at once (the host's own deadline, Ctrl-C). */
  cancelled?: () => boolean
}

export type RunResult = 'idle' | 'until' | 'when' | 'maxEvents' | 'cancelled'

/** The instant driver: performs events as fast as possible until a limit is met or nothing is planned. */
export async function run(queue: EventQueue, waiting: Waiting, drain: Drain, limits: RunLimits): Promise<RunResult> {
  let events = 0
  const settle = async () => {
    while (waiting.awakened) {
      waiting.awakened = false
      await drain()
      const held = waiting.holds?.splice(0) ?? []
      if (held.length === 0) continue
      await Promise.allSettled(held)
      waiting.awakened = true
    }
  }
  waiting.awakened = true
  await settle()
  for (;;) {
    if (limits.when?.()) return 'when'
    if (limits.cancelled?.()) return 'cancelled'
    if (limits.maxEvents !== undefined && events >= limits.maxEvents) return 'maxEvents'
    const next = queue.nextAt
    if (next === undefined || (limits.until !== undefined && next > limits.until)) {
      if (limits.until !== undefined) queue.advanceTo(limits.until)
      return next === undefined ? 'idle' : 'until'
    }
    queue.runNext()
    events++
    if (waiting.awakened) await settle()
  }
}
