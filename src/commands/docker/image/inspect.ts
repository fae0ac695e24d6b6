import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { OBJECT_FORMAT } from '../cli/format-flags.ts'
import { inspectEach } from '../format/inspect.ts'

export const inspectImages: DockerCommand = {
  paths: ['image inspect'],
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  summary: 'Display detailed information on one or more images',
  flags: [
    ...OBJECT_FORMAT,
    ...flags`
  !1.49 --platform string   Inspect a specific platform of the multi-platform image.
    |If the image or the server is not multi-platform capable, the command will error out if the platform does not match.
    |'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)
`,
  ],
  args: { min: 1 },
  run: (session) => inspectEach(session, session.args, (name) => `/images/${name}/json`, 'image'),
}
