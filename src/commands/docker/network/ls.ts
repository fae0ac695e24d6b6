import type { DockerCommand } from '../cli/command.ts'
import { filterQuery } from '../cli/filters.ts'
import { flags } from '../cli/flag.ts'
import { TABLE_FORMAT } from '../cli/format-flags.ts'
import { formatList } from '../format/list.ts'
import { naturalOrder } from '../format/natural-order.ts'
import { NETWORKS, type NetworkSummary, networkRow } from '../format/networks.ts'

export const listNetworks: DockerCommand = {
  paths: ['network ls', 'network list'],
  usage: '[OPTIONS]',
  summary: 'List networks',
  aliases: 'docker network ls, docker network list',
  flags: [
    ...flags`
  -f, --filter filter   Provide filter values (e.g. "driver=bridge")
`,
    ...TABLE_FORMAT,
    ...flags`
      --no-trunc        Do not truncate the output
  -q, --quiet           Only display network IDs
`,
  ],
  args: { min: 0, max: 0 },
  async run({ client, flags, print }) {
    const list = await client.get<NetworkSummary[]>('/networks', { filters: filterQuery(flags.list('filter')) })
    list.sort((a, b) => naturalOrder(a.Name, b.Name))
    await print(
      formatList(
        list.map((network) => networkRow(network, !flags.bool('no-trunc'))),
        NETWORKS,
        flags.string('format'),
        flags.bool('quiet'),
      ),
    )
    return 0
  },
}
