import { SystemError } from '../errors.ts'
import type { OpenFile, Stat, Tty, TtySize } from '../file.ts'
import type { Caller, Description } from '../fs/description.ts'
import type { Pty } from '../tty/pty.ts'
import type { KernelProcess } from './kernel-process.ts'

/** ms of CPU for one read or write, and per byte: makes endless loops of them take virtual time. */
const CALL = 0.005
const PER_BYTE = 1 / 400_000
/** A terminal window shows no more than some megabytes a second. */
const PER_SHOWN_BYTE = 1 / 4000

/** An open file as one process uses it: waits end when the process is killed, a broken pipe raises SIGPIPE in it. */
export class BoundFile implements OpenFile {
  readonly description: OpenFile
  readonly #process: KernelProcess
  /** Holders within this process. The kernel drops what is left when the process ends. */
  #holds = 1

  constructor(process: KernelProcess, file: OpenFile) {
    this.#process = process
    this.description = unbound(file)
    process.opened.add(this)
  }

  get tty(): Tty | undefined {
    const tty = this.description.tty
    return tty && 'foreground' in tty ? new BoundTty(this.#process, tty as Pty) : tty
  }

  get path(): string | undefined {
    return this.description.path
  }

  stat(): Stat {
    return this.description.stat()
  }

  async read(limit?: number): Promise<Uint8Array> {
    this.#check()
    const process = this.#process
    await process.pay()
    const bytes = await (this.description as Description).read(limit, process as Caller)
    process.charge(CALL + bytes.length * PER_BYTE)
    return bytes
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#check()
    const process = this.#process
    process.charge(CALL + bytes.length * (this.description.tty ? PER_SHOWN_BYTE : PER_BYTE))
    await process.pay()
    try {
      await (this.description as Description).write(bytes, process as Caller)
    } catch (error) {
      if (error instanceof SystemError && error.code === 'EFBIG') process.raise('SIGXFSZ')
      throw error
    }
  }

  seek(offset: number, from: 'start' | 'current' | 'end'): number {
    return this.description.seek(offset, from)
  }

  truncate(size: number): void {
    this.description.truncate(size)
  }

  retain(): void {
    this.#holds++
    this.description.retain()
  }

  release(): void {
    if (this.#holds === 0) return
    if (--this.#holds === 0) this.#process.opened.delete(this)
    this.description.release()
  }

  releaseAll(): void {
    while (this.#holds > 0) this.release()
  }

  #check(): void {
    if (this.#holds === 0 && !this.#process.exitStatus) throw new SystemError('EBADF')
  }
}

/** The open file description behind a descriptor of any process. */
export function unbound(file: OpenFile): OpenFile {
  return file instanceof BoundFile ? file.description : file
}

/** A terminal as one process sees it: process groups by the numbers of its PID namespace. */
class BoundTty implements Tty {
  readonly #process: KernelProcess
  readonly #pty: Pty

  constructor(process: KernelProcess, pty: Pty) {
    this.#process = process
    this.#pty = pty
  }

  get name(): string {
    return this.#pty.name
  }
  get size(): TtySize {
    return this.#pty.size
  }
  set size(size: TtySize) {
    this.#pty.size = size
  }
  get modes() {
    return this.#pty.modes
  }
  set modes(modes: Tty['modes']) {
    this.#pty.modes = modes
    this.#pty.poke()
  }
  get foregroundGroup(): number {
    return this.#process.numberIn(this.#pty.foreground?.numbers)
  }
  set foregroundGroup(number: number) {
    const group = this.#process.findGroup(number)
    if (!group) return
    this.#pty.foreground = group
    this.#pty.session ??= group.session
    this.#pty.poke()
  }
  onResize(listener: (size: TtySize) => void): () => void {
    return this.#pty.onResize(listener)
  }
}
