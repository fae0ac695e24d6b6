import type { DockerCommand } from '../cli/command.ts'
import { forEach } from '../cli/each.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'

export const removeVolumes: DockerCommand = {
  paths: ['volume rm', 'volume remove'],
  usage: '[OPTIONS] VOLUME [VOLUME...]',
  summary: 'Remove one or more volumes. You cannot remove a volume that is in use by a container.',
  aliases: 'docker volume rm, docker volume remove',
  flags: flags`
  -f, --force   Force the removal of one or more volumes
`,
  args: { min: 1 },
  run: (session) =>
    forEach(session, session.args, async (name) => {
      await session.client.delete(`/volumes/${segment(name)}`, { force: session.flags.bool('force') ? 1 : undefined })
      return name
    }),
}
