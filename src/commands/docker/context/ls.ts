import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { TABLE_FORMAT } from '../cli/format-flags.ts'
import { alignTable } from '../format/table.ts'

export const listContexts: DockerCommand = {
  paths: ['context ls', 'context list'],
  usage: '[OPTIONS]',
  summary: 'List contexts',
  aliases: 'docker context ls, docker context list',
  flags: [
    ...TABLE_FORMAT,
    ...flags`
  -q, --quiet           Only show context names
`,
  ],
  args: { min: 0, max: 0 },
  async run({ client, print }) {
    await print(
      alignTable([
        'NAME\tDESCRIPTION\tDOCKER ENDPOINT\tERROR',
        `default *\tCurrent DOCKER_HOST based configuration\t${client.host}\t`,
      ]),
    )
    return 0
  },
}
