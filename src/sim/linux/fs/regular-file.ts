import { SystemError } from '../errors.ts'
import type { OpenOptions, Stat } from '../file.ts'
import { Description } from './description.ts'
import { type Inode, statOf } from './inode.ts'
import type { Location } from './mount.ts'
import type { Walker } from './walk.ts'

export interface FileLimits {
  /** RLIMIT_FSIZE in bytes. */
  maxSize?: number
}

/** An opened regular file or directory. */
export class RegularFile extends Description {
  readonly location: Location
  readonly #options: OpenOptions
  readonly #limits: FileLimits
  readonly #walker: Walker
  #offset = 0
  /** What a generated file said when it was first read. */
  #generated: Uint8Array | undefined

  constructor(location: Location, path: string, options: OpenOptions, walker: Walker, limits: FileLimits = {}) {
    super(path)
    this.location = location
    this.#options = options
    this.#walker = walker
    this.#limits = limits
  }

  get inode(): Inode {
    return this.location.inode
  }

  get appending(): boolean {
    return this.#options.append === true
  }
  get writable(): boolean {
    return this.#options.write === true || this.#options.append === true
  }
  get readable(): boolean {
    return this.#options.read !== false && (this.#options.read === true || !this.writable)
  }
  get offset(): number {
    return this.#offset
  }

  override stat(): Stat {
    return statOf(this.inode)
  }

  override async read(limit = 65_536): Promise<Uint8Array> {
    return this.readNow(limit)
  }

  readNow(limit: number): Uint8Array {
    if (!this.readable || !this.open) throw new SystemError('EBADF', this.path)
    const { inode } = this
    if (inode.type === 'directory') throw new SystemError('EISDIR', this.path)
    let bytes: Uint8Array
    if (inode.generated) {
      if (this.#offset === 0 || !this.#generated) this.#generated = inode.readAt(0, 1 << 30, this.#walker)
      bytes = this.#generated.subarray(this.#offset, this.#offset + limit)
    } else bytes = inode.readAt(this.#offset, limit)
    this.#offset += bytes.length
    return bytes
  }

  override async write(bytes: Uint8Array): Promise<void> {
    this.writeNow(bytes)
  }

  writeNow(bytes: Uint8Array): void {
    if (!this.writable || !this.open) throw new SystemError('EBADF', this.path)
    const { inode } = this
    if (this.#options.append && !inode.generated) this.#offset = inode.size
    const { maxSize } = this.#limits
    if (maxSize !== undefined && this.#offset + bytes.length > maxSize) throw new SystemError('EFBIG', this.path)
    if (bytes.length === 0) return
    inode.writeAt(this.#offset, bytes, this.#walker)
    this.#offset += bytes.length
    this.#changed()
  }

  override seek(offset: number, from: 'start' | 'current' | 'end'): number {
    const base = from === 'start' ? 0 : from === 'current' ? this.#offset : this.inode.size
    if (base + offset < 0) throw new SystemError('EINVAL', this.path)
    this.#offset = base + offset
    return this.#offset
  }

  override truncate(size: number): void {
    if (!this.writable) throw new SystemError('EINVAL', this.path)
    this.inode.truncate(size)
    this.#changed()
  }

  #changed(): void {
    const { inode, parent, name } = this.location
    inode.notify({ name: '', kind: 'modify' })
    parent?.inode.notify({ name, kind: 'modify' })
  }
}
