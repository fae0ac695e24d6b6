import { humanSize } from '../../../sim/containers/units.ts'
import type { DockerCommand } from '../cli/command.ts'
import { confirm } from '../cli/confirm.ts'
import { filterQuery } from '../cli/filters.ts'
import { flags } from '../cli/flag.ts'

export const pruneImages: DockerCommand = {
  paths: ['image prune'],
  usage: '[OPTIONS]',
  summary: 'Remove unused images',
  flags: flags`
  -a, --all             Remove all unused images, not just dangling ones
      --filter filter   Provide filter values (e.g. "until=<timestamp>")
  -f, --force           Do not prompt for confirmation
`,
  args: { min: 0, max: 0 },
  async run(session) {
    const all = session.flags.bool('all')
    const warning = all
      ? 'This will remove all images without at least one container associated to them.'
      : 'This will remove all dangling images.'
    if (!(await confirm(session, warning))) return 0
    const { ImagesDeleted, SpaceReclaimed } = await session.client.post<{
      ImagesDeleted: { Untagged?: string; Deleted?: string }[] | null
      SpaceReclaimed: number
    }>('/images/prune', {
      filters: filterQuery(session.flags.list('filter'), { dangling: [all ? 'false' : 'true'] }),
    })
    if (ImagesDeleted)
      await session.print(
        `Deleted Images:\n${ImagesDeleted.map(({ Untagged, Deleted }) => (Untagged ? `untagged: ${Untagged}\n` : `deleted: ${Deleted}\n`)).join('')}\n`,
      )
    await session.print(`Total reclaimed space: ${humanSize(SpaceReclaimed)}\n`)
    return 0
  },
}
