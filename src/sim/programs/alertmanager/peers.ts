import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import { ByteReader } from '../http/reader.ts'

const encoder = new TextEncoder()

/** What one member tells the others: that a group's notification went out. */
export interface Told {
  /** the group and the number of the receiver's integration */
  key: string
  /** fingerprints */
  firing: readonly string[]
  resolved: readonly string[]
  /** ms since 1970 */
  at: number
}

/** The other Alertmanagers of a cluster: each learns what another has sent, so that only one sends it. */
export class Peers {
  readonly #process: Process
  /** `alertmanager-main-0.alertmanager-operated:9094` */
  readonly names: readonly string[]
  readonly #hear: (told: Told) => void

  constructor(process: Process, names: readonly string[], hear: (told: Told) => void) {
    this.#process = process
    this.names = [...names].sort()
    this.#hear = hear
  }

  /** Its place in the line: the first one sends at once, the next waits for it. */
  get position(): number {
    const hostname = this.#process.files.readText('/proc/sys/kernel/hostname').trim()
    return Math.max(
      0,
      this.names.findIndex((name) => name.split(/[.:]/)[0] === hostname),
    )
  }

  async listen(port: number): Promise<void> {
    const listener = this.#process.net.listen({ port })
    for (;;) {
      const connection = await listener.accept()
      const read = async () => {
        const line = await new ByteReader(connection).line()
        if (line) this.#hear(JSON.parse(line) as Told)
        connection.close()
      }
      // A member that goes away in the middle said nothing.
      read().catch(() => connection.close())
    }
  }

  async tell(told: Told): Promise<void> {
    const hostname = this.#process.files.readText('/proc/sys/kernel/hostname').trim()
    for (const name of this.names) {
      const [host = '', port = ''] = name.split(':')
      if (host.split('.')[0] === hostname) continue
      try {
        const [address] = await this.#process.net.resolve(host)
        if (!address) continue
        const connection = await this.#process.net.connect({ address, port: Number(port) }, { timeout: 2000 })
        await connection.write(encoder.encode(`${JSON.stringify(told)}\n`))
        connection.finish()
      } catch (error) {
        if (!(error instanceof SystemError)) throw error
      }
    }
  }
}
