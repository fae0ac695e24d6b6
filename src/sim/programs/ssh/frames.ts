import { concatBytes, decodeText, encodeText } from '../../linux/shell/bytes.ts'
import type { Connection } from '../../linux/socket.ts'

/** What client and server tell each other; SSH's own channel messages, without the cryptography. */
export type FrameType = 'open' | 'denied' | 'input' | 'input-end' | 'output' | 'error' | 'resize' | 'exit'

const TYPES: readonly FrameType[] = ['open', 'denied', 'input', 'input-end', 'output', 'error', 'resize', 'exit']

export interface OpenRequest {
  user: string
  /** A login shell when it is missing. */
  command?: string
  pty?: { columns: number; rows: number; term: string }
}

export interface Frame {
  type: FrameType
  bytes: Uint8Array
}

export const SSH_BANNER = 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u2\r\n'

export function jsonOf<T>(frame: Frame): T {
  return JSON.parse(decodeText(frame.bytes)) as T
}

/** Sends and receives frames over a connection, after a line each way that names the protocol. */
export class FrameStream {
  readonly #connection: Connection
  #rest: Uint8Array = new Uint8Array(0)

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async greet(): Promise<void> {
    await this.#connection.write(encodeText(SSH_BANNER))
  }

  /** The other side's banner; undefined when it speaks something else. */
  async greeted(): Promise<string | undefined> {
    for (;;) {
      const end = this.#rest.indexOf(10)
      if (end >= 0) {
        const line = decodeText(this.#rest.subarray(0, end))
        this.#rest = this.#rest.subarray(end + 1)
        return line.startsWith('SSH-') ? line : undefined
      }
      if (this.#rest.length > 255 || !(await this.#more())) return undefined
    }
  }

  send(type: FrameType, content: Uint8Array | object = new Uint8Array(0)): Promise<void> {
    const bytes = content instanceof Uint8Array ? content : encodeText(JSON.stringify(content))
    const head = new Uint8Array(5)
    new DataView(head.buffer).setUint32(0, bytes.length)
    head[4] = TYPES.indexOf(type)
    return this.#connection.write(concatBytes([head, bytes]))
  }

  /** Undefined once the other side has gone. */
  async receive(): Promise<Frame | undefined> {
    while (this.#rest.length < 5) if (!(await this.#more())) return undefined
    const view = new DataView(this.#rest.buffer, this.#rest.byteOffset)
    const end = 5 + view.getUint32(0)
    while (this.#rest.length < end) if (!(await this.#more())) return undefined
    const frame: Frame = { type: TYPES[this.#rest[4]!] ?? 'denied', bytes: this.#rest.slice(5, end) }
    this.#rest = this.#rest.slice(end)
    return frame
  }

  close(): void {
    this.#connection.close()
  }

  async #more(): Promise<boolean> {
    const bytes = await this.#connection.read()
    this.#rest = concatBytes([this.#rest, bytes])
    return bytes.length > 0
  }
}
