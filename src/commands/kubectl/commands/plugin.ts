import type { Command } from '../command.ts'
import { CliError } from '../errors/errors.ts'
import { bool } from '../flags/flag.ts'
import { pathFolders } from '../plugins.ts'

const list: Command = {
  name: 'list',
  short: "List all visible plugin executables on a user's PATH",
  long: "List all available plugin files on a user's PATH. To see plugins binary names without the full path use --name-only flag.",
  use: 'list',
  flags: [bool('name-only', 'If true, display only the binary name of each plugin, rather than its full path')],
  async run(session) {
    const { files } = session.process
    const found: string[] = []
    for (const folder of pathFolders(session.process)) {
      if (!files.exists(folder)) continue
      for (const { name } of files.list(folder)) {
        if (name.startsWith('kubectl-')) found.push(session.flags.bool('name-only') ? name : `${folder}/${name}`)
      }
    }
    if (found.length === 0) throw new CliError('unable to find any kubectl plugins in your PATH')
    await session.print(
      `The following compatible plugins are available:\n\n${found.map((path) => `${path}\n`).join('')}`,
    )
  },
}

export const plugin: Command = {
  name: 'plugin',
  short: 'Provides utilities for interacting with plugins',
  long: 'Provides utilities for interacting with plugins.\n\n Plugins provide extended functionality that is not part of the major command-line distribution.',
  use: 'plugin [flags]',
  subcommands: [list],
}
