import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { showStats } from '../cli/show-stats.ts'

export const stats: DockerCommand = {
  paths: ['stats', 'container stats'],
  usage: '[OPTIONS] [CONTAINER...]',
  summary: 'Display a live stream of container(s) resource usage statistics',
  aliases: 'docker container stats, docker stats',
  flags: flags`
  -a, --all             Show all containers (default shows just running)
      --format string   Format output using a custom template:
    |'table':            Print output in table format with column headers (default)
    |'table TEMPLATE':   Print output in table format using the given Go template
    |'json':             Print in JSON format
    |'TEMPLATE':         Print output using the given Go template.
    |Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates
      --no-stream       Disable streaming stats and only pull the first result
      --no-trunc        Do not truncate output
`,
  args: { min: 0 },
  run: showStats,
}
