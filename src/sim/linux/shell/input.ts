import type { OpenFile } from '../file.ts'
import { concatBytes, decodeText } from './bytes.ts'

/** Where a shell gets its lines from. Undefined at the end. */
export interface LineSource {
  /** `continued`: the line goes on from an unfinished command (PS2). */
  next(continued: boolean): Promise<string | undefined>
}

/** Reads byte by byte, so that the commands find the rest of the input untouched. */
export class PlainInput implements LineSource {
  readonly #file: () => OpenFile | undefined
  readonly #prompt: ((continued: boolean) => Promise<void>) | undefined
  readonly #interrupted: (() => Promise<'signal'>) | undefined

  constructor(
    file: () => OpenFile | undefined,
    prompt?: (continued: boolean) => Promise<void>,
    interrupted?: () => Promise<'signal'>,
  ) {
    this.#file = file
    this.#prompt = prompt
    this.#interrupted = interrupted
  }

  async next(continued: boolean): Promise<string | undefined> {
    await this.#prompt?.(continued)
    const file = this.#file()
    if (!file) return undefined
    const bytes: Uint8Array[] = []
    for (;;) {
      const reading = file.read(1)
      const byte = this.#interrupted ? await Promise.race([reading, this.#interrupted()]) : await reading
      if (byte === 'signal') return ''
      if (byte.length === 0) return bytes.length > 0 ? decodeText(concatBytes(bytes)) : undefined
      if (byte[0] === 10) return decodeText(concatBytes(bytes.length > 0 ? bytes : [new Uint8Array()]))
      bytes.push(byte)
    }
  }
}
