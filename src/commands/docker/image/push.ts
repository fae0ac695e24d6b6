import { repositoryOf } from '../../../sim/containers/images/reference.ts'
import type { DockerCommand } from '../cli/command.ts'
import { flags } from '../cli/flag.ts'
import { authHeader, showProgress, splitImage } from '../cli/pull.ts'
import { CommandError } from '../cli/session.ts'

export const push: DockerCommand = {
  paths: ['push', 'image push'],
  usage: '[OPTIONS] NAME[:TAG]',
  summary: 'Upload an image to a registry',
  aliases: 'docker image push, docker push',
  flags: flags`
  -a, --all-tags                Push all tags of an image to the repository
      --disable-content-trust   Skip image signing (default true)
  !1.46 --platform string         Push a platform-specific manifest as a single-platform image to the registry.
    |Image index won't be pushed, meaning that other manifests, including attestations won't be preserved.
    |'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)
  -q, --quiet                   Suppress verbose output
`,
  args: { min: 1, max: 1 },
  async run(session) {
    const { flags, args, client } = session
    const { reference, name, tag } = splitImage(args[0]!)
    const all = flags.bool('all-tags')
    const quiet = flags.bool('quiet')
    if (all && tag) throw new CommandError("tag can't be used with --all-tags/-a")
    if (!tag && !all && !quiet) await session.print('Using default tag: latest\n')
    const stream = await client.stream('POST', `/images/${name}/push`, {
      query: { tag: all ? undefined : (tag ?? 'latest') },
      headers: authHeader(session, reference.domain),
    })
    await showProgress(stream, quiet ? async () => {} : session.print, session.process.fds.get(1)?.tty !== undefined)
    if (quiet) await session.print(`${repositoryOf(reference)}:${tag ?? 'latest'}\n`)
    return 0
  },
}
