import type { DockerCommand } from '../cli/command.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'
import { alignTable } from '../format/table.ts'

export const top: DockerCommand = {
  paths: ['top', 'container top'],
  usage: 'CONTAINER [ps OPTIONS]',
  summary: 'Display the running processes of a container',
  aliases: 'docker container top, docker top',
  flags: flags`

`,
  args: { min: 1 },
  passesArguments: true,
  async run({ client, args, print }) {
    const [name = '', ...rest] = args
    const { Titles, Processes } = await client.get<{ Titles: string[]; Processes: string[][] }>(
      `/containers/${segment(name)}/top`,
      {
        ps_args: rest.length > 0 ? rest.join(' ') : undefined,
      },
    )
    await print(
      alignTable(
        [Titles, ...Processes].map((cells) => cells.join('\t')),
        20,
        3,
      ),
    )
    return 0
  },
}
