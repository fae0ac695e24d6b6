import { humanSize } from '../../../sim/containers/units.ts'
import { buildPairs, makeContext } from './build-context.ts'
import { CommandError, type Session } from './session.ts'

/** The builder is chosen before anything else is looked at. */
export async function deprecation(session: Session): Promise<void> {
  const choice = session.process.env.get('DOCKER_BUILDKIT')
  if (choice === '1' || choice === 'true')
    throw new CommandError(
      'ERROR: BuildKit is enabled but the buildx component is missing or broken.\n       Install the buildx component to build images with BuildKit:\n       https://docs.docker.com/go/buildx/',
    )
  const why =
    choice === undefined
      ? '            Install the buildx component to build images with BuildKit:\n            https://docs.docker.com/go/buildx/\n'
      : '            BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0\n            environment-variable.\n'
  await session.printError(
    `DEPRECATED: The legacy builder is deprecated and will be removed in a future release.\n${why}\n`,
  )
}

export async function buildImage(session: Session): Promise<number> {
  const { client, flags, process } = session
  const quiet = flags.bool('quiet')
  const { archive, dockerfile } = await makeContext(session)
  if (!quiet)
    await session.print(`Sending build context to Docker daemon ${humanSize(archive.length).padStart(8)}\r\r\n`)
  const stream = await client.stream('POST', '/build', {
    query: {
      t: flags.list('tag'),
      dockerfile,
      buildargs: JSON.stringify(buildPairs(session, flags.list('build-arg'))),
      labels: JSON.stringify(buildPairs(session, flags.list('label'))),
      target: flags.string('target'),
      nocache: flags.bool('no-cache') ? 1 : undefined,
      pull: flags.bool('pull') ? 1 : undefined,
      rm: flags.bool('rm') ? 1 : 0,
      q: quiet ? 1 : undefined,
    },
    body: archive,
  })
  let id = ''
  for await (const item of stream as AsyncIterable<{
    stream?: string
    error?: string
    errorDetail?: { code?: number }
    aux?: { ID: string }
  }>) {
    if (item.error !== undefined) throw new CommandError(item.error, item.errorDetail?.code || 1)
    if (item.aux) id = item.aux.ID
    if (item.stream) await session.print(item.stream)
  }
  const idFile = flags.string('iidfile')
  if (idFile) process.files.write(idFile, id)
  return 0
}
