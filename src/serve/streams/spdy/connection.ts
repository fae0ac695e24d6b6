import { HeaderReader, type Headers, HeaderWriter } from './headers.ts'

/** Bytes both ways: a socket, or the messages of a WebSocket. */
export interface Wire {
  write(bytes: Uint8Array, written?: () => void): void
  end(): void
}

export interface SpdyStream {
  readonly headers: Headers
  write(bytes: Uint8Array, written?: () => void): void
  /** Nothing more is written. */
  finish(): void
  onData?: (bytes: Uint8Array) => void
  /** The client writes nothing more. */
  onEnd?: () => void
}

const TYPES = { SYN_STREAM: 1, SYN_REPLY: 2, RST_STREAM: 3, PING: 6, GOAWAY: 7 } as const
const FIN = 1
const HEAD = 8
const MAX_FRAME = 1 << 20

/** The server's side of SPDY/3.1 as container clients use it: streams that the client opens; no flow control. */
export class SpdyConnection {
  readonly #wire: Wire
  readonly #onStream: (stream: SpdyStream) => void
  readonly #streams = new Map<number, SpdyStream>()
  readonly #reader = new HeaderReader()
  readonly #writer = new HeaderWriter()
  #pending: Buffer = Buffer.alloc(0)
  #working: Promise<void> = Promise.resolve()
  #closed = false

  constructor(wire: Wire, onStream: (stream: SpdyStream) => void) {
    this.#wire = wire
    this.#onStream = onStream
  }

  receive(bytes: Uint8Array): void {
    this.#working = this.#working.then(() => this.#take(bytes)).catch(() => this.close())
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const stream of this.#streams.values()) stream.onEnd?.()
    this.#streams.clear()
    this.#reader.close()
    this.#writer.close()
    this.#wire.end()
  }

  async #take(bytes: Uint8Array): Promise<void> {
    this.#pending = Buffer.concat([this.#pending, bytes])
    while (!this.#closed && this.#pending.length >= HEAD) {
      const length = this.#pending.readUIntBE(5, 3)
      if (length > MAX_FRAME) throw new Error('frame too large')
      if (this.#pending.length < HEAD + length) return
      const frame = this.#pending.subarray(0, HEAD + length)
      this.#pending = this.#pending.subarray(HEAD + length)
      if (frame[0]! & 0x80) await this.#control(frame.readUInt16BE(2), frame[4]!, frame.subarray(HEAD))
      else this.#data(frame.readUInt32BE(0), frame[4]!, frame.subarray(HEAD))
    }
  }

  async #control(type: number, flags: number, payload: Buffer): Promise<void> {
    if (type === TYPES.SYN_STREAM) await this.#open(payload.readUInt32BE(0) & 0x7fffffff, flags, payload.subarray(10))
    else if (type === TYPES.PING) this.#send(TYPES.PING, payload)
    else if (type === TYPES.RST_STREAM) this.#end(payload.readUInt32BE(0))
    else if (type === TYPES.GOAWAY && this.#streams.size === 0) this.close()
  }

  async #open(id: number, flags: number, block: Buffer): Promise<void> {
    const headers = await this.#reader.read(block)
    const stream: SpdyStream = {
      headers,
      write: (bytes, written) => {
        if (this.#closed) return written?.()
        this.#wire.write(dataFrame(id, 0, bytes), written)
      },
      finish: () => {
        if (!this.#closed) this.#wire.write(dataFrame(id, FIN, new Uint8Array(0)))
      },
    }
    this.#streams.set(id, stream)
    const reply = Buffer.concat([uint32(id), await this.#writer.write({})])
    this.#send(TYPES.SYN_REPLY, reply)
    this.#onStream(stream)
    if (flags & FIN) this.#end(id)
  }

  #data(id: number, flags: number, bytes: Buffer): void {
    if (bytes.length > 0) this.#streams.get(id)?.onData?.(new Uint8Array(bytes))
    if (flags & FIN) this.#end(id)
  }

  #end(id: number): void {
    this.#streams.get(id)?.onEnd?.()
    this.#streams.delete(id)
  }

  #send(type: number, payload: Uint8Array): void {
    const head = Buffer.from([0x80, 3, 0, type, 0, 0, 0, 0])
    head.writeUIntBE(payload.length, 5, 3)
    this.#wire.write(Buffer.concat([head, payload]))
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function dataFrame(id: number, flags: number, bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(HEAD)
  head.writeUInt32BE(id, 0)
  head[4] = flags
  head.writeUIntBE(bytes.length, 5, 3)
  return Buffer.concat([head, bytes])
}
