import type { DockerCommand } from '../cli/command.ts'
import { forEach } from '../cli/each.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'

export const stop: DockerCommand = {
  paths: ['stop', 'container stop'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  summary: 'Stop one or more running containers',
  aliases: 'docker container stop, docker stop',
  flags: flags`
  -s, --signal string   Signal to send to the container
  -t, --timeout int     Seconds to wait before killing the container
`,
  args: { min: 1 },
  run: (session) =>
    forEach(session, session.args, async (name) => {
      const { flags } = session
      await session.client.post(`/containers/${segment(name)}/stop`, {
        t: flags.string('timeout') ?? flags.string('time'),
        signal: flags.string('signal'),
      })
      return name
    }),
}
