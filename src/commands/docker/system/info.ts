import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { showInfo } from '../cli/show-info.ts'

export const info: DockerCommand = {
  paths: ['info', 'system info'],
  usage: '[OPTIONS]',
  summary: 'Display system-wide information',
  aliases: 'docker system info, docker info',
  flags: flags`
  -f, --format string   Format output using a custom template:
    |'json':             Print in JSON format
    |'TEMPLATE':         Print output using the given Go template.
    |Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates
`,
  args: { min: 0, max: 0 },
  run: showInfo,
}
