import type { DockerCommand } from '../cli/command.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'

export const diff: DockerCommand = {
  paths: ['diff', 'container diff'],
  usage: 'CONTAINER',
  summary: "Inspect changes to files or directories on a container's filesystem",
  aliases: 'docker container diff, docker diff',
  flags: flags`

`,
  args: { min: 1, max: 1 },
  async run({ client, args, print }) {
    const changes = await client.get<{ Path: string; Kind: number }[] | null>(
      `/containers/${segment(args[0]!)}/changes`,
    )
    for (const { Path, Kind } of changes ?? []) await print(`${'CAD'[Kind]} ${Path}\n`)
    return 0
  },
}
