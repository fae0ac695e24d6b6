import type { Command } from '../command.ts'
import { formatDuration } from '../flags/duration.ts'
import type { FlagSpec } from '../flags/flag.ts'

/** Text of `kubectl COMMAND --help`, in kubectl's layout. */
export function helpText(command: Command, path: string): string {
  return `${(command.long ?? command.short).trimEnd()}\n\n${usageText(command, path)}`
}

/** Examples, subcommands, options and usage line. */
export function usageText(command: Command, path: string): string {
  const sections: string[] = []
  if (command.examples) sections.push(`Examples:\n${indentExamples(command.examples)}`)
  const visible = (command.subcommands ?? []).filter((c) => !c.hidden)
  if (visible.length > 0) {
    const width = nameWidth(visible)
    const rows = visible.map((c) => commandRow(c, width))
    sections.push(`Available Commands:\n${rows.join('\n')}`)
  }
  const flags = (command.flags ?? []).filter((flag) => !flag.hidden)
  if (flags.length > 0 && command.run) sections.push(`Options:\n${flagsText(flags)}`)
  sections.push(`Usage:\n  kubectl ${usageLine(command, path)}`)
  const more = visible.length > 0 ? `Use "${path} <command> --help" for more information about a given command.\n` : ''
  sections.push(`${more}Use "kubectl options" for a list of global command-line options (applies to all commands).\n`)
  return sections.join('\n\n')
}

export const nameWidth = (commands: readonly Command[]) => Math.max(11, ...commands.map((c) => c.name.length)) + 3

export const commandRow = (command: Command, width: number) => `  ${command.name.padEnd(width)}${command.short}`

function usageLine(command: Command, path: string): string {
  const parent = path.split(' ').slice(1, -1).join(' ')
  const line = command.use ?? (command.subcommands ? `${command.name} SUBCOMMAND` : command.name)
  return `${parent ? `${parent} ` : ''}${line}${line.includes('[options]') ? '' : ' [options]'}`
}

const indentExamples = (text: string) =>
  text
    .replace(/^\n|\n\s*$/g, '')
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')

/** Options by name, each with its default, its words below. */
export function flagsText(flags: readonly FlagSpec[]): string {
  return [...flags]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((flag) => {
      const head = flag.shorthand ? `    -${flag.shorthand}, --${flag.name}` : `    --${flag.name}`
      return `${head}=${shownDefault(flag)}:\n\t${flag.usage}`
    })
    .join('\n\n')
}

function shownDefault(flag: FlagSpec): string {
  switch (flag.type) {
    case 'string':
    case 'tristate':
      return `'${flag.default ?? ''}'`
    case 'list':
    case 'array':
      return flag.default?.startsWith('[') ? flag.default : `[${flag.default ?? ''}]`
    case 'map':
      return '[]'
    case 'duration':
      return flag.default ?? formatDuration(0)
    default:
      return flag.default ?? ''
  }
}
