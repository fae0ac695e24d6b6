import type { Duplex } from 'node:stream'
import { PushedInput } from './pushed-input.ts'
import type { Deliver } from './serve-world.ts'

/** What a real client sends on a connection. */
export class SocketInput extends PushedInput {
  constructor(socket: Duplex, head: Uint8Array, deliver: Deliver) {
    super(deliver)
    if (head.length > 0) this.parts.push(head)
    const end = () => this.end()
    socket.on('data', (bytes: Buffer) => this.push(new Uint8Array(bytes)))
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
      if (part.length > missing) this.parts.unshift(part.subarray(missing))
      missing -= Math.min(missing, part.length)
    }
    return Buffer.concat(taken)
  }
}
