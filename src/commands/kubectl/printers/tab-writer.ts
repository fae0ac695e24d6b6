export interface TabOptions {
  /** Least width of a column, padding included. */
  minWidth: number
  padding: number
}

/** kubectl's tables. */
export const TABLE: TabOptions = { minWidth: 6, padding: 3 }
/** describe. */
export const DESCRIBE: TabOptions = { minWidth: 0, padding: 2 }

/** Go's text/tabwriter: aligns tab-terminated cells in blocks of neighbouring lines. */
export class TabWriter {
  readonly #options: TabOptions
  readonly #remember: boolean
  #widest: number[] = []

  /** `remember`: widths only grow from one text to the next. */
  constructor(options: TabOptions, remember = false) {
    this.#options = options
    this.#remember = remember
  }

  forget(): void {
    this.#widest = []
  }

  format(text: string): string {
    const lines = text.split('\n').map((line) => line.split('\t'))
    const out: string[] = []
    this.#block(lines, out, 0, lines.length, [])
    return out.join('\n')
  }

  #block(lines: string[][], out: string[], from: number, to: number, widths: number[]): void {
    const column = widths.length
    let start = from
    for (let i = from; i < to; ) {
      if (column >= lines[i]!.length - 1) {
        i++
        continue
      }
      write(lines, out, start, i, widths)
      start = i
      let width = this.#options.minWidth
      while (i < to && column < lines[i]!.length - 1) {
        width = Math.max(width, widthOf(lines[i]![column]!) + this.#options.padding)
        i++
      }
      if (this.#remember) width = this.#widest[column] = Math.max(width, this.#widest[column] ?? 0)
      this.#block(lines, out, start, i, [...widths, width])
      start = i
    }
    write(lines, out, start, to, widths)
  }
}

function write(lines: string[][], out: string[], from: number, to: number, widths: number[]): void {
  for (let i = from; i < to; i++) {
    const line = lines[i]!
    out[i] = line
      .map((cell, j) => (j < widths.length ? cell + ' '.repeat(Math.max(0, widths[j]! - widthOf(cell))) : cell))
      .join('')
  }
}

/** In characters, as Go counts runes. */
function widthOf(text: string): number {
  return /^[\x00-\x7f]*$/.test(text) ? text.length : [...text].length
}

/** One text in describe's layout. */
export const describeLayout = (text: string) => new TabWriter(DESCRIBE).format(text)
