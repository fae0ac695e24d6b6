import type { DockerCommand } from '../cli/command.ts'
import { DaemonError, segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'

export const removeNetworks: DockerCommand = {
  paths: ['network rm', 'network remove'],
  usage: 'NETWORK [NETWORK...]',
  summary: 'Remove one or more networks',
  aliases: 'docker network rm, docker network remove',
  flags: flags`
  -f, --force   Do not error if the network does not exist
`,
  args: { min: 1 },
  async run(session) {
    let status = 0
    for (const name of session.args) {
      try {
        await session.client.delete(`/networks/${segment(name)}`)
        await session.print(`${name}\n`)
      } catch (error) {
        if (!(error instanceof DaemonError)) throw error
        if (session.flags.bool('force') && error.status === 404) continue
        await session.printError(`${error.text}\n`)
        status = 1
      }
    }
    if (status !== 0) await session.printError('exit status 1\n')
    return status
  },
}
