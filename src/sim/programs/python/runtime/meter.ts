import type { Process } from '../../../linux/process.ts'

/** ms of CPU for an instruction of CPython: some 50 million a second. */
const FAST = 2e-5
/**
 * ms for an instruction of a program that computes on and on. A slower Python than any, but simulating the real one
 * would take longer than the real one: who computes for minutes is only to be seen at it.
 */
const SLOW = 1e-3
/** Instructions at the fast price, and how many of them come back in a virtual second. */
const ALLOWANCE = 25_000_000
const REFILL = 1_000_000

/** Turns instructions into the process's CPU time. */
export class Meter {
  readonly #process: Process
  #allowance = ALLOWANCE
  #refilledAt: number
  /** ms to be paid. */
  #owed = 0

  constructor(process: Process) {
    this.#process = process
    this.#refilledAt = process.uptime()
  }

  count(instructions: number): void {
    const now = this.#process.uptime()
    this.#allowance = Math.min(ALLOWANCE, this.#allowance + ((now - this.#refilledAt) / 1000) * REFILL)
    this.#refilledAt = now
    const fast = Math.min(this.#allowance, instructions)
    this.#allowance -= fast
    this.#owed += fast * FAST + (instructions - fast) * SLOW
  }

  add(ms: number): void {
    this.#owed += ms
  }

  /** How many instructions to run before the clock is asked. */
  get slice(): number {
    return this.#allowance > 100_000 ? 100_000 : 20_000
  }

  get owed(): number {
    return this.#owed
  }

  async pay(): Promise<void> {
    const ms = this.#owed
    this.#owed = 0
    await this.#process.compute(ms)
  }
}
