import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { alignTable } from '../format/table.ts'

export const listContexts: DockerCommand = {
  paths: ['context ls', 'context list'],
  usage: '[OPTIONS]',
  summary: 'List contexts',
  aliases: 'docker context ls, docker context list',
  flags: flags`
      --format string   Format output using a custom template:
    |'table':            Print output in table format with column headers (default)
    |'table TEMPLATE':   Print output in table format using the given Go template
    |'json':             Print in JSON format
    |'TEMPLATE':         Print output using the given Go template.
    |Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates
  -q, --quiet           Only show context names
`,
  args: { min: 0, max: 0 },
  async run({ client, print }) {
    await print(
      alignTable([
        'NAME\tDESCRIPTION\tDOCKER ENDPOINT\tERROR',
        `default *\tCurrent DOCKER_HOST based configuration\t${client.host}\t`,
      ]),
    )
    return 0
  },
}
