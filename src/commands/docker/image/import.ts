import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { splitImage } from '../cli/pull.ts'
import { readAll } from '../cli/read-all.ts'
import { CommandError } from '../cli/session.ts'

export const importImage: DockerCommand = {
  paths: ['import', 'image import'],
  usage: '[OPTIONS] file|URL|- [REPOSITORY[:TAG]]',
  summary: 'Import the contents from a tarball to create a filesystem image',
  aliases: 'docker image import, docker import',
  flags: flags`
  -c, --change list       Apply Dockerfile instruction to the created image
  -m, --message string    Set commit message for imported image
      --platform string   Set platform if server is multi-platform capable
`,
  args: { min: 1, max: 2 },
  async run({ client, flags, args, process, print }) {
    const [source = '', target] = args
    const split = target === undefined ? undefined : splitImage(target)
    if (/^https?:/.test(source)) throw new CommandError(`not simulated: docker import from a URL`)
    const body = source === '-' ? await readAll(process.stdin) : process.files.readBytes(source)
    const stream = await client.stream('POST', '/images/create', {
      query: {
        fromSrc: '-',
        repo: split?.name,
        tag: split?.tag,
        message: flags.string('message'),
        changes: flags.list('change'),
      },
      body,
    })
    for await (const { status, error } of stream as AsyncIterable<{ status?: string; error?: string }>) {
      if (error) throw new CommandError(error)
      if (status) await print(`${status}\n`)
    }
    return 0
  },
}
