import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import { BoundedRegExp } from '../../linux/regexp/bounded-regexp.ts'

export interface Position {
  line: number
  column: number
}

interface Snapshot {
  lines: readonly string[]
  cursor: Position
}

/** The text being edited: lines without newlines, a cursor, and what can be undone. */
export class Buffer {
  lines: string[] = ['']
  cursor: Position = { line: 0, column: 0 }
  path: string | undefined
  isNew = false
  #saved = ''
  #undo: Snapshot[] = []
  #redo: Snapshot[] = []

  /** Reads a file; one that does not exist is new. Returns an error's words. */
  load(process: Process, path: string): string | undefined {
    this.path = path
    this.isNew = false
    this.#undo = []
    this.#redo = []
    this.cursor = { line: 0, column: 0 }
    this.lines = ['']
    try {
      const text = process.files.readText(path)
      this.lines = text.replace(/\n$/, '').split('\n')
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      this.isNew = error.code === 'ENOENT'
      if (!this.isNew) return error.message
    } finally {
      this.#saved = this.text
    }
    return undefined
  }

  get text(): string {
    return this.lines.length === 1 && this.lines[0] === '' ? '' : `${this.lines.join('\n')}\n`
  }

  get modified(): boolean {
    return this.text !== this.#saved
  }

  save(process: Process, path = this.path!): { lines: number; bytes: number } {
    process.files.write(path, this.text)
    if (path === this.path || this.path === undefined) {
      this.path = path
      this.#saved = this.text
      this.isNew = false
    }
    return { lines: this.text === '' ? 0 : this.lines.length, bytes: new TextEncoder().encode(this.text).length }
  }

  get line(): string {
    return this.lines[this.cursor.line] ?? ''
  }

  set line(text: string) {
    this.lines[this.cursor.line] = text
  }

  /** Call before a change that `undo` shall take back. */
  mark(): void {
    this.#undo.push({ lines: [...this.lines], cursor: { ...this.cursor } })
    if (this.#undo.length > 500) this.#undo.shift()
    this.#redo = []
  }

  undo(): boolean {
    return this.#swap(this.#undo, this.#redo)
  }

  redo(): boolean {
    return this.#swap(this.#redo, this.#undo)
  }

  #swap(from: Snapshot[], to: Snapshot[]): boolean {
    const last = from.pop()
    if (!last) return false
    to.push({ lines: [...this.lines], cursor: { ...this.cursor } })
    this.lines = [...last.lines]
    this.cursor = { ...last.cursor }
    return true
  }

  /** Keeps the cursor inside; in vi's normal mode it stands on a character, otherwise it may stand behind the last. */
  clamp(onCharacter: boolean): void {
    if (this.lines.length === 0) this.lines = ['']
    this.cursor.line = Math.max(0, Math.min(this.cursor.line, this.lines.length - 1))
    const most = onCharacter ? Math.max(0, this.line.length - 1) : this.line.length
    this.cursor.column = Math.max(0, Math.min(this.cursor.column, most))
  }

  insert(text: string): void {
    const { line, column } = this.cursor
    const pieces = text.split('\n')
    const [head, tail] = [this.line.slice(0, column), this.line.slice(column)]
    pieces[0] = head + pieces[0]
    const end = pieces.at(-1)!.length
    pieces[pieces.length - 1] += tail
    this.lines.splice(line, 1, ...pieces)
    this.cursor = { line: line + pieces.length - 1, column: end }
  }

  /** Deletes what is left of the cursor: a character or the line's break. */
  backspace(): void {
    const { line, column } = this.cursor
    if (column > 0) {
      this.line = this.line.slice(0, column - 1) + this.line.slice(column)
      this.cursor.column--
    } else if (line > 0) {
      this.cursor = { line: line - 1, column: this.lines[line - 1]!.length }
      this.lines.splice(line - 1, 2, this.lines[line - 1]! + this.lines[line]!)
    }
  }

  deleteForward(): void {
    const { line, column } = this.cursor
    if (column < this.line.length) this.line = this.line.slice(0, column) + this.line.slice(column + 1)
    else if (line + 1 < this.lines.length) this.lines.splice(line, 2, this.line + this.lines[line + 1]!)
  }

  /** The text from one position to another (the latter not included), and takes it away when asked to. */
  slice(from: Position, to: Position, remove: boolean): string {
    const first = this.lines[from.line] ?? ''
    const last = this.lines[to.line] ?? ''
    const middle = this.lines.slice(from.line + 1, to.line)
    const text =
      from.line === to.line
        ? first.slice(from.column, to.column)
        : [first.slice(from.column), ...middle, last.slice(0, to.column)].join('\n')
    if (remove) {
      this.lines.splice(from.line, to.line - from.line + 1, first.slice(0, from.column) + last.slice(to.column))
      this.cursor = { ...from }
    }
    return text
  }

  /** The next match after (or before) the cursor, around the end. */
  find(pattern: RegExp, backwards = false): Position | undefined {
    const all: Position[] = []
    const flags = pattern.flags.includes('g') ? pattern.flags : `${pattern.flags}g`
    this.lines.forEach((line, index) => {
      for (const match of line.matchAll(new BoundedRegExp(pattern.source, flags)))
        all.push({ line: index, column: match.index })
    })
    const after = (p: Position) =>
      p.line > this.cursor.line || (p.line === this.cursor.line && p.column > this.cursor.column)
    const before = (p: Position) =>
      p.line < this.cursor.line || (p.line === this.cursor.line && p.column < this.cursor.column)
    return backwards ? (all.filter(before).at(-1) ?? all.at(-1)) : (all.find(after) ?? all[0])
  }
}
