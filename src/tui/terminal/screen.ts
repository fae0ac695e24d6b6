import type { IBufferCell, Terminal } from '@xterm/headless'
import xterm from '@xterm/headless'
import type { Line, Span } from '../../course/text/span.ts'

/** The terminal's screen: interprets the bytes of the simulated pty and gives them as styled lines. */
export class Screen {
  readonly #terminal: Terminal
  #listeners = new Set<() => void>()
  /** Lines scrolled back from the bottom. */
  #back = 0

  constructor(columns: number, rows: number) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true })
    this.#terminal.onWriteParsed(() => this.#changed())
  }

  get columns(): number {
    return this.#terminal.cols
  }

  get rows(): number {
    return this.#terminal.rows
  }

  /** Set while a program such as vi has the whole screen. */
  get fullScreen(): boolean {
    return this.#terminal.buffer.active.type === 'alternate'
  }

  get applicationCursor(): boolean {
    return this.#terminal.modes.applicationCursorKeysMode
  }

  get scrolledBack(): number {
    return this.#back
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  write(text: string): void {
    this.#terminal.write(text)
  }

  resize(columns: number, rows: number): void {
    if (columns < 2 || rows < 1 || (columns === this.columns && rows === this.rows)) return
    this.#terminal.resize(columns, rows)
    this.#changed()
  }

  scroll(lines: number): void {
    const most = this.#terminal.buffer.active.baseY
    this.#back = Math.max(0, Math.min(most, this.#back + lines))
    this.#changed()
  }

  toBottom(): void {
    if (this.#back === 0) return
    this.#back = 0
    this.#changed()
  }

  /** The visible lines; the cursor is drawn when `cursor` is set. */
  lines(cursor: boolean): Line[] {
    const buffer = this.#terminal.buffer.active
    const top = buffer.baseY - Math.min(this.#back, buffer.baseY)
    const cursorRow = buffer.baseY + buffer.cursorY - top
    const cell = buffer.getNullCell()
    const out: Line[] = []
    for (let y = 0; y < this.rows; y++) {
      const cursorColumn = cursor && y === cursorRow ? buffer.cursorX : -1
      out.push(this.#line(top + y, cursorColumn, cell))
    }
    return out
  }

  /** What it shows at the bottom and what was just scrolled away, as plain lines. */
  text(back = 100): string {
    const buffer = this.#terminal.buffer.active
    const lines: string[] = []
    for (let y = Math.max(0, buffer.baseY - back); y < buffer.baseY + this.rows; y++)
      lines.push(buffer.getLine(y)?.translateToString(true) ?? '')
    return lines.join('\n')
  }

  /** The last line with text on it, for where there is no room for more. */
  lastLine(): Line {
    const lines = this.lines(false)
    return lines.findLast((line) => line.some((span) => span.text.trim() !== '')) ?? []
  }

  #line(y: number, cursorColumn: number, cell: IBufferCell): Line {
    const line = this.#terminal.buffer.active.getLine(y)
    const spans: Span[] = []
    let blank = ''
    for (let x = 0; x < this.columns; x++) {
      const found = line?.getCell(x, cell)
      if (found?.getWidth() === 0) continue
      const sgr = [found ? sgrOf(found) : '', x === cursorColumn ? '7' : ''].filter(Boolean).join(';')
      const char = found?.getChars() || ' '
      if (char === ' ' && sgr === '') {
        blank += ' '
        continue
      }
      if (blank) push(spans, blank, '')
      blank = ''
      push(spans, char, sgr)
    }
    return spans
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }
}

function push(spans: Span[], text: string, sgr: string): void {
  const last = spans.at(-1)
  if (last && (last.sgr ?? '') === sgr) last.text += text
  else spans.push(sgr ? { text, sgr } : { text })
}

function sgrOf(cell: IBufferCell): string {
  const codes: (number | string)[] = []
  if (cell.isBold()) codes.push(1)
  if (cell.isDim()) codes.push(2)
  if (cell.isItalic()) codes.push(3)
  if (cell.isUnderline()) codes.push(4)
  if (cell.isInverse()) codes.push(7)
  if (cell.isStrikethrough()) codes.push(9)
  if (!cell.isFgDefault()) codes.push(colour(cell.getFgColor(), cell.isFgRGB(), 30))
  if (!cell.isBgDefault()) codes.push(colour(cell.getBgColor(), cell.isBgRGB(), 40))
  return codes.join(';')
}

function colour(value: number, rgb: boolean, base: 30 | 40): string {
  if (rgb) return `${base + 8};2;${(value >> 16) & 255};${(value >> 8) & 255};${value & 255}`
  if (value < 8) return String(base + value)
  if (value < 16) return String(base + 60 + value - 8)
  return `${base + 8};5;${value}`
}
