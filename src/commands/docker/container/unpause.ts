import type { DockerCommand } from '../cli/command.ts'
import { forEach } from '../cli/each.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'

export const unpause: DockerCommand = {
  paths: ['unpause', 'container unpause'],
  usage: 'CONTAINER [CONTAINER...]',
  summary: 'Unpause all processes within one or more containers',
  aliases: 'docker container unpause, docker unpause',
  flags: flags`

`,
  args: { min: 1 },
  run: (session) =>
    forEach(session, session.args, async (name) => {
      await session.client.post(`/containers/${segment(name)}/unpause`)
      return name
    }),
}
