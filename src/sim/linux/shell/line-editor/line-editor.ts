import { defer } from '../../../time/waiting.ts'
import { encodeText } from '../bytes.ts'
import { complete } from '../completion.ts'
import { backslashQuote } from '../expansion/quote.ts'
import type { LineSource } from '../input.ts'
import { promptText } from '../prompt.ts'
import type { Shell } from '../shell.ts'
import { LineBuffer } from './buffer.ts'
import { type Key, KeyDecoder } from './keys.ts'
import { LineScreen } from './screen.ts'
import { charWidth, textWidth } from './width.ts'

type Outcome = 'go on' | 'done' | 'end' | 'cancel' | 'resized'

/** Line editing on a terminal, with readline's usual emacs keys. */
export class LineEditor implements LineSource {
  readonly #shell: Shell
  readonly #decoder = new KeyDecoder()
  readonly #screen = new LineScreen()
  #waiting: Key[] = []
  #reading: Promise<Uint8Array> | undefined
  #resized: Promise<'resized'> | undefined
  /** Lines of a paste that come after the first; the last waits for Enter (it is empty after a final newline). */
  #pasted: string[] = []
  #buffer = new LineBuffer()
  #prompt = ''
  #historyAt = 0
  #draft = ''
  #search: { text: string; at: number; failed: boolean } | undefined
  #tabs = 0
  #lastArgument = 0

  constructor(shell: Shell) {
    this.#shell = shell
  }

  async next(continued: boolean): Promise<string | undefined> {
    const { process } = this.#shell
    const { tty } = process.stdin
    this.#prompt = await promptText(this.#shell, continued ? 'PS2' : 'PS1')
    this.#buffer = new LineBuffer()
    this.#historyAt = this.#shell.history.length
    this.#draft = ''
    this.#search = undefined
    this.#screen.reset()
    const before = tty && { ...tty.modes }
    if (tty) tty.modes = { canonical: false, echo: false, signals: false, outputCrLf: true }
    const bracketed = this.#shell.isBash
    const newLines = this.#prompt.lastIndexOf('\n') + 1
    await this.#write(`${bracketed ? '\x1b[?2004h' : ''}${this.#prompt.slice(0, newLines).replace(/[\x01\x02]/g, '')}`)
    this.#prompt = this.#prompt.slice(newLines)
    // busybox gives the line up when the window changes, and asks anew.
    const resized = this.#shell.dialect === 'ash' ? defer<'resized'>(process.machine.world.waiting) : undefined
    this.#resized = resized?.promise
    const stopResize = tty?.onResize(() => {
      if (resized) resized.resolve('resized')
      else void this.#draw().catch(() => {})
    })
    try {
      await this.#draw()
      const outcome = await this.#edit()
      this.#buffer.move(this.#buffer.chars.length)
      await this.#draw()
      const after = bracketed ? '\x1b[?2004l\r' : ''
      if (outcome === 'cancel') {
        await this.#write(`^C${this.#screen.finish()}${after}`)
        this.#shell.status = 130
        this.#shell.cancelled = true
        return ''
      }
      if (outcome === 'resized') {
        await this.#write(this.#screen.finish())
        this.#shell.cancelled = true
        return ''
      }
      await this.#write(outcome === 'end' ? after : `${this.#screen.finish()}${after}`)
      return outcome === 'end' ? undefined : this.#buffer.text
    } finally {
      stopResize?.()
      if (tty && before) tty.modes = before
    }
  }

  async #edit(): Promise<Outcome> {
    const pasted = this.#pasted.shift()
    if (pasted !== undefined) {
      this.#buffer.insert(pasted)
      if (this.#pasted.length > 0) return 'done'
      await this.#draw()
    }
    for (;;) {
      const key = await this.#key()
      if (key === 'resized') return key
      if (!key) return this.#buffer.chars.length > 0 ? 'done' : 'end'
      const outcome = await this.#apply(key)
      if (outcome !== 'go on') return outcome
      if (this.#waiting.length === 0) await this.#draw()
    }
  }

  async #key(): Promise<Key | 'resized' | undefined> {
    while (this.#waiting.length === 0) {
      // A read goes on when the line is given up: the next line takes what it brings.
      this.#reading ??= this.#shell.process.stdin.read()
      const bytes = await (this.#resized ? Promise.race([this.#reading, this.#resized]) : this.#reading)
      if (bytes === 'resized') return bytes
      this.#reading = undefined
      if (bytes.length === 0) return undefined
      this.#waiting.push(...this.#decoder.decode(bytes))
    }
    return this.#waiting.shift()
  }

  async #apply(key: Key): Promise<Outcome> {
    if (this.#search && (await this.#applySearch(key))) return 'go on'
    if (key.kind === 'text') {
      this.#tabs = 0
      this.#buffer.insert(key.text)
      return 'go on'
    }
    if (key.kind === 'paste') return this.#paste(key.text)
    if (key.name !== 'tab') this.#tabs = 0
    if (key.name !== 'last-argument') this.#lastArgument = 0
    return this.#command(key.name)
  }

  /** Pasted lines run one after the other, as if typed. */
  #paste(text: string): Outcome {
    const [first = '', ...rest] = text.split('\n')
    this.#buffer.insert(first)
    if (rest.length === 0) return 'go on'
    this.#pasted.push(...rest)
    return 'done'
  }

  async #command(name: string): Promise<Outcome> {
    const buffer = this.#buffer
    const { cursor } = buffer
    switch (name) {
      case 'enter':
      case 'ctrl-o':
        return 'done'
      case 'ctrl-c':
        return 'cancel'
      case 'ctrl-d':
        if (buffer.chars.length === 0) return 'end'
        buffer.remove(cursor, cursor + 1)
        break
      case 'delete':
        buffer.remove(cursor, cursor + 1)
        break
      case 'backspace':
        buffer.remove(cursor - 1, cursor)
        break
      case 'left':
      case 'ctrl-b':
        buffer.move(cursor - 1)
        break
      case 'right':
      case 'ctrl-f':
        buffer.move(cursor + 1)
        break
      case 'home':
      case 'ctrl-a':
        buffer.move(0)
        break
      case 'end':
      case 'ctrl-e':
        buffer.move(buffer.chars.length)
        break
      case 'word-left':
        buffer.move(buffer.wordLeft())
        break
      case 'word-right':
        buffer.move(buffer.wordRight())
        break
      case 'ctrl-k':
        buffer.remove(cursor, buffer.chars.length, true)
        break
      case 'ctrl-u':
        buffer.remove(0, cursor, true)
        break
      case 'ctrl-w':
        buffer.remove(buffer.wordLeft(true), cursor, true)
        break
      case 'backspace-word':
        buffer.remove(buffer.wordLeft(), cursor, true)
        break
      case 'delete-word':
        buffer.remove(cursor, buffer.wordRight(), true)
        break
      case 'ctrl-y':
        buffer.yank()
        break
      case 'ctrl-t':
        buffer.transpose()
        break
      case 'ctrl-_':
      case 'ctrl-\x7f':
        buffer.undo()
        break
      case 'up':
      case 'ctrl-p':
        this.#recall(this.#historyAt - 1)
        break
      case 'down':
      case 'ctrl-n':
        this.#recall(this.#historyAt + 1)
        break
      case 'ctrl-r':
        this.#search = { text: '', at: this.#shell.history.length, failed: false }
        break
      case 'ctrl-l':
        this.#screen.reset()
        await this.#write('\x1b[H\x1b[2J')
        break
      case 'last-argument':
        this.#insertLastArgument()
        break
      case 'tab':
        await this.#completeWord()
        break
    }
    return 'go on'
  }

  #recall(at: number): void {
    const { history } = this.#shell
    if (at < 0 || at > history.length) return
    if (this.#historyAt === history.length) this.#draft = this.#buffer.text
    this.#historyAt = at
    this.#buffer.set(at === history.length ? this.#draft : history[at]!)
  }

  #insertLastArgument(): void {
    const { history } = this.#shell
    const line = history[history.length - 1 - this.#lastArgument]
    const word = line?.trim().split(/\s+/).at(-1)
    if (word === undefined) return
    if (this.#lastArgument > 0) this.#buffer.undo()
    this.#buffer.insert(word)
    this.#lastArgument++
  }

  /** True when the key belonged to the search. */
  async #applySearch(key: Key): Promise<boolean> {
    const search = this.#search!
    if (key.kind === 'text') search.text += key.text
    else if (key.kind === 'key' && key.name === 'backspace') search.text = search.text.slice(0, -1)
    else if (key.kind === 'key' && key.name === 'ctrl-r') search.at--
    else if (key.kind === 'key' && (key.name === 'ctrl-g' || key.name === 'ctrl-c')) {
      this.#search = undefined
      if (key.name === 'ctrl-g') this.#buffer.set('')
      return key.name === 'ctrl-g'
    } else {
      this.#search = undefined
      return false
    }
    this.#find(search)
    return true
  }

  #find(search: { text: string; at: number; failed: boolean }): void {
    const { history } = this.#shell
    for (let at = Math.min(search.at, history.length - 1); at >= 0; at--) {
      const found = history[at]!.indexOf(search.text)
      if (found < 0 || search.text === '') continue
      Object.assign(search, { at, failed: false })
      this.#historyAt = at
      this.#buffer.set(history[at]!, [...history[at]!.slice(0, found)].length)
      return
    }
    search.failed = search.text !== ''
  }

  async #completeWord(): Promise<void> {
    const before = this.#buffer.beforeCursor
    const { word, proposals } = await complete(this.#shell, before)
    if (proposals.length === 0) {
      await this.#write('\x07')
      return
    }
    const common = commonPrefix(proposals)
    if (proposals.length === 1 || common.length > word.length) {
      const only = proposals.length === 1
      const raw = rawWord(before)
      const quote = /^["']/.exec(raw)?.[0] ?? ''
      const text = quote
        ? quote + common
        : word.startsWith('$') || word.startsWith('~')
          ? common
          : backslashQuote(common).replace(/\\([~=:,@%^+])/g, '$1')
      const [from, cursor] = [this.#buffer.cursor - [...raw].length, this.#buffer.cursor]
      this.#buffer.remove(from, cursor)
      this.#buffer.insert(text + (only && !/[/=:]$/.test(common) ? `${quote} ` : ''))
      this.#tabs = 0
      return
    }
    if (++this.#tabs < 2) {
      await this.#write('\x07')
      return
    }
    await this.#write(`${this.#screen.finish()}${columnsOf(proposals.map(shortName), this.#columns())}`)
    this.#tabs = 1
  }

  #columns(): number {
    return this.#shell.process.stdin.tty?.size.columns || 80
  }

  async #draw(): Promise<void> {
    const search = this.#search
    const prompt = search ? `(${search.failed ? 'failed ' : ''}reverse-i-search)\`${search.text}': ` : this.#prompt
    await this.#write(this.#screen.draw(prompt, this.#buffer.chars, this.#buffer.cursor, this.#columns()))
  }

  async #write(text: string): Promise<void> {
    // The editor emits its own carriage returns, so plain newlines must not gain another.
    await this.#shell.process.stderr.write(encodeText(text.replace(/\r\n/g, '\n')))
  }
}

/** The word before the cursor as it is written, with quotes and backslashes. */
function rawWord(line: string): string {
  let start = 0
  let quote = ''
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!
    if (quote) {
      if (char === quote) quote = ''
    } else if (char === '\\') i++
    else if (char === '"' || char === "'") quote = char
    else if (/[\s|;&(<>]/.test(char)) start = i + 1
  }
  return line.slice(start)
}

function commonPrefix(words: readonly string[]): string {
  let prefix = words[0] ?? ''
  for (const word of words) while (!word.startsWith(prefix)) prefix = prefix.slice(0, -1)
  return prefix
}

const shortName = (path: string) => path.replace(/^.*\/(?=[^/])/, '')

/** Names in columns, down then across. */
function columnsOf(names: readonly string[], columns: number): string {
  const width = Math.max(...names.map(textWidth)) + 2
  const perRow = Math.max(1, Math.floor(columns / width))
  const rows = Math.ceil(names.length / perRow)
  let out = ''
  for (let row = 0; row < rows; row++) {
    let line = ''
    for (let i = row; i < names.length; i += rows)
      line += names[i]! + ' '.repeat(width - [...names[i]!].reduce((sum, char) => sum + charWidth(char), 0))
    out += `${line.trimEnd()}\r\n`
  }
  return out
}
