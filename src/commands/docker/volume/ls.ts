import type { DockerCommand } from '../cli/command.ts'
import { filterQuery } from '../cli/filters.ts'
import { flags } from '../cli/flag.ts'
import { TABLE_FORMAT } from '../cli/format-flags.ts'
import { formatList } from '../format/list.ts'
import { naturalOrder } from '../format/natural-order.ts'
import { VOLUMES, type VolumeSummary, volumeRow } from '../format/volumes.ts'

export const listVolumes: DockerCommand = {
  paths: ['volume ls', 'volume list'],
  usage: '[OPTIONS]',
  summary: 'List volumes',
  aliases: 'docker volume ls, docker volume list',
  flags: [
    ...flags`
      --cluster         Display only cluster volumes, and use cluster volume list formatting
  -f, --filter filter   Provide filter values (e.g. "dangling=true")
`,
    ...TABLE_FORMAT,
    ...flags`
  -q, --quiet           Only display volume names
`,
  ],
  args: { min: 0, max: 0 },
  async run({ client, flags, print }) {
    const { Volumes } = await client.get<{ Volumes: VolumeSummary[] }>('/volumes', {
      filters: filterQuery(flags.list('filter')),
    })
    Volumes.sort((a, b) => naturalOrder(a.Name, b.Name))
    await print(formatList(Volumes.map(volumeRow), VOLUMES, flags.string('format'), flags.bool('quiet')))
    return 0
  },
}
