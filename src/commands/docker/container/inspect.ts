import type { DockerCommand } from '../cli/command.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'
import { OBJECT_FORMAT } from '../cli/format-flags.ts'
import { inspectEach } from '../format/inspect.ts'

export const inspectContainers: DockerCommand = {
  paths: ['container inspect'],
  usage: '[OPTIONS] CONTAINER [CONTAINER...]',
  summary: 'Display detailed information on one or more containers',
  flags: [
    ...OBJECT_FORMAT,
    ...flags`
  -s, --size            Display total file sizes
`,
  ],
  args: { min: 1 },
  run: (session) => inspectEach(session, session.args, (name) => `/containers/${segment(name)}/json`, 'container'),
}
