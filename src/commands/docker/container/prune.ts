import { humanSize } from '../../../sim/containers/units.ts'
import type { DockerCommand } from '../cli/command.ts'
import { confirm } from '../cli/confirm.ts'
import { filterQuery } from '../cli/filters.ts'
import { flags } from '../cli/flag.ts'

export const pruneContainers: DockerCommand = {
  paths: ['container prune'],
  usage: '[OPTIONS]',
  summary: 'Remove all stopped containers',
  flags: flags`
      --filter filter   Provide filter values (e.g. "until=<timestamp>")
  -f, --force           Do not prompt for confirmation
`,
  args: { min: 0, max: 0 },
  async run(session) {
    if (!(await confirm(session, 'This will remove all stopped containers.'))) return 0
    const { ContainersDeleted, SpaceReclaimed } = await session.client.post<{
      ContainersDeleted: string[] | null
      SpaceReclaimed: number
    }>('/containers/prune', { filters: filterQuery(session.flags.list('filter')) })
    if (ContainersDeleted)
      await session.print(`Deleted Containers:\n${ContainersDeleted.map((id) => `${id}\n`).join('')}\n`)
    await session.print(`Total reclaimed space: ${humanSize(SpaceReclaimed)}\n`)
    return 0
  },
}
