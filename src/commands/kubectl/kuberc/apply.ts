import type { Process } from '../../../sim/linux/process.ts'
import type { Command } from '../command.ts'
import { CliError } from '../errors/errors.ts'
import type { FlagSpec } from '../flags/flag.ts'
import { GLOBAL_FLAGS } from '../flags/global.ts'
import { kubercPath, type Preference, readPreference } from './preference.ts'

/** The arguments as the user's preferences change them: aliases expanded, flags given their defaults. */
export function applyPreferences(
  process: Process,
  root: Command,
  argv: readonly string[],
  find: (argv: readonly string[]) => { command: Command; path: string },
): string[] {
  const explicit = flagValue(argv, 'kuberc')
  const path = kubercPath(process, explicit)
  if (path === undefined) return [...argv]
  if (!process.files.exists(path)) {
    if (explicit) throw new CliError(`error reading kuberc file ${path}: open ${path}: no such file or directory`)
    return [...argv]
  }
  const preference = readPreference(process, path)
  const expanded = expandAlias(preference, root, argv)
  const { command, path: commandPath } = find(expanded)
  const name = commandPath.split(' ').slice(1).join(' ')
  const options = preference.defaults.filter((entry) => entry.command === name).flatMap((entry) => entry.options ?? [])
  const flags = [...GLOBAL_FLAGS, ...(command.flags ?? [])]
  const added = options
    .filter((option) => !isGiven(expanded, option.name, flags))
    .map((option) => `--${option.name}=${option.default}`)
  return [...added, ...expanded]
}

function expandAlias(preference: Preference, root: Command, argv: readonly string[]): string[] {
  const at = argv.findIndex((arg) => !arg.startsWith('-'))
  const alias = at < 0 ? undefined : preference.aliases.find((entry) => entry.name === argv[at])
  if (!alias || root.subcommands?.some((c) => c.name === alias.name)) return [...argv]
  const rest = [...argv.slice(0, at), ...argv.slice(at + 1)]
  const options = (alias.options ?? [])
    .filter((option) => !isGiven(rest, option.name, GLOBAL_FLAGS))
    .map((option) => `--${option.name}=${option.default}`)
  return [...alias.command.split(' '), ...(alias.prependArgs ?? []), ...options, ...rest, ...(alias.appendArgs ?? [])]
}

function isGiven(argv: readonly string[], name: string, flags: readonly FlagSpec[]): boolean {
  const shorthand = flags.find((flag) => flag.name === name)?.shorthand ?? (name === 'output' ? 'o' : undefined)
  return argv.some(
    (arg) =>
      arg === `--${name}` ||
      arg.startsWith(`--${name}=`) ||
      (shorthand !== undefined && new RegExp(`^-[a-zA-Z]*${shorthand}`).test(arg)),
  )
}

function flagValue(argv: readonly string[], name: string): string {
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === `--${name}`) return argv[i + 1] ?? ''
    if (argv[i]!.startsWith(`--${name}=`)) return argv[i]!.slice(name.length + 3)
  }
  return ''
}
