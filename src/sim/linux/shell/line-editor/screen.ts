import { charWidth } from './width.ts'

/** Removes what takes no room: `\x01…\x02` marks and escape sequences. */
const visible = (text: string) => text.replace(/\x01[^\x02]*\x02|\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07/g, '')
const shown = (text: string) => text.replace(/[\x01\x02]/g, '')

interface Place {
  row: number
  column: number
}

/** Draws prompt and line over as many rows as they need, and puts the cursor where it belongs. */
export class LineScreen {
  /** Row of the cursor below the first row of the prompt. */
  #row = 0
  #rows = 0

  /** The bytes that redraw everything. `columns` is the terminal's width. */
  draw(prompt: string, chars: readonly string[], cursor: number, columns: number): string {
    const start = walk([...visible(prompt)], { row: 0, column: 0 }, columns)
    const at = walk(chars.slice(0, cursor), start, columns)
    const end = walk(chars.slice(cursor), at, columns)
    let out = this.#row > 0 ? `\x1b[${this.#row}A` : ''
    out += `\r\x1b[J${shown(prompt)}${chars.map(drawn).join('')}`
    // A full last row leaves the cursor behind it: go down for real.
    if (end.column === 0 && end.row > 0 && !(chars.at(-1) === '\n')) out += '\r\n'
    if (end.row > at.row) out += `\x1b[${end.row - at.row}A`
    out += at.column > 0 ? `\r\x1b[${at.column}C` : '\r'
    this.#row = at.row
    this.#rows = end.row
    return out
  }

  /** Leaves the line: the cursor goes below it. */
  finish(): string {
    const down = this.#rows - this.#row
    this.#row = 0
    this.#rows = 0
    return `${down > 0 ? `\x1b[${down}B` : ''}\r\n`
  }

  reset(): void {
    this.#row = 0
    this.#rows = 0
  }
}

const drawn = (char: string) =>
  char === '\n' ? '\r\n' : char < ' ' ? `^${String.fromCharCode(char.charCodeAt(0) + 64)}` : char

function walk(chars: readonly string[], from: Place, columns: number): Place {
  let { row, column } = from
  for (const char of chars) {
    if (char === '\n') {
      row++
      column = 0
      continue
    }
    const width = char < ' ' ? 2 : charWidth(char)
    // A wide character does not straddle the edge.
    if (column + width > columns) {
      row++
      column = 0
    }
    column += width
    if (column === columns) {
      row++
      column = 0
    }
  }
  return { row, column }
}
