import type { Tty } from '../../linux/file.ts'
import type { Process } from '../../linux/process.ts'

/** A full-screen program's terminal: raw keys, the alternate screen, and only changed rows drawn again. */
export class Screen {
  readonly #process: Process
  readonly #tty: Tty | undefined
  readonly #before: Tty['modes'] | undefined
  #shown: string[] = []

  constructor(process: Process) {
    this.#process = process
    this.#tty = process.stdout.tty
    const keyboard = process.stdin.tty
    this.#before = keyboard ? { ...keyboard.modes } : undefined
    if (keyboard) keyboard.modes = { canonical: false, echo: false, signals: false, outputCrLf: true }
  }

  get size(): { columns: number; rows: number } {
    return this.#tty?.size ?? { columns: 80, rows: 24 }
  }

  async open(): Promise<void> {
    if (this.#tty) await this.#process.print('\x1b[?1049h\x1b[H\x1b[2J')
  }

  /** Shows these rows (of at most the screen's width) and puts the cursor there (from 0). */
  async draw(rows: readonly string[], cursor: { row: number; column: number }): Promise<void> {
    if (!this.#tty) return
    let out = '\x1b[?25l'
    rows.forEach((row, i) => {
      if (this.#shown[i] !== row) out += `\x1b[${i + 1};1H${row}\x1b[0m\x1b[K`
    })
    this.#shown = [...rows]
    await this.#process.print(`${out}\x1b[${cursor.row + 1};${cursor.column + 1}H\x1b[?25h`)
  }

  forget(): void {
    this.#shown = []
  }

  async close(): Promise<void> {
    const keyboard = this.#process.stdin.tty
    if (keyboard && this.#before) keyboard.modes = this.#before
    if (this.#tty) await this.#process.print('\x1b[?1049l\x1b[?25h')
  }
}

/** A line as a terminal shows it (tabs to eight columns), and the column of each of its characters. */
export function shownLine(line: string): { text: string; columns: number[] } {
  let text = ''
  let width = 0
  const columns: number[] = []
  for (const char of line) {
    columns.push(width)
    if (char.length === 2) columns.push(width)
    const code = char.codePointAt(0)!
    const piece = char === '\t' ? ' '.repeat(8 - (width % 8)) : code < 32 ? `^${String.fromCharCode(64 + code)}` : char
    text += piece
    width += char === '\t' || code < 32 ? piece.length : isWide(code) ? 2 : 1
  }
  columns.push(width)
  return { text, columns }
}

const isWide = (code: number) =>
  (code >= 0x1100 && code <= 0x115f) ||
  (code >= 0x2e80 && code <= 0xa4cf) ||
  (code >= 0xac00 && code <= 0xd7a3) ||
  (code >= 0xf900 && code <= 0xfaff) ||
  (code >= 0xfe30 && code <= 0xfe6f) ||
  (code >= 0xff00 && code <= 0xff60) ||
  (code >= 0x1f300 && code <= 0x1faff)
