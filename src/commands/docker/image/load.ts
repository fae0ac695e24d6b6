import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { readAll } from '../cli/read-all.ts'
import { CommandError } from '../cli/session.ts'

export const load: DockerCommand = {
  paths: ['load', 'image load'],
  usage: '[OPTIONS]',
  summary: 'Load an image from a tar archive or STDIN',
  aliases: 'docker image load, docker load',
  flags: flags`
  -i, --input string      Read from tar archive file, instead of STDIN
  !1.48 --platform string   Load only the given platform variant. Formatted as "os[/arch[/variant]]" (e.g., "linux/amd64")
  -q, --quiet             Suppress the load output
`,
  args: { min: 0, max: 0 },
  async run({ client, flags, process, print }) {
    const input = flags.string('input')
    if (input === undefined && process.stdin.tty)
      throw new CommandError('requested load from stdin, but stdin is empty')
    const body = input === undefined ? await readAll(process.stdin) : process.files.readBytes(input)
    const stream = await client.stream('POST', '/images/load', { body })
    for await (const { stream: text, error } of stream as AsyncIterable<{ stream?: string; error?: string }>) {
      if (error) throw new CommandError(error)
      if (text && !flags.bool('quiet')) await print(text)
      else if (text) await print(text)
    }
    return 0
  },
}
