import type { Random } from '../../time/random.ts'
import { SystemError } from '../errors.ts'
import type { Stat } from '../file.ts'
import { Description } from './description.ts'
import { type Inode, statOf } from './inode.ts'

/** /dev/null, zero, full, random and urandom by device number; ENXIO for any other. */
export class MemoryDevice extends Description {
  readonly #inode: Inode
  readonly #minor: number
  readonly #random: Random

  constructor(inode: Inode, path: string, random: Random) {
    super(path)
    if (inode.major !== 1 || ![3, 5, 7, 8, 9].includes(inode.minor ?? -1)) throw new SystemError('ENXIO', path)
    this.#inode = inode
    this.#minor = inode.minor ?? 0
    this.#random = random
  }

  override stat(): Stat {
    return statOf(this.#inode)
  }

  override async read(limit = 65_536): Promise<Uint8Array> {
    if (this.#minor === 3) return new Uint8Array(0)
    const bytes = new Uint8Array(limit)
    if (this.#minor >= 8) this.#fill(bytes)
    return bytes
  }

  #fill(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i += 4) {
      const value = this.#random.uint32()
      for (let j = 0; j < 4 && i + j < bytes.length; j++) bytes[i + j] = value >>> (8 * j)
    }
  }

  override async write(): Promise<void> {
    if (this.#minor === 7) throw new SystemError('ENOSPC', this.path)
  }

  override seek(): number {
    return 0
  }

  override truncate(): void {}
}
