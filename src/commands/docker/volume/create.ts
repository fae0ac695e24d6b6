import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'

export const createVolume: DockerCommand = {
  paths: ['volume create'],
  usage: '[OPTIONS] [VOLUME]',
  summary: 'Create a volume',
  flags: flags`
  !1.42 --availability string       Cluster Volume availability ("active", "pause", "drain") (default "active")
  -d, --driver string             Specify volume driver name (default "local")
  !1.42 --group string              Cluster Volume group (cluster volumes)
      --label list                Set metadata for a volume
  !1.42 --limit-bytes bytes         Minimum size of the Cluster Volume in bytes
  -o, --opt map                   Set driver specific options (default map[])
  !1.42 --required-bytes bytes      Maximum size of the Cluster Volume in bytes
  !1.42 --scope string              Cluster Volume access scope ("single", "multi") (default "single")
  !1.42 --secret map                Cluster Volume secrets (default map[])
  !1.42 --sharing string            Cluster Volume access sharing ("none", "readonly", "onewriter", "all") (default "none")
  !1.42 --topology-preferred list   A topology that the Cluster Volume would be preferred in
  !1.42 --topology-required list    A topology that the Cluster Volume must be accessible from
  !1.42 --type string               Cluster Volume access type ("mount", "block") (default "block")
`,
  args: { min: 0, max: 1 },
  async run({ client, flags, args, print }) {
    const pairs = (list: string[]) =>
      Object.fromEntries(list.map((pair) => [pair.split('=')[0]!, pair.split('=').slice(1).join('=')]))
    const { Name } = await client.post<{ Name: string }>(
      '/volumes/create',
      {},
      {
        Name: args[0] ?? flags.string('name') ?? '',
        Driver: flags.string('driver') ?? 'local',
        Labels: pairs(flags.list('label')),
        DriverOpts: pairs(flags.list('opt')),
      },
    )
    await print(`${Name}\n`)
    return 0
  },
}
