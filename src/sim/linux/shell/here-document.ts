import { SystemError } from '../errors.ts'
import type { OpenFile, Stat } from '../file.ts'

/** A here-document or here-string as an open file: read once, from memory. */
export class HereDocument implements OpenFile {
  readonly tty = undefined
  readonly path = undefined
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  stat(): Stat {
    const size = this.#bytes.length
    return {
      type: 'fifo',
      inode: 0,
      device: 0,
      mode: 0o600,
      links: 1,
      uid: 0,
      gid: 0,
      size,
      accessed: 0,
      modified: 0,
      changed: 0,
    }
  }

  async read(limit = 65_536): Promise<Uint8Array> {
    const chunk = this.#bytes.subarray(this.#at, this.#at + limit)
    this.#at += chunk.length
    return chunk
  }

  async write(): Promise<void> {
    throw new SystemError('EBADF')
  }

  seek(offset: number, from: 'start' | 'current' | 'end'): number {
    const base = from === 'start' ? 0 : from === 'current' ? this.#at : this.#bytes.length
    this.#at = Math.max(0, base + offset)
    return this.#at
  }

  truncate(): void {
    throw new SystemError('EINVAL')
  }

  retain(): void {}

  release(): void {}
}
