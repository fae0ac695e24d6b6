import type { DockerCommand } from '../cli/command.ts'
import { filterQuery } from '../cli/filters.ts'
import { flags } from '../cli/flag.ts'
import { formatList } from '../format/list.ts'
import { naturalOrder } from '../format/natural-order.ts'
import { NETWORKS, type NetworkSummary, networkRow } from '../format/networks.ts'

export const listNetworks: DockerCommand = {
  paths: ['network ls', 'network list'],
  usage: '[OPTIONS]',
  summary: 'List networks',
  aliases: 'docker network ls, docker network list',
  flags: flags`
  -f, --filter filter   Provide filter values (e.g. "driver=bridge")
      --format string   Format output using a custom template:
    |'table':            Print output in table format with column headers (default)
    |'table TEMPLATE':   Print output in table format using the given Go template
    |'json':             Print in JSON format
    |'TEMPLATE':         Print output using the given Go template.
    |Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates
      --no-trunc        Do not truncate the output
  -q, --quiet           Only display network IDs
`,
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
