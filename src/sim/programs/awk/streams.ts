import type { OpenFile } from '../../linux/file.ts'
import type { Process } from '../../linux/process.ts'
import { BoundedRegExp } from '../../linux/regexp/bounded-regexp.ts'
import { decodeText, encodeText } from '../../linux/shell/bytes.ts'
import { AppletError } from '../applet/applet.ts'

/** Reads records: up to a newline, a character, a pattern, or blank lines (RS=""). */
export class RecordReader {
  readonly #read: () => Promise<Uint8Array>
  readonly #close: () => Promise<void>
  #buffer = ''
  #pending: Uint8Array = new Uint8Array()
  #ended = false

  constructor(read: () => Promise<Uint8Array>, close: () => Promise<void>) {
    this.#read = read
    this.#close = close
  }

  async next(separator: string): Promise<string | undefined> {
    const paragraph = separator === ''
    const pattern = paragraph ? /\n\n+/ : separator.length === 1 ? undefined : new BoundedRegExp(separator)
    if (paragraph) {
      while (!this.#ended && /^\n*$/.test(this.#buffer)) await this.#fill()
      this.#buffer = this.#buffer.replace(/^\n+/, '')
    }
    for (;;) {
      const match = pattern ? pattern.exec(this.#buffer) : undefined
      const at = pattern ? (match ? match.index : -1) : this.#buffer.indexOf(separator)
      const length = match ? match[0].length : 1
      // A pattern that touches the end may go on.
      if (at >= 0 && (this.#ended || !pattern || at + length < this.#buffer.length)) {
        const record = this.#buffer.slice(0, at)
        this.#buffer = this.#buffer.slice(at + length)
        return record
      }
      if (this.#ended) {
        if (this.#buffer === '') return undefined
        const record = this.#buffer
        this.#buffer = ''
        const last = paragraph
          ? record.replace(/\n+$/, '')
          : pattern
            ? record.replace(/\n$/, '')
            : separator === '\n'
              ? record
              : record
        return last
      }
      await this.#fill()
    }
  }

  async #fill(): Promise<void> {
    const chunk = await this.#read()
    if (chunk.length === 0) {
      this.#ended = true
      this.#buffer += decodeText(this.#pending)
      this.#pending = new Uint8Array()
      return
    }
    // A character cut by the end of a chunk waits for its rest.
    const whole = new Uint8Array(this.#pending.length + chunk.length)
    whole.set(this.#pending)
    whole.set(chunk, this.#pending.length)
    let end = whole.length
    for (let back = 1; back <= 3 && back <= whole.length; back++) {
      const byte = whole[whole.length - back]!
      if (byte < 0x80) break
      if (byte >= 0xc0) {
        const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
        if (back < wanted) end = whole.length - back
        break
      }
    }
    if (this.#buffer.length > 32 * 1024 * 1024) throw new AppletError('out of memory', 2)
    this.#buffer += decodeText(whole.subarray(0, end))
    this.#pending = whole.slice(end)
  }

  close(): Promise<void> {
    return this.#close()
  }
}

export interface Sink {
  write(text: string): Promise<void>
  flush(): Promise<void>
  /** Exit status of a command. */
  close(): Promise<number>
}

export function fileSink(file: OpenFile, owned: boolean): Sink {
  let text = ''
  const flush = async () => {
    if (text === '') return
    const all = text
    text = ''
    await file.write(encodeText(all))
  }
  return {
    write: async (more) => {
      text += more
      if (text.length > 16_384 || file.tty) await flush()
    },
    flush,
    close: async () => {
      await flush()
      if (owned) file.release()
      return 0
    },
  }
}

/** `print | "command"` */
export function commandSink(process: Process, command: string): Sink {
  const pipe = process.pipe()
  const child = process.spawn({
    argv: ['sh', '-c', command],
    file: '/bin/sh',
    env: process.env,
    fds: new Map([[0, pipe.read]]),
  })
  pipe.read.release()
  const sink = fileSink(pipe.write, true)
  return {
    ...sink,
    close: async () => {
      await sink.close()
      return (await process.wait(child)).code ?? 0
    },
  }
}

/** `"command" | getline` */
export function commandReader(process: Process, command: string): RecordReader {
  const pipe = process.pipe()
  const child = process.spawn({
    argv: ['sh', '-c', command],
    file: '/bin/sh',
    env: process.env,
    fds: new Map([[1, pipe.write]]),
  })
  pipe.write.release()
  return new RecordReader(
    () => pipe.read.read(65_536),
    async () => {
      pipe.read.release()
      await process.wait(child)
    },
  )
}
