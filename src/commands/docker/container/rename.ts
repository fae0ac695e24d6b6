import type { DockerCommand } from '../cli/command.ts'
import { DaemonError, segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'
import { CommandError } from '../cli/session.ts'

export const rename: DockerCommand = {
  paths: ['rename', 'container rename'],
  usage: 'CONTAINER NEW_NAME',
  summary: 'Rename a container',
  aliases: 'docker container rename, docker rename',
  flags: flags`

`,
  args: { min: 2, max: 2 },
  async run({ client, args }) {
    const [name = '', next = ''] = args
    if (name.trim() === '' || next.trim() === '')
      throw new CommandError('Error: Neither old nor new names may be empty')
    try {
      await client.post(`/containers/${segment(name)}/rename`, { name: next })
    } catch (error) {
      if (!(error instanceof DaemonError)) throw error
      throw new CommandError(`${error.text}\nError: failed to rename container named ${name}`)
    }
    return 0
  },
}
