import { type Applet, AppletError } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { Buffer } from './buffer.ts'
import { Keyboard } from './keys.ts'
import { Screen } from './screen.ts'
import { ViSession } from './vi-session.ts'

/** vi and vim: a screen editor with vi's keys. */
export const vi: Applet = async (call) => {
  const { process, name } = call
  const options = parseOptions(
    call,
    { short: 'c:RHnEesvu:i:T:bmMp', inOrder: false, long: { version: 'version' } },
    call.args.filter((word) => !word.startsWith('+')),
  )
  if (options.has('version')) {
    await process.print('VIM - Vi IMproved 9.0 (2022 Jun 28, compiled May 04 2023 10:24:44)\n')
    return 0
  }
  const [path] = options.operands
  if (options.operands.length > 1) throw new AppletError('not simulated: more than one file')
  if (name !== 'vi' && !process.stdin.tty) await process.printError('Vim: Warning: Input is not from a terminal\n')
  const buffer = new Buffer()
  let message = ''
  if (path !== undefined) {
    const error = buffer.load(process, path)
    const bytes = new TextEncoder().encode(buffer.text).length
    message =
      error !== undefined
        ? `"${path}" ${error === 'Is a directory' ? 'is a directory' : `[${error}]`}`
        : `"${path}"${buffer.isNew ? ' [New]' : ` ${buffer.text === '' ? 0 : buffer.lines.length}L, ${bytes}B`}`
  }
  const start = call.args.find((word) => /^\+\d*$/.test(word))
  if (start !== undefined) buffer.cursor.line = start === '+' ? buffer.lines.length - 1 : Number(start.slice(1)) - 1
  const screen = new Screen(process)
  await screen.open()
  try {
    const session = new ViSession(process, buffer, screen, new Keyboard(process), message)
    return await session.run(options.all('c'))
  } finally {
    await screen.close()
  }
}
