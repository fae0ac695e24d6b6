import type { DockerCommand } from '../cli/command.ts'
import { TABLE_FORMAT } from '../cli/format-flags.ts'

export const listStacks: DockerCommand = {
  paths: ['stack ls'],
  usage: '[OPTIONS]',
  summary: 'List stacks',
  aliases: 'docker stack ls, docker stack list',
  flags: TABLE_FORMAT,
  args: { min: 0, max: 0 },
  async run({ client }) {
    await client.get('/services')
    return 0
  },
}
