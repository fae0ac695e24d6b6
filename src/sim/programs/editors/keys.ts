import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'

/** `a`, `Enter`, `Escape`, `Up`, `PageDown`, `Ctrl-F`, … */
export type Key = string

const SEQUENCES: Readonly<Record<string, Key>> = {
  A: 'Up',
  B: 'Down',
  C: 'Right',
  D: 'Left',
  H: 'Home',
  F: 'End',
  '1~': 'Home',
  '3~': 'Delete',
  '4~': 'End',
  '5~': 'PageUp',
  '6~': 'PageDown',
  '7~': 'Home',
  '8~': 'End',
}
const CONTROLS: Readonly<Record<number, Key>> = {
  8: 'Backspace',
  9: '\t',
  10: 'Enter',
  13: 'Enter',
  27: 'Escape',
  127: 'Backspace',
}

/** Splits what a terminal sends into keys. An escape counts as a sequence only when its rest came along. */
export function splitKeys(text: string): Key[] {
  const keys: Key[] = []
  for (let at = 0; at < text.length; ) {
    const sequence = /^\x1b(?:\[([0-9;]*[A-Za-z~])|O([ABCDHF])$)/.exec(text.slice(at))
    if (sequence) {
      const key = SEQUENCES[sequence[1] ?? sequence[2]!]
      if (key) keys.push(key)
      at += sequence[0].length
      continue
    }
    const char = String.fromCodePoint(text.codePointAt(at)!)
    const code = char.codePointAt(0)!
    keys.push(CONTROLS[code] ?? (code < 32 ? `Ctrl-${String.fromCharCode(64 + code)}` : char))
    at += char.length
  }
  return keys
}

/** Keys as they are typed; undefined at the end of input. */
export class Keyboard {
  readonly #process: Process
  readonly #decoder = new TextDecoder()
  #waiting: Key[] = []

  constructor(process: Process) {
    this.#process = process
  }

  async next(): Promise<Key | undefined> {
    while (this.#waiting.length === 0) {
      let bytes: Uint8Array
      try {
        bytes = await this.#process.stdin.read()
      } catch (error) {
        if (error instanceof SystemError) return undefined
        throw error
      }
      if (bytes.length === 0) return undefined
      this.#waiting = splitKeys(this.#decoder.decode(bytes, { stream: true }))
    }
    return this.#waiting.shift()
  }

  /** True when more was typed already: drawing can wait. */
  get pending(): boolean {
    return this.#waiting.length > 0
  }
}
