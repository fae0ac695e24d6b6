import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { splitImage } from '../cli/pull.ts'
import { CommandError } from '../cli/session.ts'

export const tag: DockerCommand = {
  paths: ['tag', 'image tag'],
  usage: 'SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
  summary: 'Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE',
  aliases: 'docker image tag, docker tag',
  flags: flags`

`,
  args: { min: 2, max: 2 },
  async run({ client, args }) {
    const [source = '', target = ''] = args
    let split: ReturnType<typeof splitImage>
    try {
      split = splitImage(target)
    } catch (error) {
      throw new CommandError(
        `Error parsing reference: ${JSON.stringify(target)} is not a valid repository/tag: ${(error as Error).message}`,
      )
    }
    if (split.reference.digest) throw new CommandError('refusing to create a tag with a digest reference')
    await client.post(`/images/${source}/tag`, { repo: split.name, tag: split.tag ?? 'latest' })
    return 0
  },
}
