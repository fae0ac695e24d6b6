import { plainText } from '../../course/session/typist.ts'

/** A prompt, or `> ` where a command goes on; a line that is being echoed may end with `> ` too. */
const atPrompt = /(^|\n)(>|[^\n]*[$#]) $/

/** Types a script's lines one after the other, each when the prompt is back. */
export class ScriptTyper {
  readonly #type: (text: string) => void
  #lines: string[] = []
  #tail = ''

  constructor(type: (text: string) => void) {
    this.#type = type
  }

  /** A script that is still being typed is finished first. */
  start(script: string): void {
    const [first = '', ...rest] = script.split('\n')
    if (this.#lines.length > 0) {
      this.#lines.push(first, ...rest)
      return
    }
    this.#lines = rest
    this.#tail = ''
    this.#type(`${first}\r`)
  }

  /** Another terminal: what was to be typed into the old one is forgotten. */
  forget(): void {
    this.#lines = []
    this.#tail = ''
  }

  /** What the terminal shows. */
  saw(text: string): void {
    if (this.#lines.length === 0) return
    this.#tail = (this.#tail + text).slice(-400)
    if (!this.#tail.includes('\n') || !atPrompt.test(plainText(this.#tail))) return
    this.#tail = ''
    this.#type(`${this.#lines.shift()}\r`)
  }
}
