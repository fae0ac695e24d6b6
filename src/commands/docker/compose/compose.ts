import type { Process, Program } from '../../../sim/linux/process.ts'
import { rfc3339 } from '../../../sim/time/date.ts'
import { DaemonError, EngineClient } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'
import { FlagError, parseFlags } from '../cli/flag-values.ts'
import { CommandError } from '../cli/session.ts'
import { flagUsages } from '../cli/usage.ts'
import type { ContainerSummary } from '../format/containers.ts'
import { alignTable } from '../format/table.ts'
import type { ComposeCommand } from './call.ts'
import { COMMANDS } from './commands.ts'
import { loadProject } from './project.ts'

const GLOBAL = flags`
      --ansi string                Control when to print ANSI control characters ("never"|"always"|"auto") (default "auto")
      --env-file stringArray       Specify an alternate environment file
  -f, --file stringArray           Compose configuration files
      --profile stringArray        Specify a profile to enable
      --progress string            Set type of progress output (auto, tty, plain, json, quiet)
      --project-directory string   Specify an alternate working directory
  -p, --project-name string        Project name
  -v, --version                    Show the Docker Compose version information
`
const VERSION = 'v2.36.2'
/** What Compose has and nothing here stands for. */
const MISSING = 'attach bridge commit convert cp events export publish push scale stats volumes wait watch'.split(' ')

/** docker compose, docker-compose. */
export async function compose(process: Process, argv: readonly string[]): Promise<number> {
  try {
    const { values, args, help } = parseFlags(GLOBAL, argv, { interspersed: false })
    const [name, ...rest] = args
    if (name === 'version' || values.bool('version')) {
      await process.print(rest.includes('--short') ? `${VERSION.slice(1)}\n` : `Docker Compose version ${VERSION}\n`)
      return 0
    }
    if (name === undefined || name === 'help' || help) {
      await process.print(overview(process))
      return 0
    }
    if (name === 'ls') return await listProjects(process, rest)
    const command = COMMANDS.find((candidate) => candidate.name === name)
    if (!command) {
      if (MISSING.includes(name)) throw new CommandError(`not simulated: docker compose ${name}`)
      throw new CommandError(
        `unknown docker command: "compose ${name}"\n\nRun 'docker compose --help' for more information`,
        16,
      )
    }
    const parsed = parseFlags(command.flags, rest, { interspersed: !command.passesArguments })
    if (parsed.help) {
      await process.print(commandHelp(process, command))
      return 0
    }
    if (values.list('file').length > 1) throw new CommandError('not simulated: several Compose files')
    const project = loadProject(process, {
      file: values.list('file')[0] ?? process.env.get('COMPOSE_FILE'),
      name: values.string('project-name'),
      folder: values.string('project-directory'),
      envFile: values.list('env-file')[0],
      profiles: [...values.list('profile'), ...(process.env.get('COMPOSE_PROFILES') ?? '').split(',')],
    })
    const told = await tellWarnings(process, project.warnings, 0)
    const client = new EngineClient(process, undefined)
    const status = await command.run({ process, project, client, flags: parsed.values, args: parsed.args })
    await tellWarnings(process, project.warnings, told)
    return status
  } catch (error) {
    if (error instanceof DaemonError) await process.printError(`${error.text}\n`)
    else if (error instanceof CommandError) await process.printError(`${error.message}\n`)
    else if (error instanceof FlagError)
      await process.printError(`${error.message}\n\nRun 'docker compose --help' for more information\n`)
    else throw error
    return error instanceof CommandError ? error.status : error instanceof FlagError ? 16 : 1
  }
}

async function tellWarnings(process: Process, warnings: readonly string[], from: number): Promise<number> {
  const tty = process.fds.get(2)?.tty !== undefined
  for (const text of warnings.slice(from))
    await process.printError(
      tty
        ? `\x1b[33mWARN\x1b[0m[0000] ${text} \n`
        : `time="${rfc3339(process.wallClock())}" level=warning msg=${JSON.stringify(text)}\n`,
    )
  return warnings.length
}

/** docker compose ls */
async function listProjects(process: Process, argv: readonly string[]): Promise<number> {
  const { values } = parseFlags(
    flags`
  -a, --all     Show all stopped Compose projects
  -q, --quiet   Only display project names
`,
    argv,
  )
  const filters = JSON.stringify({ label: ['com.docker.compose.project'] })
  const query = { filters, ...(values.bool('all') ? { all: 1 } : {}) }
  const list = await new EngineClient(process, undefined).get<ContainerSummary[]>('/containers/json', query)
  const label = (one: ContainerSummary, name: string) => one.Labels[`com.docker.compose.${name}`] ?? ''
  const names = [...new Set(list.map((one) => label(one, 'project')))].sort()
  if (values.bool('quiet')) {
    await process.print(names.map((name) => `${name}\n`).join(''))
    return 0
  }
  const rows = names.map((name) => {
    const own = list.filter((one) => label(one, 'project') === name)
    const states = [...new Set(own.map((one) => one.State))].sort()
    const status = states.map((state) => `${state}(${own.filter((one) => one.State === state).length})`).join(', ')
    return `${name}\t${status}\t${label(own[0]!, 'project.config_files')}`
  })
  await process.print(alignTable(['NAME\tSTATUS\tCONFIG FILES', ...rows]))
  return 0
}

const columnsOf = (process: Process) => (process.fds.get(1)?.tty?.size.columns ?? 80) - 1

function overview(process: Process): string {
  const known = [...COMMANDS.map(({ name, summary }) => [name, summary] as const), ...MORE].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )
  const list = known.map(([name, summary]) => `  ${name.padEnd(11)} ${summary}\n`).join('')
  return (
    'Usage:  docker compose [OPTIONS] COMMAND\n\nDefine and run multi-container applications with Docker\n\n' +
    `Options:\n${flagUsages(GLOBAL, columnsOf(process))}\nCommands:\n${list}\n` +
    `Run 'docker compose COMMAND --help' for more information on a command.\n`
  )
}

const MORE = [
  ['ls', 'List running compose projects'],
  ['version', 'Show the Docker Compose version information'],
] as const

function commandHelp(process: Process, { name, usage, summary, flags: own }: ComposeCommand): string {
  const options = own.length > 0 ? `\nOptions:\n${flagUsages(own, columnsOf(process))}` : ''
  return `Usage:  docker compose ${name} ${usage}\n\n${summary}\n${options}`
}

/** The stand-alone command. */
export const dockerCompose: Program = (process) => compose(process, process.argv.slice(1))
