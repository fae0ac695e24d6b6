import { humanSize } from '../../../sim/containers/units.ts'
import type { DockerCommand } from '../cli/command.ts'
import { confirm } from '../cli/confirm.ts'
import { filterQuery } from '../cli/filters.ts'
import { flags } from '../cli/flag.ts'

export const pruneVolumes: DockerCommand = {
  paths: ['volume prune'],
  usage: '[OPTIONS]',
  summary: 'Remove unused local volumes',
  flags: flags`
  -a, --all             Remove all unused volumes, not just anonymous ones
      --filter filter   Provide filter values (e.g. "label=<label>")
  -f, --force           Do not prompt for confirmation
`,
  args: { min: 0, max: 0 },
  async run(session) {
    if (!(await confirm(session, 'This will remove all local volumes not used by at least one container.'))) return 0
    const { VolumesDeleted, SpaceReclaimed } = await session.client.post<{
      VolumesDeleted: string[] | null
      SpaceReclaimed: number
    }>('/volumes/prune', { filters: filterQuery(session.flags.list('filter')) })
    if (VolumesDeleted) await session.print(`Deleted Volumes:\n${VolumesDeleted.map((name) => `${name}\n`).join('')}\n`)
    await session.print(`Total reclaimed space: ${humanSize(SpaceReclaimed)}\n`)
    return 0
  },
}
