import { RegExpError } from '../../linux/regexp/posix-regexp.ts'
import type { Applet } from '../applet/applet.ts'
import { AppletError, complain, say } from '../applet/applet.ts'
import { readInputText } from '../applet/input.ts'
import { parseOptions, tryHelp } from '../applet/options.ts'
import { AwkError } from './awk-error.ts'
import { unescapeString } from './lexer.ts'
import { parseAwk } from './parser.ts'
import { AwkMachine } from './run.ts'
import { type AwkProgram, AwkSyntaxError } from './syntax.ts'

/** awk: mawk's messages on Debian, busybox's elsewhere. */
export const awk: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'F:v:f:e:W:',
    long: { 'field-separator=': 'F', 'assign=': 'v', 'file=': 'f' },
    inOrder: true,
    status: 2,
  })
  let source = ''
  for (const { key, value } of options.order) {
    if (key === 'f') source += `${await readInputText(call.process, value!)}\n`
    if (key === 'e') source += `${value}\n`
  }
  if (source === '') {
    const first = options.operands.shift()
    if (first === undefined)
      throw new AppletError(
        '',
        call.flavour === 'gnu' ? 2 : 1,
        call.flavour === 'gnu' ? 'Usage: mawk [Options] [Program] [file ...]\n' : tryHelp(call),
      )
    source = first
  }
  let program: AwkProgram
  try {
    program = parseAwk(source)
  } catch (error) {
    if (!(error instanceof AwkSyntaxError)) throw error
    throw new AppletError(
      say(call, `line ${error.line}: ${error.message}`, `cmd. line:${error.line}: Unexpected token`),
      call.flavour === 'gnu' ? 2 : 1,
    )
  }
  const machine = new AwkMachine(
    {
      process: call.process,
      operands: options.operands,
      mawk: call.flavour === 'gnu',
      complain: (text) => complain(call, say(call, `cannot open ${text.replace(/: /, ' (')})`, text)),
    },
    program,
  )
  const separator = options.get('F')
  if (separator !== undefined) machine.setVariable('FS', separator === 't' ? '\t' : unescapeString(separator))
  for (const text of options.all('v')) {
    const at = text.indexOf('=')
    if (at < 0) throw new AppletError(say(call, `improper assignment: -v ${text}`, `bad assignment: ${text}`), 2)
    machine.setVariable(text.slice(0, at), unescapeString(text.slice(at + 1)))
  }
  try {
    return await machine.run()
  } catch (error) {
    if (!(error instanceof AwkError || error instanceof RegExpError)) throw error
    await machine.flush()
    throw new AppletError(
      say(call, error.message, `cmd. line:1: ${error.message[0]!.toUpperCase()}${error.message.slice(1)}`),
      2,
    )
  }
}
