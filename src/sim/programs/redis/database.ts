import type { Stream } from './stream.ts'

/** A value and its time to live. */
export type Value =
  | { type: 'string'; text: string }
  | { type: 'list'; items: string[] }
  | { type: 'set'; members: Set<string> }
  | { type: 'hash'; fields: Map<string, string> }
  | { type: 'zset'; scores: Map<string, number> }
  | { type: 'stream'; stream: Stream }

export interface Entry {
  value: Value
  /** ms since 1970 at which it is gone. */
  expires: number | undefined
}

/** One numbered database. */
export class Database {
  readonly #entries = new Map<string, Entry>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  get(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry?.expires !== undefined && entry.expires <= this.#now()) {
      this.#entries.delete(key)
      return undefined
    }
    return entry
  }

  set(key: string, value: Value, expires?: number): void {
    this.#entries.set(key, { value, expires })
  }

  delete(key: string): boolean {
    const existed = this.get(key) !== undefined
    this.#entries.delete(key)
    return existed
  }

  clear(): void {
    this.#entries.clear()
  }

  /** Live keys, oldest first. */
  keys(): string[] {
    return [...this.#entries.keys()].filter((key) => this.get(key) !== undefined)
  }

  get size(): number {
    return this.keys().length
  }
}
