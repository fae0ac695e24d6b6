import type { Process } from '../../linux/process.ts'
import { posixRegExp, RegExpError } from '../../linux/regexp/posix-regexp.ts'
import type { Buffer, Position } from './buffer.ts'
import { type ExState, runEx } from './ex.ts'
import type { Key, Keyboard } from './keys.ts'
import { charMotion, type Motion, pairMotion, paragraphMotion, wordMotion } from './motions.ts'
import { type Screen, shownLine } from './screen.ts'

type Mode = 'normal' | 'insert' | 'replace' | 'visual' | 'visual line'

/** Thrown where input ends. */
class EndOfInput extends Error {}

const ARROWS: Readonly<Record<string, string>> = {
  Left: 'h',
  Right: 'l',
  Up: 'k',
  Down: 'j',
  Home: '0',
  End: '$',
  Backspace: 'h',
  ' ': 'l',
  Enter: '+',
  PageDown: 'Ctrl-F',
  PageUp: 'Ctrl-B',
  Delete: 'x',
}
const INDENT = '        '

const before = (a: Position, b: Position) => a.line < b.line || (a.line === b.line && a.column <= b.column)

/** One vi at work: reads keys, changes the buffer, shows it. */
export class ViSession {
  readonly #buffer: Buffer
  readonly #screen: Screen
  readonly #keyboard: Keyboard
  readonly #ex: ExState
  #mode: Mode = 'normal'
  #message: string
  #top = 0
  #register: { text: string; lines: boolean } = { text: '', lines: false }
  #anchor: Position = { line: 0, column: 0 }
  #find: { key: string; char: string } | undefined
  #searchBack = false
  /** Keys of the last change, for `.`; keys being replayed; keys of the command under way. */
  #lastChange: Key[] = []
  #replay: Key[] = []
  #recording: Key[] = []
  #bottom: string | undefined
  #done = false

  constructor(process: Process, buffer: Buffer, screen: Screen, keyboard: Keyboard, message: string) {
    this.#buffer = buffer
    this.#screen = screen
    this.#keyboard = keyboard
    this.#message = message
    this.#ex = { buffer, process, numbers: false, lastPattern: '' }
  }

  /** Returns the exit status. */
  async run(commands: readonly string[]): Promise<number> {
    for (const command of commands) this.#runEx(command)
    try {
      while (!this.#done) {
        this.#recording = []
        await (this.#mode === 'insert' || this.#mode === 'replace' ? this.#insertKey() : this.#command())
        this.#buffer.clamp(this.#mode === 'normal')
      }
      return 0
    } catch (error) {
      if (error instanceof EndOfInput) return 1
      throw error
    }
  }

  async #key(): Promise<Key> {
    const replayed = this.#replay.shift()
    if (replayed !== undefined) return replayed
    if (!this.#keyboard.pending) await this.#draw()
    const key = await this.#keyboard.next()
    if (key === undefined) throw new EndOfInput()
    this.#recording.push(key)
    return key
  }

  async #draw(): Promise<void> {
    const { columns, rows } = this.#screen.size
    const height = rows - 1
    const { cursor, lines } = this.#buffer
    if (cursor.line < this.#top) this.#top = cursor.line
    if (cursor.line >= this.#top + height) this.#top = cursor.line - height + 1
    const gutter = this.#ex.numbers ? Math.max(3, String(lines.length).length) + 1 : 0
    const width = columns - gutter
    const shown: string[] = []
    let at = { row: 0, column: 0 }
    for (let line = this.#top; shown.length < height; line++) {
      if (line >= lines.length) {
        shown.push('\x1b[94m~')
        continue
      }
      const { text, columns: positions } = shownLine(lines[line]!)
      const number = gutter > 0 ? `\x1b[33m${String(line + 1).padStart(gutter - 1)} \x1b[0m` : ''
      const place = positions[Math.min(cursor.column, positions.length - 1)]!
      if (line === cursor.line) at = { row: shown.length + Math.floor(place / width), column: gutter + (place % width) }
      const marked = this.#mode.startsWith('visual') && this.#inSelection(line)
      for (let part = 0; part === 0 || part < text.length; part += width) {
        if (shown.length < height)
          shown.push(
            `${part === 0 ? number : ' '.repeat(gutter)}${marked ? '\x1b[7m' : ''}${text.slice(part, part + width)}`,
          )
      }
    }
    const mode = this.#mode === 'normal' ? '' : `\x1b[1m-- ${this.#mode.toUpperCase()} --`
    const ruler = `${cursor.line + 1},${cursor.column + 1}`
    const left = this.#bottom ?? (this.#message || mode)
    const visible =
      this.#bottom === undefined
        ? left.padEnd(Math.max(0, columns - 18 + (left === mode && mode ? 4 : 0))) + ruler
        : left
    shown.push(visible)
    if (this.#bottom !== undefined) at = { row: rows - 1, column: shownLine(this.#bottom).columns.at(-1)! }
    await this.#screen.draw(shown, at)
  }

  #inSelection(line: number): boolean {
    const [a, b] = [this.#anchor.line, this.#buffer.cursor.line].sort((x, y) => x - y) as [number, number]
    return line >= a && line <= b
  }

  async #insertKey(): Promise<void> {
    const key = await this.#key()
    if (this.#replay.length === 0 && this.#recording.length > 0) this.#lastChange.push(key)
    const buffer = this.#buffer
    const { cursor } = buffer
    if (key === 'Escape' || key === 'Ctrl-C' || key === 'Ctrl-[') {
      this.#mode = 'normal'
      cursor.column--
    } else if (key === 'Enter') {
      const indent = this.#indentOf(buffer.line)
      buffer.insert(`\n${indent}`)
    } else if (key === 'Backspace') buffer.backspace()
    else if (key === 'Delete') buffer.deleteForward()
    else if (key === 'Ctrl-W') {
      while (cursor.column > 0 && /\s/.test(buffer.line[buffer.cursor.column - 1] ?? '')) buffer.backspace()
      while (buffer.cursor.column > 0 && !/\s/.test(buffer.line[buffer.cursor.column - 1]!)) buffer.backspace()
    } else if (key === 'Ctrl-U') while (buffer.cursor.column > 0) buffer.backspace()
    else if (key === 'Up') cursor.line--
    else if (key === 'Down') cursor.line++
    else if (key === 'Left') cursor.column--
    else if (key === 'Right') cursor.column++
    else if (key === 'Home') cursor.column = 0
    else if (key === 'End') cursor.column = buffer.line.length
    else if (key.length <= 2) {
      if (this.#mode === 'replace') buffer.deleteForward()
      buffer.insert(key)
    }
  }

  /** Debian's vim keeps no indent by itself; neither does this one. */
  #indentOf(_line: string): string {
    return ''
  }

  #insertMode(mode: 'insert' | 'replace' = 'insert'): void {
    this.#mode = mode
    this.#message = ''
    this.#remember()
  }

  /** This command is what `.` repeats. */
  #remember(): void {
    if (this.#recording.length > 0) this.#lastChange = [...this.#recording]
  }

  async #command(): Promise<void> {
    let key = await this.#key()
    this.#message = ''
    if (key === '"') {
      await this.#key()
      key = await this.#key()
    }
    let digits = ''
    while (/^[1-9]$/.test(key) || (digits !== '' && key === '0')) {
      digits += key
      key = await this.#key()
    }
    const count = digits === '' ? 1 : Number(digits)
    key = ARROWS[key] ?? key
    if (this.#mode.startsWith('visual') && (await this.#visual(key))) return
    if ('dcy<>'.includes(key) && key.length === 1) return this.#operator(key, count)
    const motion = await this.#motion(key, count, digits !== '')
    if (motion === 'none') return this.#simple(key, count)
    if (motion) {
      this.#buffer.cursor = motion.to
      this.#buffer.clamp(this.#mode === 'normal')
    }
  }

  /** A motion's target; `none` when the key is no motion, undefined when it leads nowhere. */
  async #motion(key: Key, count: number, counted: boolean): Promise<Motion | undefined | 'none'> {
    const buffer = this.#buffer
    const { line, column } = buffer.cursor
    const page = Math.max(1, this.#screen.size.rows - 3)
    const last = buffer.lines.length - 1
    const first = (at: number) => Math.max(0, (buffer.lines[at] ?? '').search(/\S|$/))
    const rowed = (to: number, at = column): Motion => ({
      to: { line: Math.max(0, Math.min(to, last)), column: at },
      linewise: true,
    })
    switch (key) {
      case 'h':
        return { to: { line, column: Math.max(0, column - count) } }
      case 'l':
        return { to: { line, column: Math.min(buffer.line.length, column + count) } }
      case 'j':
        return rowed(line + count)
      case 'k':
        return rowed(line - count)
      case '+':
        return rowed(line + count, first(line + count))
      case '-':
        return rowed(line - count, first(line - count))
      case '0':
        return { to: { line, column: 0 } }
      case '^':
        return { to: { line, column: first(line) } }
      case '$':
        return {
          to: {
            line: Math.min(last, line + count - 1),
            column: buffer.lines[Math.min(last, line + count - 1)]!.length,
          },
        }
      case 'G':
        return rowed(counted ? count - 1 : last, first(counted ? count - 1 : last))
      case 'H':
        return rowed(this.#top)
      case 'L':
        return rowed(this.#top + page)
      case 'M':
        return rowed(this.#top + Math.floor(page / 2))
      case 'g':
        return (await this.#key()) === 'g' ? rowed(counted ? count - 1 : 0, 0) : undefined
      case 'Ctrl-F':
        return rowed(line + page)
      case 'Ctrl-B':
        return rowed(line - page)
      case 'Ctrl-D':
        return rowed(line + Math.floor(page / 2))
      case 'Ctrl-U':
        return rowed(line - Math.floor(page / 2))
      case 'w':
      case 'W':
      case 'b':
      case 'B':
      case 'e':
      case 'E':
        return wordMotion(buffer, key, count)
      case '%':
        return pairMotion(buffer)
      case '{':
      case '}':
        return paragraphMotion(buffer, key === '}', count)
      case 'f':
      case 'F':
      case 't':
      case 'T':
        this.#find = { key, char: await this.#key() }
        return charMotion(buffer, key, this.#find.char, count)
      case ';':
        return this.#find && charMotion(buffer, this.#find.key, this.#find.char, count)
      case '/':
      case '?': {
        const pattern = await this.#prompt(key)
        if (pattern === undefined) return undefined
        if (pattern !== '') this.#ex.lastPattern = pattern
        this.#searchBack = key === '?'
        return this.#search(this.#searchBack)
      }
      case 'n':
        return this.#search(this.#searchBack)
      case 'N':
        return this.#search(!this.#searchBack)
      case '*': {
        const word = /^\w+/.exec(buffer.line.slice(buffer.line.slice(0, column + 1).search(/\w*$/)))?.[0]
        if (word === undefined) return undefined
        this.#ex.lastPattern = `\\<${word}\\>`
        this.#searchBack = false
        return this.#search(false)
      }
      default:
        return 'none'
    }
  }

  #search(backwards: boolean): Motion | undefined {
    const pattern = this.#ex.lastPattern
    try {
      const to = this.#buffer.find(posixRegExp(pattern, { extended: false }), backwards)
      if (to) return { to }
    } catch (error) {
      if (!(error instanceof RegExpError)) throw error
    }
    this.#message =
      pattern === '' ? 'E35: No previous regular expression' : `\x1b[37;41mE486: Pattern not found: ${pattern}\x1b[0m`
    return undefined
  }

  /** Reads a line at the bottom; undefined when it was given up. */
  async #prompt(sign: string): Promise<string | undefined> {
    let text = ''
    try {
      for (;;) {
        this.#bottom = `${sign}${text}`
        const key = await this.#key()
        if (key === 'Enter') return text
        if (key === 'Escape' || key === 'Ctrl-C') return undefined
        if (key === 'Backspace') {
          if (text === '') return undefined
          text = text.slice(0, -1)
        } else if (key === 'Ctrl-U') text = ''
        else if (key.length <= 2) text += key
      }
    } finally {
      this.#bottom = undefined
    }
  }

  async #operator(key: string, count: number): Promise<void> {
    const buffer = this.#buffer
    let next = await this.#key()
    let digits = ''
    while (/^[1-9]$/.test(next) || (digits !== '' && next === '0')) {
      digits += next
      next = await this.#key()
    }
    const times = count * (digits === '' ? 1 : Number(digits))
    next = ARROWS[next] ?? next
    const { line } = buffer.cursor
    if (next === key)
      return this.#apply(
        key,
        { line, column: 0 },
        { line: Math.min(line + times - 1, buffer.lines.length - 1), column: 0 },
        true,
      )
    if (next === 'i' || next === 'a') {
      const object = this.#textObject(next, await this.#key())
      if (object) this.#apply(key, object[0], object[1], false)
      return
    }
    // `cw` leaves the space behind the word alone.
    const onWord = /\S/.test(buffer.line[buffer.cursor.column] ?? '')
    const motion = await this.#motion(
      key === 'c' && (next === 'w' || next === 'W') && onWord ? (next === 'w' ? 'e' : 'E') : next,
      times,
      count > 1 || digits !== '',
    )
    if (!motion || motion === 'none') return
    const [from, to] = before(buffer.cursor, motion.to) ? [buffer.cursor, motion.to] : [motion.to, buffer.cursor]
    // `dw` on a line's last word stays on the line.
    const end =
      (next === 'w' || next === 'W') && to.line > from.line
        ? { line: from.line, column: buffer.lines[from.line]!.length }
        : to
    this.#apply(key, from, motion.inclusive ? { ...end, column: end.column + 1 } : end, motion.linewise ?? false)
  }

  #textObject(kind: string, what: Key): [Position, Position] | undefined {
    const { line, cursor } = this.#buffer
    const at = (column: number): Position => ({ line: cursor.line, column })
    if (what === 'w') {
      for (const match of line.matchAll(/\w+|[^\w\s]+|\s+/g)) {
        if (match.index + match[0].length <= cursor.column) continue
        const end = match.index + match[0].length
        return [at(match.index), at(kind === 'a' ? end + /^\s*/.exec(line.slice(end))![0].length : end)]
      }
      return undefined
    }
    const pair =
      (
        {
          '(': '()',
          ')': '()',
          b: '()',
          '[': '[]',
          ']': '[]',
          '{': '{}',
          '}': '{}',
          B: '{}',
          '<': '<>',
          '>': '<>',
        } as Record<string, string>
      )[what] ?? what + what
    const open =
      pair[0] === pair[1]
        ? line.slice(0, cursor.column).lastIndexOf(pair[0]!)
        : line.lastIndexOf(pair[0]!, cursor.column)
    const start = open < 0 ? line.indexOf(pair[0]!, cursor.column) : open
    const close = line.indexOf(pair[1]!, Math.max(start + 1, cursor.column))
    if (start < 0 || close < 0) return undefined
    return kind === 'i' ? [at(start + 1), at(close)] : [at(start), at(close + 1)]
  }

  #apply(key: string, from: Position, to: Position, linewise: boolean): void {
    const buffer = this.#buffer
    if (key !== 'y') buffer.mark()
    if (key === '<' || key === '>') {
      for (let line = from.line; line <= to.line; line++) {
        const text = buffer.lines[line]!
        buffer.lines[line] = key === '<' ? text.replace(/^(?:\t| {1,8})/, '') : text === '' ? '' : INDENT + text
      }
      buffer.cursor = { line: from.line, column: 0 }
    } else if (linewise) {
      const lines = buffer.lines.slice(from.line, to.line + 1)
      this.#register = { text: lines.join('\n'), lines: true }
      if (key === 'd') {
        buffer.lines.splice(from.line, lines.length)
        if (buffer.lines.length === 0) buffer.lines = ['']
        buffer.cursor = { line: Math.min(from.line, buffer.lines.length - 1), column: 0 }
        if (lines.length > 2) this.#message = `${lines.length} fewer lines`
      } else if (key === 'c') {
        buffer.lines.splice(from.line, lines.length, '')
        buffer.cursor = { line: from.line, column: 0 }
      } else if (lines.length > 2) this.#message = `${lines.length} lines yanked`
    } else {
      this.#register = { text: buffer.slice(from, to, key !== 'y'), lines: false }
      buffer.cursor = { ...from }
    }
    if (key === 'c') this.#insertMode()
    else if (key !== 'y') this.#remember()
  }

  /** Keys of visual mode; false when the key is a motion or nothing special there. */
  async #visual(key: Key): Promise<boolean> {
    const buffer = this.#buffer
    const lines = this.#mode === 'visual line'
    if (key === 'Escape' || key === 'Ctrl-C' || (key === 'v' && !lines) || (key === 'V' && lines)) {
      this.#mode = 'normal'
      return true
    }
    if (key === 'v' || key === 'V') {
      this.#mode = key === 'v' ? 'visual' : 'visual line'
      return true
    }
    if (key === 'o') {
      ;[this.#anchor, buffer.cursor] = [buffer.cursor, this.#anchor]
      return true
    }
    if (key === ':') {
      this.#mode = 'normal'
      const [a, b] = [this.#anchor.line, buffer.cursor.line].sort((x, y) => x - y) as [number, number]
      const text = await this.#prompt(":'<,'>")
      if (text !== undefined) this.#runEx(`${a + 1},${b + 1}${text}`)
      return true
    }
    const operator = (
      { d: 'd', x: 'd', X: 'd', y: 'y', Y: 'y', c: 'c', s: 'c', '>': '>', '<': '<' } as Record<string, string>
    )[key]
    if (!operator) return false
    const [from, to] = before(this.#anchor, buffer.cursor)
      ? [this.#anchor, buffer.cursor]
      : [buffer.cursor, this.#anchor]
    this.#mode = 'normal'
    this.#apply(operator, from, { ...to, column: to.column + 1 }, lines || operator === '>' || operator === '<')
    return true
  }

  #runEx(text: string): void {
    const result = runEx(this.#ex, text)
    this.#message =
      result.message === undefined
        ? ''
        : /^E\d+:/.test(result.message)
          ? `\x1b[37;41m${result.message}\x1b[0m`
          : result.message
    if (result.quit) this.#done = true
  }

  /** Commands that are neither motions nor operators. */
  async #simple(key: Key, count: number): Promise<void> {
    const buffer = this.#buffer
    const { cursor } = buffer
    const insertAt = (column: number) => {
      buffer.mark()
      cursor.column = column
      this.#insertMode()
    }
    const lineEnd: Position = { line: cursor.line, column: buffer.line.length }
    switch (key) {
      case ':': {
        const text = await this.#prompt(':')
        if (text !== undefined) this.#runEx(text)
        return
      }
      case 'i':
        return insertAt(cursor.column)
      case 'a':
        return insertAt(Math.min(cursor.column + 1, buffer.line.length))
      case 'I':
        return insertAt(Math.max(0, buffer.line.search(/\S|$/)))
      case 'A':
        return insertAt(buffer.line.length)
      case 'o':
      case 'O':
        buffer.mark()
        buffer.lines.splice(cursor.line + (key === 'o' ? 1 : 0), 0, '')
        buffer.cursor = { line: cursor.line + (key === 'o' ? 1 : 0), column: 0 }
        return this.#insertMode()
      case 'R':
        buffer.mark()
        return this.#insertMode('replace')
      case 'x':
      case 'Delete':
        if (buffer.line !== '')
          this.#apply(
            'd',
            cursor,
            { line: cursor.line, column: Math.min(buffer.line.length, cursor.column + count) },
            false,
          )
        return
      case 'X':
        this.#apply('d', { line: cursor.line, column: Math.max(0, cursor.column - count) }, cursor, false)
        return
      case 's':
        this.#apply(
          'c',
          cursor,
          { line: cursor.line, column: Math.min(buffer.line.length, cursor.column + count) },
          false,
        )
        return
      case 'S':
        this.#apply('c', cursor, { line: cursor.line + count - 1, column: 0 }, true)
        return
      case 'D':
        this.#apply('d', cursor, lineEnd, false)
        return
      case 'C':
        this.#apply('c', cursor, lineEnd, false)
        return
      case 'Y':
        this.#apply('y', cursor, { line: Math.min(cursor.line + count - 1, buffer.lines.length - 1), column: 0 }, true)
        return
      case 'r': {
        const char = await this.#key()
        if (char === 'Escape' || cursor.column + count > buffer.line.length) return
        buffer.mark()
        buffer.line =
          buffer.line.slice(0, cursor.column) + char.repeat(count) + buffer.line.slice(cursor.column + count)
        cursor.column += count - 1
        return this.#remember()
      }
      case '~': {
        const char = buffer.line[cursor.column]
        if (char === undefined) return
        buffer.mark()
        buffer.line =
          buffer.line.slice(0, cursor.column) +
          (char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase()) +
          buffer.line.slice(cursor.column + 1)
        cursor.column++
        return this.#remember()
      }
      case 'J': {
        buffer.mark()
        for (let i = 0; i < Math.max(1, count - 1) && cursor.line + 1 < buffer.lines.length; i++) {
          const column = buffer.line.length
          const next = buffer.lines[cursor.line + 1]!.trimStart()
          buffer.lines.splice(cursor.line, 2, next === '' ? buffer.line : `${buffer.line} ${next}`)
          cursor.column = column
        }
        return this.#remember()
      }
      case 'p':
      case 'P':
        return this.#put(key === 'p', count)
      case 'u':
        this.#message = buffer.undo() ? '' : 'Already at oldest change'
        return
      case 'Ctrl-R':
        this.#message = buffer.redo() ? '' : 'Already at newest change'
        return
      case '.':
        this.#replay.push(...this.#lastChange)
        return
      case 'v':
      case 'V':
        this.#anchor = { ...cursor }
        this.#mode = key === 'v' ? 'visual' : 'visual line'
        return
      case 'z':
        await this.#key()
        this.#top = Math.max(0, cursor.line - Math.floor(this.#screen.size.rows / 2))
        return
      case 'Z': {
        const next = await this.#key()
        if (next === 'Z') this.#runEx('x')
        else if (next === 'Q') this.#runEx('q!')
        return
      }
      case 'Ctrl-L':
        this.#screen.forget()
        return
      case 'Ctrl-C':
        this.#message = 'Type  :qa  and press <Enter> to exit Vim'
        return
      case 'Ctrl-G':
        this.#message = `"${buffer.path ?? '[No Name]'}" ${buffer.lines.length} lines`
        return
    }
  }

  #put(after: boolean, count: number): void {
    const buffer = this.#buffer
    const { text, lines } = this.#register
    if (text === '' && !lines) return
    buffer.mark()
    const { cursor } = buffer
    if (lines) {
      const at = cursor.line + (after ? 1 : 0)
      buffer.lines.splice(at, 0, ...Array.from({ length: count }, () => text.split('\n')).flat())
      buffer.cursor = { line: at, column: 0 }
    } else {
      if (after && buffer.line !== '') cursor.column++
      buffer.insert(text.repeat(count))
      buffer.cursor.column--
    }
    this.#remember()
  }
}
