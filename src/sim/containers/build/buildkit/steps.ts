import { digestOf } from '../../images/sha256.ts'
import type { SolveStatus, Vertex, VertexStatus } from './status.ts'

/** Tells of steps as they begin, go on and end. */
export class Reporter {
  readonly #send: (status: SolveStatus) => void
  readonly #now: () => number
  #count = 0

  constructor(send: (status: SolveStatus) => void, now: () => number) {
    this.#send = send
    this.#now = now
  }

  begin(name: string): Step {
    return new Step(this.#send, this.#now, name, this.#count++)
  }

  warn(short: string): void {
    this.#send({ warnings: [{ short }] })
  }
}

export class Step {
  readonly #send: (status: SolveStatus) => void
  readonly #now: () => number
  readonly #vertex: Vertex

  constructor(send: (status: SolveStatus) => void, now: () => number, name: string, index: number) {
    this.#send = send
    this.#now = now
    this.#vertex = { digest: digestOf(`${index} ${name}`), name, started: now() }
    this.#tell()
  }

  #tell(): void {
    this.#send({ vertexes: [{ ...this.#vertex }] })
  }

  log(data: string): void {
    this.#send({ logs: [{ vertex: this.#vertex.digest, data, timestamp: this.#now() }] })
  }

  /** Something inside the step goes on, or is done. */
  progress(id: string, options: { current?: number; total?: number; started?: number; done?: boolean } = {}): void {
    const timestamp = this.#now()
    const status: VertexStatus = {
      vertex: this.#vertex.digest,
      id,
      current: options.current ?? 0,
      total: options.total ?? 0,
      timestamp,
      started: options.started ?? timestamp,
      ...(options.done === false ? {} : { completed: timestamp }),
    }
    this.#send({ statuses: [status] })
  }

  done(): void {
    this.#vertex.completed = this.#now()
    this.#tell()
  }

  cached(): void {
    this.#vertex.cached = true
    this.done()
  }

  fail(error: string): void {
    this.#vertex.error = error
    this.done()
  }
}
