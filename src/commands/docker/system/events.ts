import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { showEvents } from '../cli/show-events.ts'

export const events: DockerCommand = {
  paths: ['events', 'system events'],
  usage: '[OPTIONS]',
  summary: 'Get real time events from the server',
  aliases: 'docker system events, docker events',
  flags: flags`
  -f, --filter filter   Filter output based on conditions provided
      --format string   Format output using a custom template:
    |'json':             Print in JSON format
    |'TEMPLATE':         Print output using the given Go template.
    |Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates
      --since string    Show all events created since timestamp
      --until string    Stream events until this timestamp
`,
  args: { min: 0, max: 0 },
  run: showEvents,
}
