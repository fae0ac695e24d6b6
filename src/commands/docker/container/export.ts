import type { DockerCommand } from '../cli/command.ts'
import { segment } from '../cli/engine-client.ts'
import { flags } from '../cli/flag.ts'
import { CommandError } from '../cli/session.ts'

export const exportContainer: DockerCommand = {
  paths: ['export', 'container export'],
  usage: '[OPTIONS] CONTAINER',
  summary: "Export a container's filesystem as a tar archive",
  aliases: 'docker container export, docker export',
  flags: flags`
  -o, --output string   Write to a file, instead of STDOUT
`,
  args: { min: 1, max: 1 },
  async run({ client, flags, args, process }) {
    const output = flags.string('output')
    if (output === undefined && process.stdout.tty)
      throw new CommandError('cowardly refusing to save to a terminal. Use the -o flag or redirect')
    const { body } = await client.call('GET', `/containers/${segment(args[0]!)}/export`)
    if (output === undefined) await process.stdout.write(body as Uint8Array)
    else process.files.write(output, body as Uint8Array)
    return 0
  },
}
