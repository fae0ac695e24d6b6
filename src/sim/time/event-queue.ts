import { Heap } from './heap.ts'

/** Something that will happen at a virtual time. */
export interface Timer {
  cancel(): void
}

/** Virtual time. Everything in the simulator that waits, waits on this. */
export interface Clock {
  /** Virtual milliseconds since the world began; may have a fraction. */
  readonly now: number
  /** Calls `action` after `delay` virtual milliseconds. Equal times run in the order they were asked for. */
  after(delay: number, action: () => void): Timer
}

interface Entry {
  at: number
  order: number
  action: (() => void) | undefined
}

/** A binary heap of future actions: the one clock of a world. */
export class EventQueue implements Clock {
  #now = 0
  #order = 0
  readonly #heap = new Heap<Entry>(before)

  get now(): number {
    return this.#now
  }

  /** When the next action is due, or undefined when nothing is planned. */
  get nextAt(): number | undefined {
    this.#dropCancelled()
    return this.#heap.top?.at
  }

  after(delay: number, action: () => void): Timer {
    const entry: Entry = { at: this.#now + Math.max(0, delay), order: this.#order++, action }
    this.#heap.push(entry)
    return {
      cancel: () => {
        entry.action = undefined
      },
    }
  }

  /** Moves to the next action and performs it. False when there is none. */
  runNext(): boolean {
    this.#dropCancelled()
    const entry = this.#heap.pop()
    if (!entry) return false
    this.#now = Math.max(this.#now, entry.at)
    const { action } = entry
    entry.action = undefined
    action?.()
    return true
  }

  /** Moves the clock without performing anything; never past the next action, never back. */
  advanceTo(time: number): void {
    const limit = this.nextAt ?? Number.POSITIVE_INFINITY
    this.#now = Math.max(this.#now, Math.min(time, limit))
  }

  #dropCancelled(): void {
    while (this.#heap.top && !this.#heap.top.action) this.#heap.pop()
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
