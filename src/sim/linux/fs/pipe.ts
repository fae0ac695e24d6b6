import type { Waiting } from '../../time/waiting.ts'
import { Condition } from '../condition.ts'
import { SystemError } from '../errors.ts'
import type { Stat } from '../file.ts'
import { anonymousStat, type Caller, Description, NOBODY } from './description.ts'

/** Bytes a pipe holds before a writer must wait. */
const PIPE_CAPACITY = 65_536

/** A pipe(7) or an opened FIFO: bytes in order, with back-pressure. */
export class Pipe {
  readonly inode: number
  readonly now: () => number
  readonly #changed: Condition
  readonly #capacity: number
  #chunks: Uint8Array[] = []
  #length = 0
  #readers = 0
  #writers = 0
  /** A FIFO waits for its first writer; an anonymous pipe is born with both ends. */
  #everWritten: boolean

  constructor(waiting: Waiting, inode: number, now: () => number, options: { fifo?: boolean; capacity?: number } = {}) {
    this.inode = inode
    this.now = now
    this.#changed = new Condition(waiting)
    this.#capacity = options.capacity ?? PIPE_CAPACITY
    this.#everWritten = !options.fifo
  }

  get length(): number {
    return this.#length
  }

  reader(path?: string): PipeEnd {
    this.#readers++
    this.#changed.notify()
    return new PipeEnd(this, 'read', path)
  }

  writer(path?: string): PipeEnd {
    this.#writers++
    this.#everWritten = true
    this.#changed.notify()
    return new PipeEnd(this, 'write', path)
  }

  closed(end: 'read' | 'write'): void {
    if (end === 'read') this.#readers--
    else this.#writers--
    this.#changed.notify()
  }

  async read(limit: number, caller: Caller): Promise<Uint8Array> {
    while (this.#length === 0) {
      if (this.#writers === 0 && this.#everWritten) return new Uint8Array(0)
      await caller.wait(this.#changed.changed)
    }
    const first = this.#chunks[0]!
    let out: Uint8Array
    if (first.length >= limit || this.#chunks.length === 1) {
      out = first.subarray(0, limit)
      if (out.length === first.length) this.#chunks.shift()
      else this.#chunks[0] = first.subarray(limit)
    } else {
      const size = Math.min(limit, this.#length)
      out = new Uint8Array(size)
      let at = 0
      while (at < size) {
        const chunk = this.#chunks[0]!
        const part = chunk.subarray(0, size - at)
        out.set(part, at)
        at += part.length
        if (part.length === chunk.length) this.#chunks.shift()
        else this.#chunks[0] = chunk.subarray(part.length)
      }
    }
    this.#length -= out.length
    this.#changed.notify()
    return out
  }

  async write(bytes: Uint8Array, caller: Caller): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      if (this.#readers === 0) {
        if (this.#everWritten || this.#length > 0) {
          caller.raise?.('SIGPIPE')
          throw new SystemError('EPIPE')
        }
      }
      const room = this.#capacity - this.#length
      // Up to PIPE_BUF bytes go in one piece, so that lines of several writers don't mix.
      const tooSmall = bytes.length <= 4096 && room < bytes.length
      if (room <= 0 || tooSmall || this.#readers === 0) {
        await caller.wait(this.#changed.changed)
        continue
      }
      const part = bytes.slice(at, at + room)
      this.#chunks.push(part)
      this.#length += part.length
      at += part.length
      this.#changed.notify()
    }
  }
}

class PipeEnd extends Description {
  readonly pipe: Pipe
  readonly end: 'read' | 'write'

  constructor(pipe: Pipe, end: 'read' | 'write', path?: string) {
    super(path)
    this.pipe = pipe
    this.end = end
  }

  override stat(): Stat {
    return anonymousStat('fifo', this.pipe.inode, this.pipe.now())
  }

  override async read(limit = 65_536, caller: Caller = NOBODY): Promise<Uint8Array> {
    if (this.end !== 'read' || !this.open) throw new SystemError('EBADF')
    return this.pipe.read(limit, caller)
  }

  override async write(bytes: Uint8Array, caller: Caller = NOBODY): Promise<void> {
    if (this.end !== 'write' || !this.open) throw new SystemError('EBADF')
    return this.pipe.write(bytes, caller)
  }

  protected override close(): void {
    this.pipe.closed(this.end)
  }
}

export type { PipeEnd }
