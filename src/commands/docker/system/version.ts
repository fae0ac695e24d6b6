import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { showVersion } from '../cli/show-version.ts'

export const version: DockerCommand = {
  paths: ['version'],
  usage: '[OPTIONS]',
  summary: 'Show the Docker version information',
  flags: flags`
  -f, --format string   Format output using a custom template:
    |'json':             Print in JSON format
    |'TEMPLATE':         Print output using the given Go template.
    |Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates
`,
  args: { min: 0, max: 0 },
  run: showVersion,
}
