import type { DockerCommand } from '../cli/command.ts'
import { DaemonError } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'

export const rmi: DockerCommand = {
  paths: ['rmi', 'image rm', 'image remove'],
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  summary: 'Remove one or more images',
  aliases: 'docker image rm, docker image remove, docker rmi',
  flags: flags`
  -f, --force              Force removal of the image
      --no-prune           Do not delete untagged parents
      --platform strings   Remove only the given platform variant. Formatted as "os[/arch[/variant]]" (e.g., "linux/amd64")
`,
  args: { min: 1 },
  async run(session) {
    const { client, flags, args } = session
    let status = 0
    for (const name of args) {
      try {
        const list = await client.delete<{ Untagged?: string; Deleted?: string }[]>(`/images/${name}`, {
          force: flags.bool('force') ? 1 : undefined,
          noprune: flags.bool('no-prune') ? 1 : undefined,
        })
        for (const { Untagged, Deleted } of list)
          await session.print(Untagged ? `Untagged: ${Untagged}\n` : `Deleted: ${Deleted}\n`)
      } catch (error) {
        if (!(error instanceof DaemonError)) throw error
        await session.printError(`${error.text}\n`)
        if (!(flags.bool('force') && error.status === 404)) status = 1
      }
    }
    return status
  },
}
