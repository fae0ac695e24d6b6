import { type Deferred, defer, type Waiting } from '../time/waiting.ts'

/** Something that processes wait for and then check again: a pipe got data, a child ended. */
export class Condition {
  readonly #waiting: Waiting
  #next: Deferred<void> | undefined

  constructor(waiting: Waiting) {
    this.#waiting = waiting
  }

  /** Settles at the next `notify`. */
  get changed(): Promise<void> {
    this.#next ??= defer<void>(this.#waiting)
    return this.#next.promise
  }

  notify(): void {
    const next = this.#next
    this.#next = undefined
    next?.resolve()
  }
}
