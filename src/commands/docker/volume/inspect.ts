import type { DockerCommand } from '../cli/command.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'
import { inspectEach } from '../format/inspect.ts'

export const inspectVolumes: DockerCommand = {
  paths: ['volume inspect'],
  usage: '[OPTIONS] VOLUME [VOLUME...]',
  summary: 'Display detailed information on one or more volumes',
  flags: flags`
  -f, --format string   Format output using a custom template:
    |'json':             Print in JSON format
    |'TEMPLATE':         Print output using the given Go template.
    |Refer to https://docs.docker.com/go/formatting/ for more information about formatting output with templates
`,
  args: { min: 1 },
  run: (session) => inspectEach(session, session.args, (name) => `/volumes/${segment(name)}`, 'volume'),
}
