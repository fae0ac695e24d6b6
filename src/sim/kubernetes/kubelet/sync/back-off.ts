/** client-go's flowcontrol.Backoff: doubling delays by key, forgotten after a quiet time. */
export class BackOff {
  readonly #entries = new Map<string, { delay: number; updated: number }>()
  readonly #initial: number
  readonly #max: number

  /** Milliseconds. */
  constructor(initial: number, max: number) {
    this.#initial = initial
    this.#max = max
  }

  delay(key: string): number {
    return this.#entries.get(key)?.delay ?? 0
  }

  /** Doubles the key's delay (or starts it). */
  next(key: string, now: number): void {
    const entry = this.#entries.get(key)
    const delay = !entry || now - entry.updated > 2 * this.#max ? this.#initial : Math.min(entry.delay * 2, this.#max)
    this.#entries.set(key, { delay, updated: now })
  }

  /** Milliseconds left when the last failure was at `since`; 0 when it may be tried. */
  left(key: string, since: number, now: number): number {
    const entry = this.#entries.get(key)
    if (!entry || now - entry.updated > 2 * this.#max) return 0
    return Math.max(0, entry.delay - (now - since))
  }

  /** The same, counted from the key's last `next`. */
  leftSinceUpdate(key: string, now: number): number {
    const entry = this.#entries.get(key)
    return entry ? this.left(key, entry.updated, now) : 0
  }

  reset(key: string): void {
    this.#entries.delete(key)
  }

  forget(prefix: string): void {
    for (const key of [...this.#entries.keys()]) if (key.startsWith(prefix)) this.#entries.delete(key)
  }
}
