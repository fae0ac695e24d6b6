import type { Program } from '../../sim/linux/process.ts'
import { FlagError, parseFlags } from '../docker/cli/flag-values.ts'
import { COMMANDS } from './commands.ts'
import { CrictlError, Runtime } from './runtime.ts'

/** crictl: looks into a node's container runtime. */
export const crictl: Program = async (process) => {
  const args = process.argv.slice(1)
  while (args[0]?.startsWith('-') && args[0] !== '--help' && args[0] !== '-h') {
    const [flag = ''] = args.splice(0, 1)
    if (/^(?:-r|--runtime-endpoint|-i|--image-endpoint|-t|--timeout|-c|--config)$/.test(flag)) args.splice(0, 1)
    if (flag === '-v' || flag === '--version') {
      await process.print('crictl version v1.36.0\n')
      return 0
    }
  }
  const [name, ...rest] = args
  const command = name === undefined ? undefined : COMMANDS.find((candidate) => candidate.names.includes(name))
  if (!command) {
    const list = COMMANDS.map(({ names, summary }) => `   ${names.join(', ').padEnd(20)} ${summary}\n`).join('')
    const help = `NAME:\n   crictl - client for CRI\n\nUSAGE:\n   crictl [global options] command [command options] [arguments...]\n\nVERSION:\n   v1.36.0\n\nCOMMANDS:\n${list}`
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      await process.print(help)
      return 0
    }
    await process.printError(`No help topic for '${name}'\n`)
    return 3
  }
  try {
    const { values, args: words } = parseFlags(command.flags, rest, { interspersed: command.names[0] !== 'exec' })
    return await command.run({ process, runtime: new Runtime(process), flags: values, args: words })
  } catch (error) {
    if (error instanceof FlagError) {
      await process.printError(
        `Incorrect Usage: flag provided but not defined: ${/-\S+$/.exec(error.message)?.[0] ?? ''}\n`,
      )
      return 1
    }
    if (!(error instanceof CrictlError)) throw error
    await process.printError(`FATA[0000] ${error.message}\n`)
    return 1
  }
}
