import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { pruneEverything as pruneSystem_ } from '../cli/prune-everything.ts'

export const pruneSystem: DockerCommand = {
  paths: ['system prune'],
  usage: '[OPTIONS]',
  summary: 'Remove unused data',
  flags: flags`
  -a, --all             Remove all unused images not just dangling ones
      --filter filter   Provide filter values (e.g. "label=<key>=<value>")
  -f, --force           Do not prompt for confirmation
      --volumes         Prune anonymous volumes
`,
  args: { min: 0, max: 0 },
  run: pruneSystem_,
}
