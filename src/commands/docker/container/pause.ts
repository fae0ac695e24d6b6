import type { DockerCommand } from '../cli/command.ts'
import { forEach } from '../cli/each.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'

export const pause: DockerCommand = {
  paths: ['pause', 'container pause'],
  usage: 'CONTAINER [CONTAINER...]',
  summary: 'Pause all processes within one or more containers',
  aliases: 'docker container pause, docker pause',
  flags: flags`

`,
  args: { min: 1 },
  run: (session) =>
    forEach(session, session.args, async (name) => {
      await session.client.post(`/containers/${segment(name)}/pause`)
      return name
    }),
}
