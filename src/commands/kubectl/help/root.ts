import type { Command } from '../command.ts'
import { commandRow, nameWidth } from './usage.ts'

export interface CommandGroup {
  title: string
  commands: readonly Command[]
}

/** What `kubectl` and `kubectl help` print. */
export function rootHelp(groups: readonly CommandGroup[]): string {
  const width = nameWidth(groups.flatMap((group) => group.commands))
  const sections = groups.map((group) => {
    const rows = group.commands.filter((c) => !c.hidden).map((c) => commandRow(c, width))
    return `${group.title}:\n${rows.join('\n')}\n`
  })
  return `kubectl controls the Kubernetes cluster manager.

 Find more information at: https://kubernetes.io/docs/reference/kubectl/

${sections.join('\n')}
Usage:
  kubectl [flags] [options]

Use "kubectl <command> --help" for more information about a given command.
Use "kubectl options" for a list of global command-line options (applies to all commands).
`
}
