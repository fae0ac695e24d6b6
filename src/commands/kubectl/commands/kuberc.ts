import type { Command } from '../command.ts'
import { CliError } from '../errors/errors.ts'
import { array, bool, string } from '../flags/flag.ts'
import { kubercPath, type Option, type Preference, preferenceText, readPreference } from '../kuberc/preference.ts'
import { printerFor, printFlags } from '../printers/print-flags.ts'
import type { Session } from '../session.ts'
import { parseYaml } from '../yaml/load.ts'

const view: Command = {
  name: 'view',
  short: 'Display the current kuberc configuration',
  long: 'Display the contents of the kuberc file in the specified output format.',
  examples: '\n# View kuberc configuration in YAML format (default)\nkubectl kuberc view',
  use: 'view',
  flags: printFlags(),
  async run(session) {
    const { path, preference } = current(session)
    if (!session.process.files.exists(path)) throw new CliError('no kuberc file found')
    await session.print(printerFor(session, { fallback: 'yaml' }).print(parseYaml(preferenceText(preference))))
  },
}

const set: Command = {
  name: 'set',
  short: 'Set values in the kuberc configuration',
  long: 'Set values in the kuberc configuration file.\n\n Use --section to say whether a default of a command or an alias is set.',
  examples:
    '\n# Set default output format for the get command\nkubectl kuberc set --section defaults --command get --option output=wide',
  use: 'set --section (defaults|aliases) --command COMMAND',
  flags: [
    string('section', "Section to modify: 'defaults' or 'aliases'", { required: true }),
    string('command', "Command to configure (e.g., 'get', 'create', 'set env')", { required: true }),
    string('name', 'Alias name (required for --section=aliases)'),
    array('option', 'Flag option in the form flag=value (can be specified multiple times)'),
    array('prependarg', 'Argument to prepend to the command (can be specified multiple times, only for aliases)'),
    array('appendarg', 'Argument to append to the command (can be specified multiple times, only for aliases)'),
    bool('overwrite', 'Allow overwriting existing entries'),
  ],
  async run(session) {
    const { flags } = session
    const { path, preference } = current(session)
    const options = flags.list('option').map((text): Option => {
      const eq = text.indexOf('=')
      if (eq <= 0) throw new CliError(`invalid option format ${JSON.stringify(text)}, expected flag=value`)
      return { name: text.slice(0, eq), default: text.slice(eq + 1) }
    })
    const section = flags.string('section')
    if (section === 'defaults') setDefault(preference, flags.string('command'), options, flags.bool('overwrite'))
    else if (section === 'aliases') setAlias(session, preference, options)
    else throw new CliError(`--section must be 'defaults' or 'aliases', got: ${section}`)
    session.process.files.write(path, preferenceText(preference), { mode: 0o644 })
    await session.print(`Updated ${path}\n`)
  },
}

function setDefault(preference: Preference, command: string, options: Option[], overwrite: boolean): void {
  const existing = preference.defaults.find((entry) => entry.command === command)
  if (!existing) preference.defaults.push({ command, options })
  else {
    if (!overwrite)
      throw new CliError(`defaults for command ${JSON.stringify(command)} already exist, use --overwrite to replace`)
    existing.options = options
  }
}

function setAlias(session: Session, preference: Preference, options: Option[]): void {
  const { flags } = session
  const name = flags.string('name')
  if (!name) throw new CliError('--name is required for aliases')
  const prependArgs = flags.list('prependarg')
  const appendArgs = flags.list('appendarg')
  const alias = {
    name,
    command: flags.string('command'),
    ...(prependArgs.length > 0 ? { prependArgs } : {}),
    ...(appendArgs.length > 0 ? { appendArgs } : {}),
    ...(options.length > 0 ? { options } : {}),
  }
  const at = preference.aliases.findIndex((entry) => entry.name === name)
  if (at >= 0 && !flags.bool('overwrite'))
    throw new CliError(`alias ${JSON.stringify(name)} already exists, use --overwrite to replace`)
  if (at >= 0) preference.aliases[at] = alias
  else preference.aliases.push(alias)
}

function current(session: Session): { path: string; preference: Preference } {
  const path =
    kubercPath(session.process, session.flags.string('kuberc')) ??
    `${session.process.env.get('HOME') ?? '/root'}/.kube/kuberc`
  const exists = session.process.files.exists(path)
  return { path, preference: exists ? readPreference(session.process, path) : { defaults: [], aliases: [] } }
}

export const kuberc: Command = {
  name: 'kuberc',
  short: 'Manage kuberc configuration files',
  long: 'Manage user preferences (kuberc) file.\n\n The kuberc file allows you to customize your kubectl experience.',
  examples: `
# View the current kuberc configuration
kubectl kuberc view

# Set a default value for a command flag
kubectl kuberc set --section defaults --command get --option output=wide

# Create an alias for a command
kubectl kuberc set --section aliases --name getn --command get --prependarg nodes --option output=wide`,
  use: 'kuberc SUBCOMMAND',
  subcommands: [set, view],
}
