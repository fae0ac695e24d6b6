import type { Headers } from './message.ts'

/** A malformed message from the other side. */
export class HttpParseError extends Error {}

interface Source {
  read(limit?: number): Promise<Uint8Array>
}

const LIMIT = 64 * 1024
const decoder = new TextDecoder()

/** Reads lines and counted bytes from a connection, keeping what came too much for the next read. */
export class ByteReader {
  readonly #source: Source
  #buffer = new Uint8Array(0)
  #ended = false

  constructor(source: Source) {
    this.#source = source
  }

  /** True when nothing more will come. Waits for at least one byte otherwise. */
  async atEnd(): Promise<boolean> {
    while (this.#buffer.length === 0) if (!(await this.#fill())) return true
    return false
  }

  /** The next byte without taking it; undefined at the end. */
  async peek(): Promise<number | undefined> {
    return (await this.atEnd()) ? undefined : this.#buffer[0]
  }

  /** Up to a newline, which is dropped with a carriage return before it; undefined at the end. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const at = this.#buffer.indexOf(10)
      if (at >= 0) {
        const end = at > 0 && this.#buffer[at - 1] === 13 ? at - 1 : at
        const text = decoder.decode(this.#buffer.subarray(0, end))
        this.#buffer = this.#buffer.subarray(at + 1)
        return text
      }
      if (this.#buffer.length > LIMIT) throw new HttpParseError('line too long')
      if (!(await this.#fill())) return undefined
    }
  }

  /** Exactly `count` bytes, fewer only at the end. */
  async bytes(count: number): Promise<Uint8Array> {
    while (this.#buffer.length < count) if (!(await this.#fill())) break
    const taken = this.#buffer.slice(0, count)
    this.#buffer = this.#buffer.subarray(taken.length)
    return taken
  }

  /** Whatever is there, at least one byte; empty at the end. */
  async some(): Promise<Uint8Array> {
    if (await this.atEnd()) return new Uint8Array(0)
    const taken = this.#buffer.slice()
    this.#buffer = new Uint8Array(0)
    return taken
  }

  async rest(): Promise<Uint8Array> {
    while (await this.#fill()) {}
    return this.bytes(this.#buffer.length)
  }

  async #fill(): Promise<boolean> {
    if (this.#ended) return false
    const more = await this.#source.read()
    if (more.length === 0) {
      this.#ended = true
      return false
    }
    const joined = new Uint8Array(this.#buffer.length + more.length)
    joined.set(this.#buffer)
    joined.set(more, this.#buffer.length)
    this.#buffer = joined
    return true
  }
}

/** Header lines up to the empty one. */
export async function readHeaders(reader: ByteReader): Promise<[string, string][]> {
  const headers: [string, string][] = []
  for (;;) {
    const line = await reader.line()
    if (line === undefined || line === '') return headers
    const colon = line.indexOf(':')
    if (colon <= 0) throw new HttpParseError(`invalid header line: ${line}`)
    headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()])
    if (headers.length > 200) throw new HttpParseError('too many headers')
  }
}

export type BodyFraming =
  | { kind: 'none' }
  | { kind: 'length'; length: number }
  | { kind: 'chunked' }
  | { kind: 'close' }

/** How the body's end is found (RFC 9112 §6). `fallback` applies when neither header is there. */
export function bodyFraming(headers: Headers, fallback: 'none' | 'close'): BodyFraming {
  const find = (name: string) => headers.find(([key]) => key.toLowerCase() === name)?.[1]
  if (find('transfer-encoding')?.toLowerCase().includes('chunked')) return { kind: 'chunked' }
  const length = find('content-length')
  if (length !== undefined) {
    if (!/^\d+$/.test(length)) throw new HttpParseError('invalid content length')
    return { kind: 'length', length: Number(length) }
  }
  return { kind: fallback }
}

/** The body piece by piece. */
export async function* readBody(reader: ByteReader, framing: BodyFraming): AsyncGenerator<Uint8Array> {
  if (framing.kind === 'none') return
  if (framing.kind === 'close') {
    for (;;) {
      const piece = await reader.some()
      if (piece.length === 0) return
      yield piece
    }
  }
  if (framing.kind === 'length') {
    let left = framing.length
    while (left > 0) {
      const piece = await reader.bytes(Math.min(left, 16_384))
      if (piece.length === 0) throw new HttpParseError('body ended early')
      left -= piece.length
      yield piece
    }
    return
  }
  for (;;) {
    const size = Number.parseInt((await reader.line()) ?? '', 16)
    if (Number.isNaN(size)) throw new HttpParseError('invalid chunk')
    if (size === 0) {
      await readHeaders(reader)
      return
    }
    yield await reader.bytes(size)
    await reader.line()
  }
}

export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of pieces) {
    parts.push(part)
    length += part.length
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
