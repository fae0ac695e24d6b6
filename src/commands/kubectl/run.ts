import { Exit, Killed, SystemError } from '../../sim/linux/errors.ts'
import type { Process } from '../../sim/linux/process.ts'
import type { Command } from './command.ts'
import { CliError, ExitCode } from './errors/errors.ts'
import { report } from './errors/report.ts'
import type { FlagSpec } from './flags/flag.ts'
import { GLOBAL_FLAGS } from './flags/global.ts'
import { FlagError, HelpRequested, parseFlags } from './flags/parse.ts'
import type { CommandGroup } from './help/root.ts'
import { rootHelp } from './help/root.ts'
import { suggestions } from './help/suggest.ts'
import { helpText } from './help/usage.ts'
import { applyPreferences } from './kuberc/apply.ts'
import { findPlugin, runPlugin } from './plugins.ts'
import { Session } from './session.ts'

/** CPU milliseconds that starting kubectl takes. */
const START_UP = 30

/** Runs one call; the exit status. */
export async function runKubectl(process: Process, root: Command, groups: readonly CommandGroup[]): Promise<number> {
  try {
    await process.compute(START_UP)
    const argv = applyPreferences(process, root, process.argv.slice(1), (words) => findCommand(root, words))
    const found = findCommand(root, argv)
    if (found.unknown === 'help' && found.path === 'kubectl')
      return await printHelp(process, root, groups, found.args.slice(1))
    if (found.unknown !== undefined && found.path === 'kubectl') {
      const plugin = findPlugin(process, found.args)
      if (plugin) return await runPlugin(process, plugin)
    }
    await execute(process, root, groups, found)
    return 0
  } catch (error) {
    if (error instanceof Killed || error instanceof Exit) throw error
    // Nobody reads our output any more: SIGPIPE has been delivered, or is ignored.
    if (error instanceof SystemError && error.code === 'EPIPE') return 1
    const { text, code } = report(error)
    if (text) await process.printError(text)
    return code
  }
}

interface Found {
  command: Command
  path: string
  /** Without the command words. */
  args: string[]
  /** First argument, when it names no subcommand of a command that only has subcommands. */
  unknown?: string
}

/** Walks to the command that the arguments name; flags before it are skipped over. */
export function findCommand(root: Command, argv: readonly string[]): Found {
  let command = root
  let path = 'kubectl'
  let rest = [...argv]
  for (;;) {
    const at = firstArgument(rest, command)
    const word = at < 0 ? undefined : rest[at]!
    const next =
      word === undefined ? undefined : command.subcommands?.find((c) => c.name === word || c.aliases?.includes(word))
    if (!next) return { command, path, args: rest, unknown: command.run ? undefined : word }
    rest = [...rest.slice(0, at), ...rest.slice(at + 1)]
    command = next
    path += ` ${next.name}`
  }
}

function firstArgument(argv: readonly string[], command: Command): number {
  const flags = [...GLOBAL_FLAGS, ...(command.flags ?? [])]
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i]!
    if (arg === '--') return -1
    if (!arg.startsWith('-') || arg === '-') return i
    if (!arg.includes('=') && takesNext(arg, flags)) i++
  }
  return -1
}

function takesNext(arg: string, flags: readonly FlagSpec[]): boolean {
  if (arg.startsWith('--')) {
    const spec = flags.find((f) => f.name === arg.slice(2))
    return arg !== '--help' && spec?.alone === undefined
  }
  if (arg.length !== 2) return false
  const spec = flags.find((f) => f.shorthand === arg[1])
  return arg !== '-h' && spec?.alone === undefined
}

async function execute(process: Process, root: Command, groups: readonly CommandGroup[], found: Found): Promise<void> {
  const { command, path } = found
  if (command === root && found.unknown !== undefined) throw unknownCommand(root, found.unknown)
  let parsed: ReturnType<typeof parseFlags>
  try {
    parsed = parseFlags([...GLOBAL_FLAGS, ...(command.flags ?? [])], found.args)
  } catch (error) {
    if (error instanceof HelpRequested)
      return process.print(command === root ? rootHelp(groups) : helpText(command, path))
    if (error instanceof FlagError) throw new CliError(`${error.message}\nSee '${path} --help' for usage.`)
    throw error
  }
  if (!command.run) return withoutRun(process, root, groups, found, parsed.args)
  const missing = (command.flags ?? []).filter((f) => f.required && !parsed.values.changed(f.name)).map((f) => f.name)
  if (missing.length > 0) {
    throw new CliError(`required flag(s) ${missing.map((name) => JSON.stringify(name)).join(', ')} not set`)
  }
  for (const flag of command.flags ?? []) {
    if (flag.deprecated && parsed.values.changed(flag.name)) {
      await process.printError(`Flag --${flag.name} has been deprecated, ${flag.deprecated}\n`)
    }
  }
  const session = new Session(process, command, path, {
    args: parsed.args,
    dashAt: parsed.dashAt,
    flags: parsed.values,
  })
  await command.run(session)
  const warnings = session.usedClient?.warnings ?? 0
  if (warnings > 0 && parsed.values.bool('warnings-as-errors')) {
    throw new CliError(`${warnings} warning${warnings === 1 ? '' : 's'} received`)
  }
}

/** A command that only holds others. */
async function withoutRun(
  process: Process,
  root: Command,
  groups: readonly CommandGroup[],
  found: Found,
  args: readonly string[],
): Promise<void> {
  const { command, path } = found
  if (command === root) return process.print(rootHelp(groups))
  if (args.length > 0) throw new CliError(`unknown command "${args[0]}"\nSee '${path} -h' for help and examples`)
  const text = helpText(command, path)
  // rollout prints its help as an answer, the others as a complaint.
  if (command.name === 'rollout' || command.name === 'alpha') await process.print(text)
  else await process.printError(text)
  throw new ExitCode(1)
}

function unknownCommand(root: Command, name: string): CliError {
  const near = suggestions(root.subcommands ?? [], name)
  const hint = near.length > 0 ? `\n\nDid you mean this?\n${near.map((other) => `\t${other}\n`).join('')}` : ''
  return new CliError(`unknown command ${JSON.stringify(name)} for "kubectl"${hint}`)
}

/** `kubectl help rollout undo` */
async function printHelp(
  process: Process,
  root: Command,
  groups: readonly CommandGroup[],
  words: readonly string[],
): Promise<number> {
  const { command, path } = findCommand(root, words)
  await process.print(command === root ? rootHelp(groups) : helpText(command, path))
  return 0
}
