import type { LogLine } from '../engine.ts'

/** Bytes of output kept for a container; older lines go. */
const LIMIT = 8 * 1024 * 1024
/** Longer lines are kept in parts, as Docker and containerd do. */
const LINE = 16_384

/** What a container's first process printed, line by line. */
export class ContainerLog {
  #lines: LogLine[] = []
  #bytes = 0
  readonly #listeners = new Set<(line: LogLine) => void>()
  readonly #rest = { stdout: '', stderr: '' }
  readonly #decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  get lines(): readonly LogLine[] {
    return this.#lines
  }

  onLine(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  append(stream: 'stdout' | 'stderr', bytes: Uint8Array): void {
    const text = this.#rest[stream] + this.#decoders[stream].decode(bytes, { stream: true })
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#add({ time: this.#now(), stream, text: text.slice(from, end) })
      from = end + 1
    }
    let rest = text.slice(from)
    while (rest.length >= LINE) {
      this.#add({ time: this.#now(), stream, text: rest.slice(0, LINE), partial: true })
      rest = rest.slice(LINE)
    }
    this.#rest[stream] = rest
  }

  /** The stream ended: what has no newline is a line too. */
  finish(stream: 'stdout' | 'stderr'): void {
    const text = this.#rest[stream] + this.#decoders[stream].decode()
    this.#rest[stream] = ''
    if (text !== '') this.#add({ time: this.#now(), stream, text, partial: true })
  }

  #add(line: LogLine): void {
    this.#lines.push(line)
    this.#bytes += line.text.length + 64
    if (this.#bytes > LIMIT) {
      this.#lines = this.#lines.slice(this.#lines.length >> 1)
      this.#bytes = this.#lines.reduce((sum, { text }) => sum + text.length + 64, 0)
    }
    for (const listener of [...this.#listeners]) listener(line)
  }
}
