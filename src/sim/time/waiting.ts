/**
 * How asynchronous simulated code waits. A driver performs one event, then lets every awakened process run until
 * all of them wait again (`drain`), then takes the next event. So simulated code may use promises freely, as long as
 * whatever it finally waits for is settled by the virtual world: the clock, a pipe, a socket, a terminal.
 */
export interface Waiting {
  /** Set whenever simulated code may have been awakened; the driver clears it after draining. */
  awakened: boolean
  /** What the host must finish before virtual time goes on: a part of the program that is loaded when first used. */
  holds?: Promise<unknown>[]
}

/** Stops virtual time until the host has done something; the only real waiting there is. */
export function hold<T>(waiting: Waiting, promise: Promise<T>): Promise<T> {
  waiting.holds ??= []
  waiting.holds.push(promise)
  waiting.awakened = true
  return promise
}

/** A promise that virtual events settle. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  readonly settled: boolean
  resolve(value: T): void
  reject(error: unknown): void
}

/** Makes a promise for simulated code to wait on; settling it tells the driver that somebody may run. */
export function defer<T>(waiting: Waiting): Deferred<T> {
  let settled = false
  let resolvePromise!: (value: T) => void
  let rejectPromise!: (error: unknown) => void
  const promise = new Promise<T>((resolve, reject) => {
    resolvePromise = resolve
    rejectPromise = reject
  })
  // A waiter that was killed leaves its promise behind; nobody listening is not a fault of the world.
  promise.catch(() => {})
  return {
    promise,
    get settled() {
      return settled
    },
    resolve(value) {
      if (settled) return
      settled = true
      waiting.awakened = true
      resolvePromise(value)
    },
    reject(error) {
      if (settled) return
      settled = true
      waiting.awakened = true
      rejectPromise(error)
    },
  }
}
