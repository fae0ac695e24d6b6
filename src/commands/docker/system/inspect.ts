import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { OBJECT_FORMAT } from '../cli/format-flags.ts'
import { inspectAnything } from '../format/inspect.ts'

export const inspect: DockerCommand = {
  paths: ['inspect'],
  usage: '[OPTIONS] NAME|ID [NAME|ID...]',
  summary: 'Return low-level information on Docker objects',
  flags: [
    ...OBJECT_FORMAT,
    ...flags`
  -s, --size            Display total file sizes if the type is container
      --type string     Only inspect objects of the given type
`,
  ],
  args: { min: 1 },
  run: inspectAnything,
}
