import { describeLayout } from '../printers/tab-writer.ts'

/** Collects describe's lines; tabs become columns when it is laid out. Each level indents by two spaces. */
export class DescribeWriter {
  #text = ''
  #done = ''

  line(level: number, text: string): void {
    this.#text += `${'  '.repeat(level)}${text}\n`
  }

  /** Text without a line break of its own. */
  raw(text: string): void {
    this.#text += text
  }

  /** What follows is aligned by itself. */
  flush(): void {
    this.#done += describeLayout(this.#text)
    this.#text = ''
  }

  /** As it is, with tabs. */
  get unaligned(): string {
    return this.#text
  }

  toString(): string {
    this.flush()
    return this.#done
  }
}
