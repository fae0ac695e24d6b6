import type { Waiting } from '../../time/waiting.ts'
import { Condition } from '../condition.ts'
import { SystemError } from '../errors.ts'
import type { Stat, Tty, TtySize } from '../file.ts'
import { type Caller, Description, NOBODY } from '../fs/description.ts'
import type { ProcessGroup, Session } from '../process/group.ts'
import type { Signal } from '../signals.ts'
import { LineEditor } from './line-editor.ts'

/** A pseudo terminal: the master is held by a terminal window or a container engine, the slave by programs. */
export class Pty implements Tty {
  /** `/dev/pts/0` */
  readonly name: string
  readonly index: number
  readonly stat: () => Stat
  modes = { canonical: true, echo: true, signals: true, outputCrLf: true }
  session: Session | undefined
  foreground: ProcessGroup | undefined
  /** Told when the terminal window has gone. */
  onClose: (() => void) | undefined
  readonly #editor: LineEditor
  readonly #changed: Condition
  readonly #resized = new Set<(size: TtySize) => void>()
  #size: TtySize = { columns: 80, rows: 24 }
  #output: Uint8Array[] = []
  #outputLength = 0
  /** Complete input: a null is end of file. */
  #input: (Uint8Array | null)[] = []
  #masterOpen = true
  #slaves = 0
  #everOpened = false

  constructor(waiting: Waiting, index: number, stat: () => Stat) {
    this.index = index
    this.name = `/dev/pts/${index}`
    this.stat = stat
    this.#changed = new Condition(waiting)
    this.#editor = new LineEditor({
      echo: (text) => this.#echo(text),
      line: (bytes) => this.#enter(bytes),
      signal: (signal) => {
        this.#discard()
        this.signalForeground(signal)
      },
    })
  }

  get size(): TtySize {
    return this.#size
  }

  set size(size: TtySize) {
    const changed = size.columns !== this.#size.columns || size.rows !== this.#size.rows
    this.#size = { ...size }
    if (!changed) return
    for (const listener of [...this.#resized]) listener(this.#size)
    this.signalForeground('SIGWINCH')
  }

  get foregroundGroup(): number {
    return this.foreground?.numbers[0] ?? 0
  }

  /** Only a process can set it, by its own view of the terminal. */
  set foregroundGroup(_group: number) {
    throw new SystemError('ENOTTY')
  }

  onResize(listener: (size: TtySize) => void): () => void {
    this.#resized.add(listener)
    return () => this.#resized.delete(listener)
  }

  signalForeground(signal: Signal): void {
    if (this.foreground) for (const member of [...this.foreground.members]) member.receive(signal)
  }

  /** The terminal window's side: read gives what programs print, write is the keyboard. */
  master(): Description {
    return new MasterEnd(this)
  }

  slave(path = this.name): Description {
    this.#slaves++
    this.#everOpened = true
    return new SlaveEnd(this, path)
  }

  /** Keyboard input. */
  type(bytes: Uint8Array): void {
    for (const byte of bytes) this.#editor.input(byte, this.modes)
  }

  async readOutput(limit: number, caller: Caller): Promise<Uint8Array> {
    while (this.#outputLength === 0) {
      if (this.#everOpened && this.#slaves === 0) return new Uint8Array(0)
      await caller.wait(this.#changed.changed)
    }
    const first = this.#output.shift()!
    if (first.length > limit) this.#output.unshift(first.subarray(limit))
    const out = first.subarray(0, limit)
    this.#outputLength -= out.length
    this.#changed.notify()
    return out
  }

  async writeOutput(bytes: Uint8Array, caller: Caller): Promise<void> {
    const out = this.modes.outputCrLf ? withCarriageReturns(bytes) : bytes.slice()
    while (this.#outputLength > 65_536) {
      if (!this.#masterOpen) break
      await caller.wait(this.#changed.changed)
    }
    if (!this.#masterOpen) throw new SystemError('EIO')
    this.#push(out)
  }

  async readInput(limit: number, caller: Caller): Promise<Uint8Array> {
    for (;;) {
      if (this.#inBackground(caller)) {
        if (!caller.raise) throw new SystemError('EIO')
        caller.raise('SIGTTIN')
        await caller.wait(Promise.resolve())
        if (this.#inBackground(caller)) await caller.wait(this.#changed.changed)
        continue
      }
      if (!this.modes.canonical) this.#editor.flush()
      const first = this.#input[0]
      if (first === null) {
        this.#input.shift()
        return new Uint8Array(0)
      }
      if (first) {
        if (first.length > limit) this.#input[0] = first.subarray(limit)
        else this.#input.shift()
        return first.subarray(0, limit)
      }
      if (!this.#masterOpen) return new Uint8Array(0)
      await caller.wait(this.#changed.changed)
    }
  }

  /** Wakes readers after the foreground group or the modes changed. */
  poke(): void {
    this.#changed.notify()
  }

  closeMaster(): void {
    this.#masterOpen = false
    this.#changed.notify()
    this.onClose?.()
    this.session?.leader?.receive('SIGHUP')
    this.signalForeground('SIGHUP')
    this.signalForeground('SIGCONT')
  }

  closeSlave(): void {
    this.#slaves--
    this.#changed.notify()
  }

  #inBackground(caller: Caller): boolean {
    return (
      this.session !== undefined &&
      caller.sessionKey === this.session &&
      this.foreground !== undefined &&
      caller.groupKey !== this.foreground
    )
  }

  /** A signal key drops what has piled up, so that an endless flood stops at once. */
  #discard(): void {
    this.#input = []
    if (this.#outputLength <= 4096) return
    this.#output = this.#output.slice(-1)
    this.#outputLength = this.#output[0]?.length ?? 0
    this.#changed.notify()
  }

  #echo(text: string): void {
    this.#push(new TextEncoder().encode(text))
  }

  #push(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#output.push(bytes)
    this.#outputLength += bytes.length
    this.#changed.notify()
  }

  #enter(bytes: Uint8Array | null): void {
    this.#input.push(bytes)
    this.#changed.notify()
  }
}

class MasterEnd extends Description {
  readonly #pty: Pty
  constructor(pty: Pty) {
    super('/dev/ptmx')
    this.#pty = pty
  }
  override stat(): Stat {
    return this.#pty.stat()
  }
  override async read(limit = 65_536, caller: Caller = NOBODY): Promise<Uint8Array> {
    return this.#pty.readOutput(limit, caller)
  }
  override async write(bytes: Uint8Array): Promise<void> {
    this.#pty.type(bytes)
  }
  protected override close(): void {
    this.#pty.closeMaster()
  }
}

/** The programs' side of a terminal. */
class SlaveEnd extends Description {
  readonly pty: Pty
  constructor(pty: Pty, path: string) {
    super(path)
    this.pty = pty
  }
  override get tty(): Pty {
    return this.pty
  }
  override stat(): Stat {
    return this.pty.stat()
  }
  override async read(limit = 65_536, caller: Caller = NOBODY): Promise<Uint8Array> {
    return this.pty.readInput(limit, caller)
  }
  override async write(bytes: Uint8Array, caller: Caller = NOBODY): Promise<void> {
    return this.pty.writeOutput(bytes, caller)
  }
  protected override close(): void {
    this.pty.closeSlave()
  }
}

function withCarriageReturns(bytes: Uint8Array): Uint8Array {
  let count = 0
  for (const byte of bytes) if (byte === 10) count++
  if (count === 0) return bytes.slice()
  const out = new Uint8Array(bytes.length + count)
  let at = 0
  for (const byte of bytes) {
    if (byte === 10) out[at++] = 13
    out[at++] = byte
  }
  return out
}
