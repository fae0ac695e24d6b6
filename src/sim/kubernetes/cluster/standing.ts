import type { Running } from '../api/component.ts'

/** A component that may run before there is a process that it runs in: the first one finds it at work, others start it. */
export class Standing {
  readonly #start: () => Running
  #running: Running | undefined

  constructor(start: () => Running, isRunning: boolean) {
    this.#start = start
    if (isRunning) this.#running = start()
  }

  /** The component, which is the caller's to stop from now on. */
  take(): Running {
    const running = this.#running ?? this.#start()
    this.#running = undefined
    return running
  }
}
