import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'

export const listStacks: DockerCommand = {
  paths: ['stack ls'],
  usage: '[OPTIONS]',
  summary: 'List stacks',
  aliases: 'docker stack ls, docker stack list',
  flags: flags`
      --format string   Format output using a custom template:
    |'table':            Print output in table format with column headers (default)
    |'table TEMPLATE':   Print output in table format using the given Go template
    |'json':             Print in JSON format
    |'TEMPLATE':         Print output using the given Go template.
    |Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates
`,
  args: { min: 0, max: 0 },
  async run({ client }) {
    await client.get('/services')
    return 0
  },
}
