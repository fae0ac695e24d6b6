import { InvalidReference } from '../../../sim/containers/images/reference.ts'
import { SystemError } from '../../../sim/linux/errors.ts'
import type { Process } from '../../../sim/linux/process.ts'
import type { CommandGroup, DockerCommand } from './command.ts'
import { API_VERSION, DaemonError, EngineClient } from './engine-client.ts'
import { flags } from './flag.ts'
import { FlagError, parseFlags } from './flag-values.ts'
import { CommandError, type Session } from './session.ts'
import { flagUsages } from './usage.ts'

const GLOBAL = flags`
      --config string      Location of client config files (default "/root/.docker")
  -c, --context string     Name of the context to use to connect to the daemon (overrides DOCKER_HOST env var and default context set with "docker context use")
  -D, --debug              Enable debug mode
  -H, --host list          Daemon socket to connect to
  -l, --log-level string   Set the logging level ("debug", "info", "warn", "error", "fatal") (default "info")
      --tls                Use TLS; implied by --tlsverify
      --tlscacert string   Trust certs signed only by this CA (default "/root/.docker/ca.pem")
      --tlscert string     Path to TLS certificate file (default "/root/.docker/cert.pem")
      --tlskey string      Path to TLS key file (default "/root/.docker/key.pem")
      --tlsverify          Use TLS and verify the remote
  -v, --version            Print version information and quit
`

export interface DockerTree {
  commands: readonly DockerCommand[]
  groups: readonly CommandGroup[]
  /** Sections of the first page of help. */
  overview: readonly (readonly [title: string, entries: readonly (readonly [string, string])[]])[]
}

/** Runs `docker …` as one process; its exit status. */
export async function runDocker(process: Process, tree: DockerTree): Promise<number> {
  const error = async (text: string, status: number) => {
    await process.printError(text)
    return status
  }
  try {
    return await dispatch(process, tree)
  } catch (problem) {
    if (problem instanceof CommandError)
      return error(problem.message === '' ? '' : `${problem.message}\n`, problem.status)
    if (problem instanceof DaemonError) return error(`${problem.text}\n`, 1)
    if (problem instanceof InvalidReference) return error(`${problem.message}\n`, 1)
    if (problem instanceof SystemError && problem.path !== undefined)
      return error(`open ${problem.path}: ${problem.message.toLowerCase()}\n`, 1)
    throw problem
  }
}

async function dispatch(process: Process, tree: DockerTree): Promise<number> {
  let parsed: ReturnType<typeof parseFlags>
  try {
    parsed = parseFlags(GLOBAL, process.argv.slice(1), { interspersed: false })
  } catch (problem) {
    if (!(problem instanceof FlagError)) throw problem
    await process.printError(
      `${problem.message}\n\nUsage:  docker [OPTIONS] COMMAND [ARG...]\n\nRun 'docker --help' for more information\n`,
    )
    return 125
  }
  const { values, args, help } = parsed
  if (values.bool('version')) {
    await process.print('Docker version 28.2.2, build e6534b4\n')
    return 0
  }
  const [first, second] = args
  if (first === undefined || (first === 'help' && second === undefined)) {
    const text = overview(process, tree)
    if (help || first === 'help') await process.print(text)
    else await process.printError(text)
    return 0
  }
  if (first === 'help') {
    const command = find(tree, args.slice(1))
    if (!command) throw new CommandError(`docker: unknown help topic: ${args.slice(1).join(' ')}`)
    await process.print(commandHelp(process, command.command, command.path))
    return 0
  }
  const found = find(tree, args)
  if (!found) return unknown(process, tree, args)
  const { command, path, rest } = found
  return runCommand(process, command, path, rest, values.list('host').at(-1))
}

function find(
  tree: DockerTree,
  args: readonly string[],
): { command: DockerCommand; path: string; rest: string[] } | undefined {
  for (const count of [2, 1]) {
    if (args.length < count) continue
    const path = args.slice(0, count).join(' ')
    const command = tree.commands.find((candidate) => candidate.paths.includes(path))
    if (command) return { command, path, rest: args.slice(count) }
  }
  return undefined
}

async function unknown(process: Process, tree: DockerTree, args: readonly string[]): Promise<number> {
  const [first = '', ...rest] = args
  const group = tree.groups.find((candidate) => candidate.path === first)
  if (!group)
    throw new CommandError(`docker: unknown command: docker ${first}\n\nRun 'docker --help' for more information`)
  const next = rest.find((arg) => !arg.startsWith('-'))
  const text = groupHelp(group)
  if (next === undefined) {
    const flag = rest.find((arg) => arg.startsWith('-') && arg !== '--help' && arg !== '-h')
    if (flag)
      throw new CommandError(
        `unknown ${flag.startsWith('--') ? `flag: ${flag}` : `shorthand flag: '${flag[1]}' in ${flag}`}\n\nUsage:  docker ${first} COMMAND\n\nRun 'docker ${first} --help' for more information`,
        125,
      )
    if (rest.length > 0) await process.print(text)
    else await process.printError(text)
    return 0
  }
  if (group.commands.some(([name]) => name === next)) throw new CommandError(`not simulated: docker ${first} ${next}`)
  throw new CommandError(
    `docker: unknown command: docker ${first} ${next}\n\nUsage:  ${group.errorUsage ?? `docker ${first}`}\n\nRun 'docker ${first} --help' for more information`,
  )
}

async function runCommand(
  process: Process,
  command: DockerCommand,
  path: string,
  argv: readonly string[],
  host: string | undefined,
): Promise<number> {
  const usage = `Usage:  ${usageLine(command, path)}`
  const base = {
    process,
    path,
    print: (text: string) => process.print(text),
    printError: (text: string) => process.printError(text),
  }
  let parsed: ReturnType<typeof parseFlags>
  try {
    await command.preamble?.(base as Session)
    parsed = parseFlags(command.flags, argv, { interspersed: !command.passesArguments, checks: command.checks })
  } catch (problem) {
    if (!(problem instanceof FlagError)) throw problem
    throw new CommandError(`${problem.message}\n\n${usage}\n\nRun 'docker ${path} --help' for more information`, 125)
  }
  if (parsed.help || parsed.values.has('help')) {
    await process.print(commandHelp(process, command, path))
    return 0
  }
  const { args, values } = parsed
  const tooNew = command.flags.find((flag) => flag.needs !== undefined && values.has(flag.name))
  if (tooNew)
    throw new CommandError(
      `${JSON.stringify(`--${tooNew.name}`)} requires API version ${tooNew.needs}, but the Docker daemon API version is ${API_VERSION}`,
    )
  const { min, max } = command.args
  if (args.length < min || (max !== undefined && args.length > max)) {
    const plural = (count: number) => (count === 1 ? 'argument' : 'arguments')
    const exact = max === min
    const [what, see] = exact
      ? min === 0
        ? ['accepts no arguments', 'Run']
        : [`requires ${min} ${plural(min)}`, 'Run']
      : args.length < min
        ? max === undefined
          ? [`requires at least ${min} ${plural(min)}`, 'See']
          : [`requires at least ${min} and at most ${max} ${plural(max)}`, 'Run']
        : [
            min === 0
              ? `requires at most ${max} ${plural(max!)}`
              : `requires at least ${min} and at most ${max} ${plural(max!)}`,
            min === 0 ? 'Run' : 'Run',
          ]
    throw new CommandError(
      `docker: 'docker ${path}' ${what}\n\n${usage}\n\n${see} 'docker ${path} --help' for more information`,
    )
  }
  const client = new EngineClient(process, host)
  return command.run({ ...base, client, flags: values, args })
}

function usageLine(command: DockerCommand, path: string): string {
  return command.usage
    .split('\n')
    .map((line, i) => `${i > 0 ? '\t' : ''}docker ${path}${line === '' ? '' : ` ${line}`}`)
    .join('\n')
}

function columnsOf(process: Process): number {
  return (process.fds.get(1)?.tty?.size.columns ?? 80) - 1
}

function commandHelp(process: Process, command: DockerCommand, path: string): string {
  const aliases = command.aliases ? `\nAliases:\n  ${command.aliases}\n` : ''
  const shown = flagUsages(command.flags, columnsOf(process))
  const options = shown === '' ? '' : `\nOptions:\n${shown}`
  const long = command.description ?? command.summary
  return `Usage:  ${usageLine(command, path)}\n\n${long}\n${aliases}${options}`
}

function entries(list: readonly (readonly [string, string])[]): string {
  const width = Math.max(11, ...list.map(([name]) => name.length))
  return list.map(([name, summary]) => `  ${name.padEnd(width)} ${summary}\n`).join('')
}

function groupHelp(group: CommandGroup): string {
  return (
    `Usage:  docker ${group.path} COMMAND\n\n${group.summary}\n\nCommands:\n${entries(group.commands)}\n` +
    `Run 'docker ${group.path} COMMAND --help' for more information on a command.\n`
  )
}

function overview(process: Process, tree: DockerTree): string {
  const sections = tree.overview.map(([title, list]) => `${title}:\n${entries(list)}\n`).join('')
  return (
    `Usage:  docker [OPTIONS] COMMAND\n\nA self-sufficient runtime for containers\n\n${sections}` +
    `Global Options:\n${flagUsages(GLOBAL, columnsOf(process))}\n` +
    `Run 'docker COMMAND --help' for more information on a command.\n\n` +
    'For more help on how to use Docker, head to https://docs.docker.com/go/guides/\n'
  )
}
