import type { Process } from '../../linux/process.ts'
import { openInput } from '../applet/input.ts'
import { commandReader, commandSink, fileSink, RecordReader, type Sink } from './streams.ts'
import type { Redirect } from './syntax.ts'

/** The files and commands a program reads and writes beside its input, each open until it is closed by its name. */
export class AwkFiles {
  readonly stdout: Sink
  readonly #process: Process
  readonly #sinks = new Map<string, Sink>()
  readonly #readers = new Map<string, RecordReader>()

  constructor(process: Process) {
    this.#process = process
    this.stdout = fileSink(process.stdout, false)
  }

  /** Where `print > name` and its like write to. */
  async sink(kind: Redirect['kind'], name: string): Promise<Sink> {
    let sink = this.#sinks.get(name)
    if (sink) return sink
    const process = this.#process
    if (kind === '|') {
      await this.stdout.flush()
      sink = commandSink(process, name)
    } else if (name === '/dev/stdout' || name === '-') sink = this.stdout
    else if (name === '/dev/stderr') {
      await this.stdout.flush()
      sink = { write: (text) => process.printError(text), flush: async () => {}, close: async () => 0 }
    } else
      sink = fileSink(
        process.files.open(name, {
          write: true,
          create: true,
          ...(kind === '>' ? { truncate: true } : { append: true }),
        }),
        true,
      )
    this.#sinks.set(name, sink)
    return sink
  }

  /** What `getline < name` or `command | getline` reads from; undefined when it can't be opened. */
  async reader(name: string, command: boolean): Promise<RecordReader | undefined> {
    let reader = this.#readers.get(name)
    if (reader) return reader
    try {
      await this.stdout.flush()
      reader = command ? commandReader(this.#process, name) : fileReader(this.#process, name)
    } catch {
      return undefined
    }
    this.#readers.set(name, reader)
    return reader
  }

  /** The status of what was closed; -1 when nothing of that name was open. */
  async close(name: string): Promise<number> {
    const sink = this.#sinks.get(name)
    const reader = this.#readers.get(name)
    this.#sinks.delete(name)
    this.#readers.delete(name)
    await reader?.close()
    return sink ? sink.close() : reader ? 0 : -1
  }

  async flushAll(): Promise<void> {
    await this.stdout.flush()
    for (const sink of this.#sinks.values()) await sink.flush()
  }

  async end(): Promise<void> {
    await this.stdout.flush()
    for (const sink of this.#sinks.values()) await sink.close()
  }
}

/** Records of a file; `-` is standard input. */
export function fileReader(process: Process, name: string): RecordReader {
  const { file, close } = openInput(process, name)
  return new RecordReader(
    () => file.read(65_536),
    async () => close(),
  )
}
