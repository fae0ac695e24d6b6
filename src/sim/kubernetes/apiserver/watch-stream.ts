import type { RestStream } from '../../rest/port.ts'
import { type Deferred, defer, type Waiting } from '../../time/waiting.ts'

/** A stream fed by the server, read by one reader. */
export class PushStream implements RestStream {
  readonly #waiting: Waiting
  readonly #items: unknown[] = []
  readonly #onClose: () => void
  #next: Deferred<void> | undefined
  #ended = false

  constructor(waiting: Waiting, onClose: () => void) {
    this.#waiting = waiting
    this.#onClose = onClose
  }

  push(item: unknown): void {
    if (this.#ended) return
    this.#items.push(item)
    this.#wake()
  }

  /** No more items; those pushed are still read. */
  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#onClose()
    this.#wake()
  }

  close(): void {
    this.#items.length = 0
    this.end()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    try {
      for (;;) {
        while (this.#items.length > 0) yield this.#items.shift()
        if (this.#ended) return
        this.#next = defer<void>(this.#waiting)
        await this.#next.promise
      }
    } finally {
      this.close()
    }
  }

  #wake(): void {
    this.#next?.resolve()
    this.#next = undefined
  }
}
