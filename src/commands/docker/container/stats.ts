import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { TABLE_FORMAT } from '../cli/format-flags.ts'
import { showStats } from '../cli/show-stats.ts'

export const stats: DockerCommand = {
  paths: ['stats', 'container stats'],
  usage: '[OPTIONS] [CONTAINER...]',
  summary: 'Display a live stream of container(s) resource usage statistics',
  aliases: 'docker container stats, docker stats',
  flags: [
    ...flags`
  -a, --all             Show all containers (default shows just running)
`,
    ...TABLE_FORMAT,
    ...flags`
      --no-stream       Disable streaming stats and only pull the first result
      --no-trunc        Do not truncate output
`,
  ],
  args: { min: 0 },
  run: showStats,
}
