import type { OpenFile, TtySize } from '../../linux/file.ts'
import { NullFile } from '../../linux/fs/null-file.ts'
import type { Kernel } from '../../linux/kernel.ts'
import type { DevPts } from '../../linux/tty/devpts.ts'
import type { Pty } from '../../linux/tty/pty.ts'
import type { ExecStreams } from '../engine.ts'

type StreamName = 'stdout' | 'stderr'

/** Standard input, output and error of a container's or exec's process, and who is attached to them. */
export class Console {
  /** For the process: 0, 1 and 2. To be released once it has been spawned. */
  readonly fds: ReadonlyMap<number, OpenFile>
  readonly pty: Pty | undefined
  /** Settles when all output has been taken. */
  readonly drained: Promise<void>
  readonly #attached = new Set<ExecStreams>()
  readonly #record: ((stream: StreamName, bytes: Uint8Array) => void) | undefined
  #input: OpenFile | undefined

  constructor(
    kernel: Kernel,
    options: {
      tty: boolean
      stdin: boolean
      devPts?: DevPts
      size?: TtySize
      record?: (stream: StreamName, bytes: Uint8Array) => void
    },
  ) {
    this.#record = options.record
    if (options.tty) {
      const { pty, master, slave } = kernel.openPty(options.devPts)
      pty.size = options.size ?? { columns: 0, rows: 0 }
      this.pty = pty
      this.#input = master
      this.fds = new Map([0, 1, 2].map((number) => [number, slave]))
      this.drained = this.#pump(master, 'stdout')
      return
    }
    const stdout = kernel.makePipe()
    const stderr = kernel.makePipe()
    let stdin: OpenFile = new NullFile()
    if (options.stdin) {
      const pipe = kernel.makePipe()
      stdin = pipe.read
      this.#input = pipe.write
    }
    this.fds = new Map([
      [0, stdin],
      [1, stdout.write],
      [2, stderr.write],
    ])
    this.drained = Promise.all([this.#pump(stdout.read, 'stdout'), this.#pump(stderr.read, 'stderr')]).then(() => {})
  }

  /** The engine's own hold on the process's ends: without letting go, output would never end. */
  release(): void {
    for (const file of new Set(this.fds.values())) file.release()
  }

  /** Copies output to the caller, and its input to the process; `closeInput` passes the end of input on. */
  attach(streams: ExecStreams, closeInput: boolean): { detach(): void } {
    this.#attached.add(streams)
    let detached = false
    if (streams.stdin && this.#input) void this.#feed(streams.stdin, () => detached, closeInput)
    return {
      detach: () => {
        detached = true
        this.#attached.delete(streams)
      },
    }
  }

  /** Ends the process's standard input. */
  closeInput(): void {
    if (this.pty) return
    this.#input?.release()
    this.#input = undefined
  }

  resize(size: TtySize): void {
    if (this.pty) this.pty.size = size
  }

  async #feed(from: NonNullable<ExecStreams['stdin']>, stopped: () => boolean, closeInput: boolean): Promise<void> {
    try {
      for (;;) {
        const bytes = await from.read()
        if (stopped()) return
        if (bytes.length === 0) {
          if (closeInput) this.closeInput()
          else if (this.pty) await this.#input?.write(new Uint8Array([4]))
          return
        }
        await this.#input?.write(bytes)
      }
    } catch {
      // Either side has gone: nothing is left to copy.
    }
  }

  async #pump(from: OpenFile, stream: StreamName): Promise<void> {
    try {
      for (;;) {
        const bytes = await from.read()
        if (bytes.length === 0) break
        this.#record?.(stream, bytes)
        for (const streams of [...this.#attached]) {
          try {
            await streams[stream]?.write(bytes)
          } catch {
            this.#attached.delete(streams)
            // Nobody else will ever read what a command of its own says.
            if (!this.#record && this.#attached.size === 0) return from.release()
          }
        }
      }
    } catch {
      // The terminal was taken away.
    }
    from.release()
  }
}
