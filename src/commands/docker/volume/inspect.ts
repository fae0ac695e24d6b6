import type { DockerCommand } from '../cli/command.ts'
import { segment } from '../cli/engine-client.ts'
import { OBJECT_FORMAT } from '../cli/format-flags.ts'
import { inspectEach } from '../format/inspect.ts'

export const inspectVolumes: DockerCommand = {
  paths: ['volume inspect'],
  usage: '[OPTIONS] VOLUME [VOLUME...]',
  summary: 'Display detailed information on one or more volumes',
  flags: OBJECT_FORMAT,
  args: { min: 1 },
  run: (session) => inspectEach(session, session.args, (name) => `/volumes/${segment(name)}`, 'volume'),
}
