import type { DockerCommand } from '../cli/command.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'

export const connectNetwork: DockerCommand = {
  paths: ['network connect'],
  usage: '[OPTIONS] NETWORK CONTAINER',
  summary: 'Connect a container to a network',
  flags: flags`
      --alias strings           Add network-scoped alias for the container
      --driver-opt strings      driver options for the network
      --gw-priority int         Highest gw-priority provides the default gateway. Accepts positive and negative values.
      --ip string               IPv4 address (e.g., "172.30.100.104")
      --ip6 string              IPv6 address (e.g., "2001:db8::33")
      --link list               Add link to another container
      --link-local-ip strings   Add a link-local address for the container
`,
  args: { min: 2, max: 2 },
  async run({ client, flags, args }) {
    const [network = '', container = ''] = args
    const ip = flags.string('ip')
    await client.post(
      `/networks/${segment(network)}/connect`,
      {},
      {
        Container: container,
        EndpointConfig: {
          Aliases: flags.list('alias'),
          IPAMConfig: ip ? { IPv4Address: ip } : {},
          Links: flags.list('link'),
        },
      },
    )
    return 0
  },
}
