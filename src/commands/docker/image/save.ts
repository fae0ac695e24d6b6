import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { CommandError } from '../cli/session.ts'

export const save: DockerCommand = {
  paths: ['save', 'image save'],
  usage: '[OPTIONS] IMAGE [IMAGE...]',
  summary: 'Save one or more images to a tar archive (streamed to STDOUT by default)',
  aliases: 'docker image save, docker save',
  flags: flags`
  -o, --output string     Write to a file, instead of STDOUT
  !1.48 --platform string   Save only the given platform variant. Formatted as "os[/arch[/variant]]" (e.g., "linux/amd64")
`,
  args: { min: 1 },
  async run({ client, flags, args, process }) {
    const output = flags.string('output')
    if (output === undefined && process.stdout.tty)
      throw new CommandError('cowardly refusing to save to a terminal. Use the -o flag or redirect')
    const { body } = await client.call('GET', '/images/get', { query: { names: args } })
    if (output === undefined) await process.stdout.write(body as Uint8Array)
    else process.files.write(output, body as Uint8Array)
    return 0
  },
}
