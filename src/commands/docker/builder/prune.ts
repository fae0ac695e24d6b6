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
  async run(session) {
    const warning = session.flags.bool('all')
      ? 'This will remove all build cache.'
      : 'This will remove all dangling build cache.'
    if (!(await confirm(session, warning))) return 0
    await session.client.post('/build/prune')
    await session.print('Total reclaimed space: 0B\n')
    return 0
  },
}
