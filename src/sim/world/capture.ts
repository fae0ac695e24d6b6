import type { Stat } from '../linux/file.ts'
import { anonymousStat, Description } from '../linux/fs/description.ts'

/** A sink for what a program prints. Past its limit it forgets, so that endless output cannot fill the host. */
export class Capture extends Description {
  readonly #parts: Uint8Array[] = []
  #length = 0
  readonly #limit: number

  constructor(limit = 8 * 1024 * 1024) {
    super()
    this.#limit = limit
  }

  get text(): string {
    const decoder = new TextDecoder()
    return this.#parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode()
  }

  override stat(): Stat {
    return anonymousStat('file', 1, 0, 0o600)
  }

  override async write(bytes: Uint8Array): Promise<void> {
    if (this.#length >= this.#limit) return
    this.#parts.push(bytes.slice())
    this.#length += bytes.length
  }
}
