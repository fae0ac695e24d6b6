import type { DockerCommand } from '../cli/command.ts'
import { forEach } from '../cli/each.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'

export const wait: DockerCommand = {
  paths: ['wait', 'container wait'],
  usage: 'CONTAINER [CONTAINER...]',
  summary: 'Block until one or more containers stop, then print their exit codes',
  aliases: 'docker container wait, docker wait',
  flags: flags`

`,
  args: { min: 1 },
  run: (session) =>
    forEach(session, session.args, async (name) => {
      const { StatusCode } = await session.client.post<{ StatusCode: number }>(`/containers/${segment(name)}/wait`)
      return String(StatusCode)
    }),
}
