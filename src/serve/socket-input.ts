import type { Duplex } from 'node:stream'
import type { Deliver } from './serve-world.ts'

const NOTHING = new Uint8Array(0)

/** What a real client sends on a connection, as input of a simulated process. */
export class SocketInput {
  readonly #parts: Uint8Array[] = []
  #ended = false
  #wake: (() => void) | undefined

  constructor(socket: Duplex, head: Uint8Array, deliver: Deliver) {
    if (head.length > 0) this.#parts.push(head)
    const notify = (action: () => void) =>
      deliver(() => {
        action()
        this.#wake?.()
        this.#wake = undefined
      })
    const end = () => notify(() => (this.#ended = true))
    socket.on('data', (bytes: Buffer) => notify(() => this.#parts.push(new Uint8Array(bytes))))
    socket.once('end', end)
    socket.once('close', end)
  }

  /** Exactly so many bytes, fewer at the end. */
  async take(length: number): Promise<Buffer> {
    const taken: Uint8Array[] = []
    let missing = length
    while (missing > 0) {
      const part = await this.read()
      if (part.length === 0) break
      taken.push(part.subarray(0, missing))
      if (part.length > missing) this.#parts.unshift(part.subarray(missing))
      missing -= Math.min(missing, part.length)
    }
    return Buffer.concat(taken)
  }

  /** Empty at the end of input. */
  async read(): Promise<Uint8Array> {
    while (this.#parts.length === 0) {
      if (this.#ended) return NOTHING
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.#parts.shift()!
  }
}
