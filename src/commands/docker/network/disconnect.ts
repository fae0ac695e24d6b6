import type { DockerCommand } from '../cli/command.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'

export const disconnectNetwork: DockerCommand = {
  paths: ['network disconnect'],
  usage: '[OPTIONS] NETWORK CONTAINER',
  summary: 'Disconnect a container from a network',
  flags: flags`
  -f, --force   Force the container to disconnect from a network
`,
  args: { min: 2, max: 2 },
  async run({ client, flags, args }) {
    const [network = '', container = ''] = args
    await client.post(
      `/networks/${segment(network)}/disconnect`,
      {},
      { Container: container, Force: flags.bool('force') },
    )
    return 0
  },
}
