import type { DockerCommand } from '../cli/command.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'
import { CommandError } from '../cli/session.ts'

export const port: DockerCommand = {
  paths: ['port', 'container port'],
  usage: 'CONTAINER [PRIVATE_PORT[/PROTO]]',
  summary: 'List port mappings or a specific mapping for the container',
  aliases: 'docker container port, docker port',
  flags: flags`

`,
  args: { min: 1, max: 2 },
  async run({ client, args, print }) {
    const [name = '', port] = args
    const { NetworkSettings } = await client.get<{
      NetworkSettings: { Ports: Record<string, { HostIp: string; HostPort: string }[] | null> }
    }>(`/containers/${segment(name)}/json`)
    const show = ({ HostIp, HostPort }: { HostIp: string; HostPort: string }) =>
      `${HostIp.includes(':') ? `[${HostIp}]` : HostIp}:${HostPort}`
    if (port !== undefined) {
      const bindings = NetworkSettings.Ports[port.includes('/') ? port : `${port}/tcp`]
      if (!bindings?.length) throw new CommandError(`Error: No public port '${port}' published for ${name}`)
      for (const binding of bindings) await print(`${show(binding)}\n`)
      return 0
    }
    for (const [inside, bindings] of Object.entries(NetworkSettings.Ports))
      for (const binding of bindings ?? []) await print(`${inside} -> ${show(binding)}\n`)
    return 0
  },
}
