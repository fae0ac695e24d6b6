import type { DockerCommand } from '../cli/command.ts'
import { filterQuery } from '../cli/filters.ts'
import { flags } from '../cli/flag.ts'
import { TABLE_FORMAT } from '../cli/format-flags.ts'
import { CONTAINERS, CONTAINERS_WITH_SIZE, type ContainerSummary, containerRow } from '../format/containers.ts'
import { formatList } from '../format/list.ts'

export const ps: DockerCommand = {
  paths: ['ps', 'container ls', 'container list', 'container ps'],
  usage: '[OPTIONS]',
  summary: 'List containers',
  aliases: 'docker container ls, docker container list, docker container ps, docker ps',
  flags: [
    ...flags`
  -a, --all             Show all containers (default shows just running)
  -f, --filter filter   Filter output based on conditions provided
`,
    ...TABLE_FORMAT,
    ...flags`
  -n, --last int        Show n last created containers (includes all states) (default -1)
  -l, --latest          Show the latest created container (includes all states)
      --no-trunc        Don't truncate output
  -q, --quiet           Only display container IDs
  -s, --size            Display total file sizes
`,
  ],
  args: { min: 0, max: 0 },
  async run({ client, flags, process, print }) {
    const format = flags.string('format')
    const size = flags.bool('size') || /\.Size\b/.test(format ?? '')
    const last = flags.bool('latest') ? 1 : (flags.number('last') ?? -1)
    const list = await client.get<ContainerSummary[]>('/containers/json', {
      all: flags.bool('all') ? 1 : undefined,
      limit: last > 0 ? last : undefined,
      size: size ? 1 : undefined,
      filters: filterQuery(flags.list('filter')),
    })
    const rows = list.map((container) => containerRow(container, !flags.bool('no-trunc'), process.wallClock()))
    await print(formatList(rows, size ? CONTAINERS_WITH_SIZE : CONTAINERS, format, flags.bool('quiet')))
    return 0
  },
}
