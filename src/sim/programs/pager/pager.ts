import { decodeText } from '../../linux/shell/bytes.ts'
import { type Applet, AppletError, say, words } from '../applet/applet.ts'
import { isDirectory, readInput, splitLines, writeBytes } from '../applet/input.ts'
import { parseOptions } from '../applet/options.ts'
import { type Key, splitKeys } from '../editors/keys.ts'

/** less and more: page by page on a terminal, as cat otherwise. */
export const pager: Applet = async (call) => {
  const { process, name } = call
  const options = parseOptions(
    call,
    {
      short: 'eEfFgGiIJKLmMnNqQrRsSuUwWXj:p:P:x:b:d',
      long: { 'chop-long-lines': 'S', 'LINE-NUMBERS': 'N', 'RAW-CONTROL-CHARS': 'R' },
    },
    call.args.filter((word) => !/^\+/.test(word)),
  )
  const paths = options.operands.length > 0 ? options.operands : ['-']
  if (paths[0] === '-' && process.stdin.tty)
    throw new AppletError(
      '',
      1,
      name === 'less'
        ? 'Missing filename ("less --help" for help)\n'
        : "more: bad usage\nTry 'more --help' for more information.\n",
    )
  const pieces: Uint8Array[] = []
  for (const path of paths) {
    if (isDirectory(process, path)) throw new AppletError('', 1, `${path} is a directory\n`)
    try {
      pieces.push(await readInput(process, path))
    } catch (error) {
      throw new AppletError(
        call.flavour === 'gnu' && name === 'less'
          ? ''
          : say(call, `cannot open ${path}: ${words(error)}`, `can't open '${path}': ${words(error)}`),
        1,
        call.flavour === 'gnu' && name === 'less' ? `${path}: ${words(error)}\n` : '',
      )
    }
  }
  const tty = process.stdout.tty
  if (!tty) {
    for (const piece of pieces) await writeBytes(process, piece)
    return 0
  }
  const lines = splitLines(pieces.map(decodeText).join(''))
  // Keys come from the terminal even when the text comes through a pipe.
  const keyboard = process.stdin.tty ? process.stdin : process.files.open('/dev/tty', { read: true, write: true })
  const terminal = keyboard.tty ?? tty
  const before = { ...terminal.modes }
  terminal.modes = { canonical: false, echo: false, signals: false, outputCrLf: true }
  const full = name === 'less'
  let top = 0
  let pattern = ''
  const queue: Key[] = []
  const key = async (): Promise<Key> => {
    while (queue.length === 0) {
      const bytes = await keyboard.read()
      if (bytes.length === 0) return 'q'
      queue.push(...splitKeys(decodeText(bytes)))
    }
    return queue.shift()!
  }
  const draw = async (prompt?: string): Promise<void> => {
    const { columns, rows } = tty.size
    const page = rows - 1
    top = Math.max(0, Math.min(top, lines.length - page))
    let text = full ? '\x1b[H\x1b[2J' : ''
    for (let i = 0; i < page; i++) {
      const line = lines[top + i]
      text += `${line === undefined ? (full ? '~' : '') : options.has('N') ? `${String(top + i + 1).padStart(7)} ${line}`.slice(0, columns) : line.slice(0, columns)}\n`
    }
    const end = top + page >= lines.length
    await process.print(
      `${text}${prompt ?? (full ? (end ? '\x1b[7m(END)\x1b[0m' : ':') : `\x1b[7m--More--(${Math.round((100 * (top + page)) / lines.length)}%)\x1b[0m`)}`,
    )
  }
  try {
    if (full) await process.print('\x1b[?1049h')
    for (;;) {
      const page = tty.size.rows - 1
      if (!full && lines.length <= page) {
        await process.print(`${lines.join('\n')}\n`)
        return 0
      }
      await draw()
      const pressed = await key()
      if (!full) await process.print('\r\x1b[K')
      if (pressed === 'q' || pressed === 'Q' || (pressed === 'Ctrl-C' && !full)) return 0
      if ([' ', 'f', 'PageDown', 'Ctrl-F', 'Ctrl-V'].includes(pressed)) {
        if (!full && top + page >= lines.length) return 0
        top += page
      } else if (['b', 'PageUp', 'Ctrl-B'].includes(pressed)) top -= page
      else if (['Enter', 'j', 'e', 'Down'].includes(pressed)) {
        if (!full && top + page >= lines.length) return 0
        top++
      } else if (['k', 'y', 'Up'].includes(pressed)) top--
      else if (pressed === 'd' || pressed === 'Ctrl-D') top += Math.floor(page / 2)
      else if (pressed === 'u' || pressed === 'Ctrl-U') top -= Math.floor(page / 2)
      else if (pressed === 'g' || pressed === '<' || pressed === 'Home') top = 0
      else if (pressed === 'G' || pressed === '>' || pressed === 'End') top = lines.length
      else if (pressed === '/' || pressed === 'n') {
        if (pressed === '/') {
          let text = ''
          for (;;) {
            await draw(`/${text}`)
            const next = await key()
            if (next === 'Enter' || next === 'Escape') break
            text = next === 'Backspace' ? text.slice(0, -1) : text + (next.length <= 2 ? next : '')
          }
          pattern = text || pattern
        }
        const found = lines.findIndex((line, i) => i > top && line.includes(pattern))
        if (found >= 0) top = found
      }
    }
  } finally {
    terminal.modes = before
    if (full) await process.print('\x1b[?1049l')
    if (keyboard !== process.stdin) keyboard.release()
  }
}

export const man: Applet = async (call) => {
  const [name] = call.args.filter((word) => !/^(-.*|\d)$/.test(word))
  if (name === undefined) throw new AppletError('', 1, "What manual page do you want?\nFor example, try 'man man'.\n")
  await call.process.printError(`not simulated: manual pages (try: ${name} --help)\n`)
  return 16
}
