import type { DockerCommand } from '../cli/command.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'
import { OBJECT_FORMAT } from '../cli/format-flags.ts'
import { inspectEach } from '../format/inspect.ts'

export const inspectNetworks: DockerCommand = {
  paths: ['network inspect'],
  usage: '[OPTIONS] NETWORK [NETWORK...]',
  summary: 'Display detailed information on one or more networks',
  flags: [
    ...OBJECT_FORMAT,
    ...flags`
  -v, --verbose         Verbose output for diagnostics
`,
  ],
  args: { min: 1 },
  run: (session) => inspectEach(session, session.args, (name) => `/networks/${segment(name)}`, 'network'),
}
