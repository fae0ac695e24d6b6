import type { DockerCommand } from '../cli/command.ts'
import { forEach } from '../cli/each.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'

/** `stop` and `restart`: both end containers, with the same signal and patience. */
export const stopping = (verb: 'restart' | 'stop', summary: string): DockerCommand => ({
  paths: [verb, `container ${verb}`],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  summary,
  aliases: `docker container ${verb}, docker ${verb}`,
  flags: flags`
  -s, --signal string   Signal to send to the container
  -t, --timeout int     Seconds to wait before killing the container
`,
  args: { min: 1 },
  run: (session) =>
    forEach(session, session.args, async (name) => {
      const { flags } = session
      await session.client.post(`/containers/${segment(name)}/${verb}`, {
        t: flags.string('timeout') ?? flags.string('time'),
        signal: flags.string('signal'),
      })
      return name
    }),
})
