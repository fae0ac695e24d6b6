import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { TABLE_FORMAT } from '../cli/format-flags.ts'

/** `docker KIND ls` of what only a swarm has: the daemon, which is no manager, refuses. */
export function swarmList(kind: string, summary: string): DockerCommand {
  return {
    paths: [`${kind} ls`],
    usage: '[OPTIONS]',
    summary,
    aliases: `docker ${kind} ls, docker ${kind} list`,
    flags: [
      ...flags`
  -f, --filter filter   Filter output based on conditions provided
`,
      ...TABLE_FORMAT,
      ...flags`
  -q, --quiet           Only display IDs
`,
    ],
    args: { min: 0, max: 0 },
    async run({ client }) {
      await client.get(`/${kind}s`)
      return 0
    },
  }
}
