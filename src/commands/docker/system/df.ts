import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { showDiskDetails } from '../cli/show-disk-details.ts'
import { showDiskUsage } from '../cli/show-disk-usage.ts'

export const df: DockerCommand = {
  paths: ['system df'],
  usage: '[OPTIONS]',
  summary: 'Show docker disk usage',
  flags: flags`
      --format string   Format output using a custom template:
    |'table':            Print output in table format with column headers (default)
    |'table TEMPLATE':   Print output in table format using the given Go template
    |'json':             Print in JSON format
    |'TEMPLATE':         Print output using the given Go template.
    |Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates
  -v, --verbose         Show detailed information on space usage
`,
  args: { min: 0, max: 0 },
  run: (session) => (session.flags.bool('verbose') ? showDiskDetails(session) : showDiskUsage(session)),
}
