import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'

export const showContext: DockerCommand = {
  paths: ['context show'],
  usage: '',
  summary: 'Print the name of the current context',
  flags: flags`

`,
  args: { min: 0, max: 0 },
  async run({ print }) {
    await print('default\n')
    return 0
  },
}
