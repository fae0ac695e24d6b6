import { Killed } from '../errors.ts'

/** Calls after its death that a process may make before it is left waiting for ever. */
const PATIENCE = 64

interface Waiter {
  readonly exitStatus: unknown
  /** False while stopped or frozen: whatever is finished meanwhile is held back. */
  readonly runnable: boolean
}

/** What a process is waiting for. A kill ends all of it at once; a stop delays it. */
export class Waits {
  readonly #owner: Waiter
  readonly #pending = new Set<(error: unknown) => void>()
  #held: (() => void)[] | undefined
  #refusals = 0

  constructor(owner: Waiter) {
    this.#owner = owner
  }

  for<T>(promise: Promise<T>): Promise<T> {
    if (this.#owner.exitStatus) return this.refuse()
    return new Promise<T>((resolve, reject) => {
      this.#pending.add(reject)
      const finish = (action: () => void) => {
        if (this.#owner.runnable) {
          this.#pending.delete(reject)
          action()
        } else {
          this.#held ??= []
          this.#held.push(() => finish(action))
        }
      }
      promise.then(
        (value) => finish(() => resolve(value)),
        (error) => finish(() => reject(error)),
      )
    })
  }

  /** The answer to a dead process; one that swallows Killed and goes on calling never hears again. */
  refuse<T>(): Promise<T> {
    if (++this.#refusals > PATIENCE) return new Promise<T>(() => {})
    return Promise.reject(new Killed())
  }

  /** After a thaw or SIGCONT. True when something goes on. */
  resume(): boolean {
    const held = this.#held
    if (!held || !this.#owner.runnable) return false
    this.#held = undefined
    for (const action of held) action()
    return true
  }

  end(): void {
    this.#held = undefined
    const pending = [...this.#pending]
    this.#pending.clear()
    for (const reject of pending) reject(new Killed())
  }
}
