import {
  familiar,
  familiarName,
  InvalidReference,
  parseReference,
  repositoryOf,
  withDefaultTag,
} from '../../../sim/containers/images/reference.ts'
import { attachStreams, proxySignals } from './attach-streams.ts'
import { createRequest } from './container-options.ts'
import { DaemonError } from './engine-client.ts'
import { pullImage } from './pull.ts'
import { CommandError, type Session } from './session.ts'

const NO_TTY = 'the input device is not a TTY'

/** A failure of run or create, with the pointer to their help. */
function failure(session: Session, error: unknown, status = 125): CommandError {
  const text = error instanceof DaemonError ? error.text : (error as Error).message
  return new CommandError(`docker: ${text}\n\nRun 'docker ${session.path} --help' for more information`, status)
}

/** What exit status a container has that could not be started. */
function startStatus(message: string): number {
  if (/executable file not found|no such file or directory|system cannot find the file specified/.test(message))
    return 127
  if (message.includes('permission denied')) return 126
  return 125
}

export async function createContainer(
  session: Session,
): Promise<{ id: string; request: ReturnType<typeof createRequest> }> {
  const { client, flags, args } = session
  const [image = ''] = args
  const isId = /^(?:sha256:)?[0-9a-f]{64}$/.test(image)
  const pull = flags.string('pull') ?? 'missing'
  let request: ReturnType<typeof createRequest>
  try {
    if (!['always', 'missing', 'never', ''].includes(pull))
      throw new CommandError(`invalid pull option: '${pull}': must be one of "always", "missing" or "never"`)
    request = createRequest(session)
    if (!isId) parseReference(image)
  } catch (error) {
    if (error instanceof CommandError || error instanceof InvalidReference) throw failure(session, error)
    throw error
  }
  const cidFile = flags.string('cidfile')
  if (cidFile && session.process.files.exists(cidFile))
    throw failure(
      session,
      new Error(`container ID file found, make sure the other container isn't running or delete ${cidFile}`),
    )
  const options = { quiet: flags.bool('quiet'), print: session.printError }
  try {
    const platform = flags.string('platform')
    if (platform && platform !== 'linux/amd64' && !isId) await wrongPlatform(session, image, platform)
    if (pull === 'always' && !isId) await pullImage(session, image, options)
    const create = () =>
      client.post<{ Id: string; Warnings: string[] | null }>(
        '/containers/create',
        { name: flags.string('name'), platform: flags.string('platform') },
        request,
      )
    let made: { Id: string; Warnings: string[] | null }
    try {
      made = await create()
    } catch (error) {
      const missing = error instanceof DaemonError && error.status === 404 && error.message.startsWith('No such image')
      if (!missing || pull === 'never' || isId) throw error
      await session.printError(`Unable to find image '${familiar(withDefaultTag(parseReference(image)))}' locally\n`)
      await pullImage(session, image, options)
      made = await create()
    }
    for (const warning of made.Warnings ?? []) await session.printError(`WARNING: ${warning}\n`)
    if (cidFile) session.process.files.write(cidFile, made.Id)
    return { id: made.Id, request }
  } catch (error) {
    if (/create$/.test(session.path)) throw error
    if (error instanceof DaemonError || error instanceof CommandError) throw failure(session, error)
    throw error
  }
}

/** Images are there for one platform only: asking for another pulls, warns and fails. */
async function wrongPlatform(session: Session, image: string, platform: string): Promise<void> {
  const reference = withDefaultTag(parseReference(image))
  await session.printError(`Unable to find image '${familiar(reference)}' locally\n`)
  await pullImage(session, image, { print: session.printError })
  const found = 'was found but does not match the specified platform'
  const mismatch = `wanted ${platform}, actual: linux/amd64`
  await session.printError(`WARNING: image with reference ${repositoryOf(reference)} ${found}: ${mismatch}\n`)
  throw new CommandError(
    `Error response from daemon: image with reference ${familiarName(reference)} ${found}: ${mismatch}`,
  )
}

/** docker run: make, attach, start, wait. */
export async function runContainer(session: Session): Promise<number> {
  const { flags, process } = session
  const detach = flags.bool('detach')
  const tty = flags.bool('tty')
  if (detach && flags.has('attach'))
    throw new CommandError('conflicting options: cannot specify both --attach and --detach')
  if (!detach && tty && flags.bool('interactive') && process.fds.get(0)?.tty === undefined)
    throw new CommandError(NO_TTY)
  const { id, request } = await createContainer(session)
  if (detach) {
    await session.print(`${id}\n`)
    await start(session, id)
    return 0
  }
  return runAttached(session, id, {
    stdin: request.AttachStdin ?? false,
    stdout: request.AttachStdout ?? true,
    stderr: request.AttachStderr ?? true,
    tty,
    remove: flags.bool('rm'),
    proxySignals: flags.bool('sig-proxy'),
    detachKeys: flags.string('detach-keys'),
  })
}

/** Starts a container with this command's streams and settles with its exit status. */
export async function runAttached(
  session: Session,
  id: string,
  options: {
    stdin: boolean
    stdout: boolean
    stderr: boolean
    tty: boolean
    remove: boolean
    proxySignals: boolean
    detachKeys: string | undefined
  },
): Promise<number> {
  const { client } = session
  const { stdin, stdout, stderr, tty, detachKeys } = options
  const attached = attachStreams(session, { stdin, stdout, stderr, tty, detachKeys })
  if (!tty && options.proxySignals) proxySignals(session, id)
  try {
    await client.call('POST', `/containers/${id}/attach`, {
      query: { stream: 1, stdin: stdin ? 1 : 0, stdout: stdout ? 1 : 0, stderr: stderr ? 1 : 0 },
      upgrade: attached.streams,
    })
    const ended = client.post<{ StatusCode: number }>(`/containers/${id}/wait`, {
      condition: options.remove ? 'removed' : 'next-exit',
    })
    ended.catch(() => {})
    await start(session, id)
    attached.started()
    const result = await Promise.race([ended, attached.detached, attached.failed])
    return result?.StatusCode ?? 0
  } finally {
    attached.close()
  }
}

async function start(session: Session, id: string): Promise<void> {
  try {
    await session.client.post(`/containers/${id}/start`)
  } catch (error) {
    if (!(error instanceof DaemonError)) throw error
    throw failure(session, error, startStatus(error.message))
  }
}
