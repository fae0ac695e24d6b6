import type { DockerCommand } from '../cli/command.ts'
import { forEach } from '../cli/each.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'

export const kill: DockerCommand = {
  paths: ['kill', 'container kill'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  summary: 'Kill one or more running containers',
  aliases: 'docker container kill, docker kill',
  flags: flags`
  -s, --signal string   Signal to send to the container
`,
  args: { min: 1 },
  run: (session) =>
    forEach(session, session.args, async (name) => {
      await session.client.post(`/containers/${segment(name)}/kill`, {
        signal: session.flags.string('signal') ?? 'SIGKILL',
      })
      return name
    }),
}
