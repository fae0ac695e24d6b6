import { canonical, withDefaultTag } from '../../../sim/containers/images/reference.ts'
import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { pullImage, splitImage } from '../cli/pull.ts'
import { CommandError } from '../cli/session.ts'

export const pull: DockerCommand = {
  paths: ['pull', 'image pull'],
  usage: '[OPTIONS] NAME[:TAG|@DIGEST]',
  summary: 'Download an image from a registry',
  aliases: 'docker image pull, docker pull',
  flags: flags`
  -a, --all-tags                Download all tagged images in the repository
      --disable-content-trust   Skip image verification (default true)
      --platform string         Set platform if server is multi-platform capable
  -q, --quiet                   Suppress verbose output
`,
  args: { min: 1, max: 1 },
  async run(session) {
    const { flags, args } = session
    const [image = ''] = args
    const { reference, tag } = splitImage(image)
    const all = flags.bool('all-tags')
    const quiet = flags.bool('quiet')
    if (all && tag) throw new CommandError("tag can't be used with --all-tags/-a")
    if (!tag && !all && !quiet) await session.print('Using default tag: latest\n')
    await pullImage(session, image, { quiet, all })
    await session.print(`${canonical(all ? reference : withDefaultTag(reference))}\n`)
    return 0
  },
}
