import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'

export const createNetwork: DockerCommand = {
  paths: ['network create'],
  usage: '[OPTIONS] NETWORK',
  summary: 'Create a network',
  flags: flags`
      --attachable           Enable manual container attachment
      --aux-address map      Auxiliary IPv4 or IPv6 addresses used by Network driver (default map[])
      --config-from string   The network from which to copy the configuration
      --config-only          Create a configuration only network
  -d, --driver string        Driver to manage the Network (default "bridge")
      --gateway strings      IPv4 or IPv6 Gateway for the master subnet
      --ingress              Create swarm routing-mesh network
      --internal             Restrict external access to the network
      --ip-range strings     Allocate container ip from a sub-range
      --ipam-driver string   IP Address Management Driver (default "default")
      --ipam-opt map         Set IPAM driver specific options (default map[])
      --ipv4                 Enable or disable IPv4 address assignment (default true)
      --ipv6                 Enable or disable IPv6 address assignment
      --label list           Set metadata on a network
  -o, --opt map              Set driver specific options (default map[])
      --scope string         Control the network's scope
      --subnet strings       Subnet in CIDR format that represents a network segment
`,
  args: { min: 1, max: 1 },
  async run({ client, flags, args, print }) {
    const pairs = (list: string[]) =>
      Object.fromEntries(list.map((pair) => [pair.split('=')[0]!, pair.split('=').slice(1).join('=')]))
    const subnets = flags.list('subnet')
    const { Id } = await client.post<{ Id: string }>(
      '/networks/create',
      {},
      {
        Name: args[0],
        CheckDuplicate: true,
        Driver: flags.string('driver') ?? 'bridge',
        Internal: flags.bool('internal'),
        ...(flags.bool('ipv6') ? { EnableIPv6: true } : {}),
        IPAM: {
          Driver: 'default',
          Config: subnets.map((Subnet, i) => ({
            Subnet,
            ...(flags.list('ip-range')[i] ? { IPRange: flags.list('ip-range')[i] } : {}),
            ...(flags.list('gateway')[i] ? { Gateway: flags.list('gateway')[i] } : {}),
          })),
        },
        Options: pairs(flags.list('opt')),
        Labels: pairs(flags.list('label')),
      },
    )
    await print(`${Id}\n`)
    return 0
  },
}
