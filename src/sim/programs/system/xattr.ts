import { type Applet, complain, words } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'

/** Extended attributes: those of the user unless `-m -` asks for all. */
export const getfattr: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'dhm:n:Re:',
    long: { dump: 'd', 'match=': 'm', 'name=': 'n', 'only-values': 'only', 'absolute-names': 'absolute' },
  })
  const match = options.get('m') ?? '^user\\.'
  const wanted = match === '-' ? /./ : new RegExp(match)
  let status = 0
  for (const path of options.operands) {
    try {
      const found = [...process.system.getXattrs(path)].filter(([name]) =>
        options.has('n') ? name === options.get('n') : wanted.test(name),
      )
      if (options.has('n') && found.length === 0) {
        await process.printError(`${path}: ${options.get('n')}: No such attribute\n`)
        status = 1
      } else if (found.length > 0) {
        const shown = options.has('d') || options.has('n')
        await process.print(
          `# file: ${path.replace(/^\//, '')}\n${found.map(([name, value]) => `${name}${shown ? `="${value}"` : ''}\n`).join('')}\n`,
        )
      }
    } catch (error) {
      await complain(call, `${path}: ${words(error)}`)
      status = 1
    }
  }
  return status
}

export const setfattr: Applet = async (call) => {
  const options = parseOptions(call, { short: 'n:v:x:h', long: { 'name=': 'n', 'value=': 'v' } })
  for (const path of options.operands)
    call.process.system.setXattr(path, options.get('n') ?? '', options.get('v') ?? '')
  return 0
}
