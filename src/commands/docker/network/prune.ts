import type { DockerCommand } from '../cli/command.ts'
import { confirm } from '../cli/confirm.ts'
import { filterQuery } from '../cli/filters.ts'
import { flags } from '../cli/flag.ts'

export const pruneNetworks: DockerCommand = {
  paths: ['network prune'],
  usage: '[OPTIONS]',
  summary: 'Remove all unused networks',
  flags: flags`
      --filter filter   Provide filter values (e.g. "until=<timestamp>")
  -f, --force           Do not prompt for confirmation
`,
  args: { min: 0, max: 0 },
  async run(session) {
    if (!(await confirm(session, 'This will remove all custom networks not used by at least one container.'))) return 0
    const { NetworksDeleted } = await session.client.post<{ NetworksDeleted: string[] | null }>('/networks/prune', {
      filters: filterQuery(session.flags.list('filter')),
    })
    if (NetworksDeleted)
      await session.print(`Deleted Networks:\n${NetworksDeleted.map((name) => `${name}\n`).join('')}\n`)
    return 0
  },
}
