import type { Applet } from '../applet/applet.ts'
import { AppletError, complain, curly, quoteAlways, say, words } from '../applet/applet.ts'
import { applyMode } from '../applet/mode.ts'
import { missingOperand, parseOptions } from '../applet/options.ts'

export const mkdir: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: 'pm:v', long: { parents: 'p', 'mode=': 'm', verbose: 'v' } })
  if (options.operands.length === 0) throw missingOperand(call)
  const asked = options.get('m')
  const mode = asked === undefined ? undefined : applyMode(asked, 0o777, true, 0)
  if (asked !== undefined && mode === undefined)
    throw new AppletError(say(call, `invalid mode ${curly(asked)}`, `invalid mode '${asked}'`))
  let status = 0
  for (const path of options.operands) {
    try {
      const existed = options.has('p') && process.files.exists(path) && process.files.stat(path).type === 'directory'
      if (existed) continue
      process.files.mkdir(path, { parents: options.has('p') })
      if (mode !== undefined) process.files.chmod(path, mode)
      if (options.has('v'))
        await process.print(
          say(call, `mkdir: created directory ${quoteAlways(path)}\n`, `created directory: '${path}'\n`),
        )
    } catch (error) {
      await complain(
        call,
        say(
          call,
          `cannot create directory ${curly(path)}: ${words(error)}`,
          `can't create directory '${path}': ${words(error)}`,
        ),
      )
      status = 1
    }
  }
  return status
}

export const rmdir: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'pv',
    long: { parents: 'p', verbose: 'v', 'ignore-fail-on-non-empty': 'ignore' },
  })
  if (options.operands.length === 0) throw missingOperand(call)
  let status = 0
  for (const operand of options.operands) {
    let path = operand.replace(/(.)\/+$/, '$1')
    for (;;) {
      try {
        call.process.files.rmdir(path)
      } catch (error) {
        if (options.has('ignore') && words(error) === 'Directory not empty') break
        await complain(
          call,
          say(call, `failed to remove ${quoteAlways(path)}: ${words(error)}`, `'${path}': ${words(error)}`),
        )
        status = 1
        break
      }
      if (!options.has('p') || !path.includes('/')) break
      path = path.slice(0, path.lastIndexOf('/'))
      if (path === '' || path === '.') break
    }
  }
  return status
}
