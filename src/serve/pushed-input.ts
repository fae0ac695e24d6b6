import type { Deliver } from './serve-world.ts'

const NOTHING = new Uint8Array(0)

/** What comes from the outside at any moment, as input of a simulated process. */
export class PushedInput {
  protected readonly parts: Uint8Array[] = []
  #ended = false
  #wake: (() => void) | undefined
  readonly #deliver: Deliver

  constructor(deliver: Deliver) {
    this.#deliver = deliver
  }

  push(bytes: Uint8Array): void {
    this.#notify(() => {
      if (bytes.length > 0) this.parts.push(bytes)
    })
  }

  end(): void {
    this.#notify(() => {
      this.#ended = true
    })
  }

  /** Empty at the end of input. */
  async read(): Promise<Uint8Array> {
    while (this.parts.length === 0) {
      if (this.#ended) return NOTHING
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    return this.parts.shift()!
  }

  #notify(action: () => void): void {
    this.#deliver(() => {
      action()
      this.#wake?.()
      this.#wake = undefined
    })
  }
}
