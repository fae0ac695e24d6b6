import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'

/** `docker KIND ls` of what only a swarm has: the daemon, which is no manager, refuses. */
export function swarmList(kind: string, summary: string): DockerCommand {
  return {
    paths: [`${kind} ls`],
    usage: '[OPTIONS]',
    summary,
    aliases: `docker ${kind} ls, docker ${kind} list`,
    flags: flags`
  -f, --filter filter   Filter output based on conditions provided
      --format string   Format output using a custom template:
    |'table':            Print output in table format with column headers (default)
    |'table TEMPLATE':   Print output in table format using the given Go template
    |'json':             Print in JSON format
    |'TEMPLATE':         Print output using the given Go template.
    |Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates
  -q, --quiet           Only display IDs
`,
    args: { min: 0, max: 0 },
    async run({ client }) {
      await client.get(`/${kind}s`)
      return 0
    },
  }
}
