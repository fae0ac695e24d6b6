import { SystemError } from '../errors.ts'
import type { Signal } from '../signals.ts'

export type Disposition = (() => void) | 'ignore'

/** What a process does with signals, and those that wait until it runs again. Made when first needed. */
export class SignalTable {
  readonly #dispositions = new Map<Signal, Disposition>()
  #pending: Set<Signal> | undefined

  /** Undefined: the default action. */
  get(signal: Signal): Disposition | undefined {
    return this.#dispositions.get(signal)
  }

  set(signal: Signal, handler: Disposition | 'default'): void {
    if (signal === 'SIGKILL' || signal === 'SIGSTOP') throw new SystemError('EINVAL')
    if (handler === 'default') this.#dispositions.delete(signal)
    else this.#dispositions.set(signal, handler)
  }

  get ignored(): Signal[] {
    return [...this.#dispositions].filter(([, action]) => action === 'ignore').map(([signal]) => signal)
  }

  get caught(): Signal[] {
    return [...this.#dispositions].filter(([, action]) => action !== 'ignore').map(([signal]) => signal)
  }

  /** execve(2): handlers are gone, what is ignored stays ignored. */
  forgetHandlers(): void {
    for (const signal of this.caught) this.#dispositions.delete(signal)
  }

  postpone(signal: Signal): void {
    this.#pending ??= new Set()
    this.#pending.add(signal)
  }

  takePending(): Iterable<Signal> {
    const pending = this.#pending
    this.#pending = undefined
    return pending ?? []
  }
}
