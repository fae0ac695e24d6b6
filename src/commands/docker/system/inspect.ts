import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { inspectAnything } from '../format/inspect.ts'

export const inspect: DockerCommand = {
  paths: ['inspect'],
  usage: '[OPTIONS] NAME|ID [NAME|ID...]',
  summary: 'Return low-level information on Docker objects',
  flags: flags`
  -f, --format string   Format output using a custom template:
    |'json':             Print in JSON format
    |'TEMPLATE':         Print output using the given Go template.
    |Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates
  -s, --size            Display total file sizes if the type is container
      --type string     Only inspect objects of the given type
`,
  args: { min: 1 },
  run: inspectAnything,
}
