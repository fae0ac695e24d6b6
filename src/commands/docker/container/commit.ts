import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { splitImage } from '../cli/pull.ts'

export const commit: DockerCommand = {
  paths: ['commit', 'container commit'],
  usage: '[OPTIONS] CONTAINER [REPOSITORY[:TAG]]',
  summary: "Create a new image from a container's changes",
  aliases: 'docker container commit, docker commit',
  flags: flags`
  -a, --author string    Author (e.g., "John Hannibal Smith <hannibal@a-team.com>")
  -c, --change list      Apply Dockerfile instruction to the created image
  -m, --message string   Commit message
  -p, --pause            Pause container during commit (default true)
`,
  args: { min: 1, max: 2 },
  async run({ client, flags, args, print }) {
    const [name = '', target] = args
    let repo: string | undefined
    let tag: string | undefined
    if (target !== undefined) {
      const split = splitImage(target)
      repo = split.name
      tag = split.tag
    }
    const { Id } = await client.post<{ Id: string }>('/commit', {
      container: name,
      repo,
      tag,
      author: flags.string('author'),
      comment: flags.string('message'),
      changes: flags.list('change'),
      pause: flags.bool('pause'),
    })
    await print(`${Id}\n`)
    return 0
  },
}
