import type { Process, Program } from '../../../sim/linux/process.ts'
import { DaemonError, EngineClient } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'
import { FlagError, parseFlags } from '../cli/flag-values.ts'
import { CommandError } from '../cli/session.ts'
import { COMMANDS } from './commands.ts'
import { loadProject } from './project.ts'

const GLOBAL = flags`
  -f, --file string              Compose configuration files
  -p, --project-name string      Project name
      --project-directory string Specify an alternate working directory
      --env-file string          Specify an alternate environment file
      --profile string           Specify a profile to enable
`

/** docker compose, docker-compose. */
export async function compose(process: Process, argv: readonly string[]): Promise<number> {
  try {
    const { values, args } = parseFlags(GLOBAL, argv, { interspersed: false })
    const [name, ...rest] = args
    if (name === 'version') {
      await process.print(rest.includes('--short') ? '2.36.2\n' : 'Docker Compose version v2.36.2\n')
      return 0
    }
    const command = COMMANDS.find((candidate) => candidate.name === name)
    if (!command) {
      const list = COMMANDS.map((one) => `  ${one.name.padEnd(11)} ${one.summary}\n`).join('')
      const help = `Usage:  docker compose [OPTIONS] COMMAND\n\nDefine and run multi-container applications with Docker\n\nCommands:\n${list}`
      if (name === undefined || name === 'help') {
        await process.print(help)
        return 0
      }
      throw new CommandError(`unknown docker command: "compose ${name}"`)
    }
    const parsed = parseFlags(command.flags, rest, { interspersed: command.name !== 'exec' })
    const project = loadProject(process, { file: values.string('file'), name: values.string('project-name') })
    return await command.run({
      process,
      project,
      client: new EngineClient(process, undefined),
      flags: parsed.values,
      args: parsed.args,
    })
  } catch (error) {
    if (error instanceof DaemonError) await process.printError(`${error.text}\n`)
    else if (error instanceof CommandError || error instanceof FlagError) await process.printError(`${error.message}\n`)
    else throw error
    return error instanceof CommandError ? error.status : error instanceof FlagError ? 16 : 1
  }
}

/** The stand-alone command. */
export const dockerCompose: Program = (process) => compose(process, process.argv.slice(1))
