import type { DockerCommand } from '../cli/command.ts'
import { forEach } from '../cli/each.ts'
import { DaemonError, segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'

export const rm: DockerCommand = {
  paths: ['rm', 'container rm', 'container remove'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  summary: 'Remove one or more containers',
  aliases: 'docker container rm, docker container remove, docker rm',
  flags: flags`
  -f, --force     Force the removal of a running container (uses SIGKILL)
  -l, --link      Remove the specified link
  -v, --volumes   Remove anonymous volumes associated with the container
`,
  args: { min: 1 },
  run: (session) =>
    forEach(session, session.args, async (name) => {
      const { flags } = session
      try {
        await session.client.delete(`/containers/${segment(name)}`, {
          force: flags.bool('force'),
          v: flags.bool('volumes'),
          link: flags.bool('link'),
        })
      } catch (error) {
        // With --force a container that is not there is only worth a word.
        if (!(error instanceof DaemonError) || error.status !== 404 || !flags.bool('force')) throw error
        await session.printError(`${error.text}\n`)
        return undefined
      }
      return name
    }),
}
