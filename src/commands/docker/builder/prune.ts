import { humanSize } from '../../../sim/containers/units.ts'
import { deprecation } from '../cli/build-image.ts'
import type { DockerCommand } from '../cli/command.ts'
import { confirm } from '../cli/confirm.ts'
import { flags } from '../cli/flag.ts'

export const pruneBuilder: DockerCommand = {
  paths: ['builder prune'],
  usage: '',
  summary: 'Remove build cache',
  flags: flags`
  -a, --all                  Remove all unused build cache, not just dangling ones
      --filter filter        Provide filter values (e.g. "until=24h")
  -f, --force                Do not prompt for confirmation
      --keep-storage bytes   Amount of disk space to keep for cache
`,
  args: { min: 0, max: 0 },
  preamble: deprecation,
  async run(session) {
    const warning = session.flags.bool('all')
      ? 'This will remove all build cache.'
      : 'This will remove all dangling build cache.'
    if (!(await confirm(session, warning))) return 0
    const { CachesDeleted, SpaceReclaimed } = await session.client.post<{
      CachesDeleted: string[] | null
      SpaceReclaimed: number
    }>('/build/prune', { all: session.flags.bool('all') ? 1 : undefined })
    if (CachesDeleted)
      await session.print(`Deleted build cache objects:\n${CachesDeleted.map((id) => `${id}\n`).join('')}\n`)
    await session.print(`Total reclaimed space: ${humanSize(SpaceReclaimed)}\n`)
    return 0
  },
}
