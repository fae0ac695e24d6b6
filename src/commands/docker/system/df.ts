import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { TABLE_FORMAT } from '../cli/format-flags.ts'
import { showDiskDetails } from '../cli/show-disk-details.ts'
import { showDiskUsage } from '../cli/show-disk-usage.ts'

export const df: DockerCommand = {
  paths: ['system df'],
  usage: '[OPTIONS]',
  summary: 'Show docker disk usage',
  flags: [
    ...TABLE_FORMAT,
    ...flags`
  -v, --verbose         Show detailed information on space usage
`,
  ],
  args: { min: 0, max: 0 },
  run: (session) => (session.flags.bool('verbose') ? showDiskDetails(session) : showDiskUsage(session)),
}
