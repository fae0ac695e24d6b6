import { SystemError } from '../../linux/errors.ts'
import { type Applet, AppletError } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { Buffer } from './buffer.ts'
import { type Key, Keyboard } from './keys.ts'
import { Screen, shownLine } from './screen.ts'

const HELP = [
  ['^G Help', '^O Write Out', '^W Where Is', '^K Cut', '^T Execute', '^C Location'],
  ['^X Exit', '^R Read File', '^\\ Replace', '^U Paste', '^J Justify', '^/ Go To Line'],
]

/** nano, with the keys that its two bottom lines name and that are simulated. */
export const nano: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(
    call,
    { short: 'wlvBEiIKLmNRST:c', long: { version: 'version' } },
    call.args.filter((word) => !word.startsWith('+')),
  )
  if (options.has('version')) {
    await process.print(' GNU nano, version 7.2\n')
    return 0
  }
  if (!process.stdout.tty) throw new AppletError('', 1, 'Standard output is not a terminal\n')
  const buffer = new Buffer()
  const [path] = options.operands
  let message = '[ Welcome to nano.  For basic help, type Ctrl+G. ]'
  if (path !== undefined) {
    const error = buffer.load(process, path)
    message = error
      ? `[ Error reading ${path}: ${error} ]`
      : buffer.isNew
        ? '[ New File ]'
        : `[ Read ${buffer.lines.length} line${buffer.lines.length === 1 ? '' : 's'} ]`
  }
  const screen = new Screen(process)
  const keyboard = new Keyboard(process)
  let top = 0
  let cut: string[] = []
  let pattern = ''
  let lastKey = ''
  await screen.open()
  try {
    for (;;) {
      if (!keyboard.pending) await draw()
      const key = await keyboard.next()
      if (key === undefined) return 1
      message = ''
      if (key === 'Ctrl-X') {
        if (!buffer.modified) return 0
        const answer = await ask('Save modified buffer? ', /^[ynYN]$/)
        if (answer === undefined) continue
        if (/n/i.test(answer)) return 0
        if (await save()) return 0
      } else if (key === 'Ctrl-O' || key === 'Ctrl-S') await save(key === 'Ctrl-S')
      else if (key === 'Ctrl-K') {
        buffer.mark()
        cut = lastKey === key ? [...cut, buffer.line] : [buffer.line]
        buffer.lines.splice(buffer.cursor.line, 1)
        buffer.clamp(false)
        buffer.cursor.column = 0
      } else if (key === 'Ctrl-U') {
        buffer.mark()
        buffer.lines.splice(buffer.cursor.line, 0, ...cut)
        buffer.cursor = { line: buffer.cursor.line + cut.length, column: 0 }
      } else if (key === 'Ctrl-W') {
        const text = await ask(`Search${pattern ? ` [${pattern}]` : ''}: `)
        if (text !== undefined && (text || pattern)) {
          pattern = text || pattern
          const found = buffer.find(new RegExp(pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i'))
          if (found) buffer.cursor = found
          else message = `[ "${pattern}" not found ]`
        }
      } else if (key === 'Ctrl-_') {
        const text = await ask('Enter line number, column number: ')
        if (text) buffer.cursor = { line: Number.parseInt(text, 10) - 1 || 0, column: 0 }
      } else if (key === 'Ctrl-C')
        message = `[ line ${buffer.cursor.line + 1}/${buffer.lines.length}, col ${buffer.cursor.column + 1}/${buffer.line.length + 1} ]`
      else if (['Ctrl-G', 'Ctrl-T', 'Ctrl-R', 'Ctrl-\\', 'Ctrl-J'].includes(key)) message = `[ not simulated: ${key} ]`
      else edit(key)
      buffer.clamp(false)
      lastKey = key
    }
  } finally {
    await screen.close()
  }

  function edit(key: Key): void {
    const { cursor } = buffer
    const page = screen.size.rows - 6
    if (key === 'Enter') {
      buffer.mark()
      buffer.insert('\n')
    } else if (key === 'Backspace' || key === 'Ctrl-H') {
      buffer.mark()
      buffer.backspace()
    } else if (key === 'Delete' || key === 'Ctrl-D') {
      buffer.mark()
      buffer.deleteForward()
    } else if (key === 'Up' || key === 'Ctrl-P') cursor.line--
    else if (key === 'Down' || key === 'Ctrl-N') cursor.line++
    else if (key === 'Left' || key === 'Ctrl-B') cursor.column--
    else if (key === 'Right' || key === 'Ctrl-F') cursor.column++
    else if (key === 'Home' || key === 'Ctrl-A') cursor.column = 0
    else if (key === 'End' || key === 'Ctrl-E') cursor.column = buffer.line.length
    else if (key === 'PageDown' || key === 'Ctrl-V') cursor.line += page
    else if (key === 'PageUp' || key === 'Ctrl-Y') cursor.line -= page
    else if (key.length <= 2) {
      buffer.mark()
      buffer.insert(key)
    }
  }

  /** A question on the third line from below; undefined when cancelled. */
  async function ask(question: string, one?: RegExp, given = ''): Promise<string | undefined> {
    let text = given
    for (;;) {
      await draw(`${question}${text}`)
      const key = await keyboard.next()
      if (key === undefined || key === 'Ctrl-C' || key === 'Escape') {
        message = '[ Cancelled ]'
        return undefined
      }
      if (one) {
        if (one.test(key)) return key
      } else if (key === 'Enter') return text
      else if (key === 'Backspace') text = text.slice(0, -1)
      else if (key.length <= 2) text += key
    }
  }

  async function save(quietly = false): Promise<boolean> {
    const name =
      quietly && buffer.path !== undefined
        ? buffer.path
        : await ask('File Name to Write: ', undefined, buffer.path ?? '')
    if (!name) return false
    try {
      const { lines } = buffer.save(process, name)
      message = `[ Wrote ${lines} line${lines === 1 ? '' : 's'} ]`
      return true
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      message = `[ Error writing ${name}: ${error.message} ]`
      return false
    }
  }

  async function draw(prompt?: string): Promise<void> {
    const { columns, rows } = screen.size
    const height = rows - 4
    const { cursor } = buffer
    if (cursor.line < top) top = Math.max(0, cursor.line - Math.floor(height / 2))
    if (cursor.line >= top + height) top = cursor.line - Math.floor(height / 2)
    const name = buffer.path ?? 'New Buffer'
    const title = '  GNU nano 7.2'
    const middle = Math.max(title.length + 2, Math.floor((columns - name.length) / 2))
    const head = title.padEnd(middle) + name
    const shown = [`\x1b[7m${(buffer.modified ? `${head.padEnd(columns - 10)}Modified` : head).padEnd(columns)}`]
    let column = 0
    for (let line = top; line < top + height; line++) {
      const row = shownLine(buffer.lines[line] ?? '')
      let from = 0
      if (line === cursor.line) {
        column = row.columns[Math.min(cursor.column, row.columns.length - 1)]!
        from = Math.floor(column / (columns - 1)) * (columns - 1)
        column -= from
      }
      shown.push(row.text.slice(from, from + columns - 1))
    }
    const centred = ' '.repeat(Math.max(0, Math.floor((columns - message.length) / 2)))
    shown.push(prompt !== undefined ? `\x1b[7m${prompt.padEnd(columns)}` : message ? `${centred}\x1b[7m${message}` : '')
    const width = Math.floor(columns / 6)
    for (const line of HELP)
      shown.push(line.map((each) => `\x1b[7m${each.slice(0, 2)}\x1b[0m${each.slice(2).padEnd(width - 2)}`).join(''))
    await screen.draw(
      shown,
      prompt !== undefined ? { row: rows - 3, column: prompt.length } : { row: 1 + cursor.line - top, column },
    )
  }
}
