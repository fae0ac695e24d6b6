import { SystemError } from '../../sim/linux/errors.ts'
import type { ClientStreams, RestRequest } from '../../sim/rest/port.ts'
import { query } from '../../sim/rest/port.ts'
import { PushedInput } from '../pushed-input.ts'
import type { Deliver } from '../serve-world.ts'

/** How output goes to a client: WebSocket messages or SPDY streams. */
export interface Transport {
  /** May tell when there is room for more. */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): Promise<void> | void
  /** The remote command has ended: a Kubernetes Status. */
  end(status: unknown): void
}

type Size = { columns: number; rows: number }

/** The streams of exec and attach; what is written before the client's side stands is kept for it. */
export class RemoteStreams implements ClientStreams {
  readonly input: PushedInput
  readonly stdin: ClientStreams['stdin']
  readonly stdout: ClientStreams['stdout']
  readonly stderr: ClientStreams['stderr']
  readonly wanted: { stdin: boolean; stdout: boolean; stderr: boolean; tty: boolean }
  readonly #deliver: Deliver
  #transport: Transport | undefined
  readonly #breaks: boolean
  #gone = false
  #kept: ((transport: Transport) => void)[] = []
  #size: Size | undefined
  #resize: ((size: Size) => void) | undefined

  constructor(request: RestRequest, deliver: Deliver) {
    const flag = (name: string) => ['true', '1'].includes(query(request, name) ?? '')
    const tty = flag('tty')
    this.wanted = { stdin: flag('stdin'), stdout: flag('stdout'), stderr: flag('stderr') && !tty, tty }
    this.#deliver = deliver
    this.#breaks = request.path.endsWith('/exec')
    this.input = new PushedInput(deliver)
    if (this.wanted.stdin) this.stdin = this.input
    const output = (name: 'stdout' | 'stderr') => ({
      write: (bytes: Uint8Array) => {
        if (this.#gone) return this.#broken()
        if (this.#transport) return this.#transport.write(name, bytes)
        this.#kept.push((transport) => transport.write(name, bytes))
      },
    })
    if (this.wanted.stdout) this.stdout = output('stdout')
    if (this.wanted.stderr) this.stderr = output('stderr')
  }

  join(transport: Transport): void {
    for (const action of this.#kept) action(transport)
    this.#kept = []
    this.#transport = transport
  }

  /** The client is no more: there is no input, and a command of its own has nobody to write to. */
  leave(): void {
    this.input.end()
    this.#deliver(() => {
      this.#gone = true
    })
  }

  #broken(): void {
    if (this.#breaks) throw new SystemError('EPIPE')
  }

  /** The JSON of a terminal's size, as clients send it. */
  resized(text: string): void {
    try {
      const { Width, Height } = JSON.parse(text) as { Width?: number; Height?: number }
      const size = { columns: Number(Width) || 80, rows: Number(Height) || 24 }
      this.#deliver(() => {
        this.#size = size
        this.#resize?.(size)
      })
    } catch {
      // No size.
    }
  }

  onResize(listener: (size: Size) => void): void {
    this.#resize = listener
    if (this.#size) listener(this.#size)
  }

  onStatus(status: unknown): void {
    if (this.#transport) this.#transport.end(status)
    else this.#kept.push((transport) => transport.end(status))
  }
}
