import { treeEntries } from '../../../sim/containers/api/container-files.ts'
import { isGzip } from '../../../sim/containers/archive/gzip.ts'
import { type TarEntry, writeTar } from '../../../sim/containers/archive/tar.ts'
import { humanSize } from '../../../sim/containers/units.ts'
import { absolute } from './container-options.ts'
import { ignoreRules } from './ignore.ts'
import { readAll } from './read-all.ts'
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

interface Context {
  archive: Uint8Array
  dockerfile: string
}

async function makeContext(session: Session): Promise<Context> {
  const { process, args, flags } = session
  const { files } = process
  const [path = ''] = args
  const wanted = flags.string('file')
  if (path === '-') {
    const bytes = await readAll(process.stdin)
    if (isGzip(bytes) || new TextDecoder().decode(bytes.subarray(257, 262)) === 'ustar')
      return { archive: bytes, dockerfile: wanted ?? 'Dockerfile' }
    const entry: TarEntry = {
      name: 'Dockerfile',
      type: 'file',
      mode: 0o600,
      uid: 0,
      gid: 0,
      modified: 0,
      content: bytes,
    }
    return { archive: writeTar([entry]), dockerfile: 'Dockerfile' }
  }
  if (/^(?:https?:\/\/|git@|github\.com\/)/.test(path)) throw new CommandError('not simulated: docker build of a URL')
  const folder = absolute(process.cwd, path)
  const prepare = (text: string) => new CommandError(`unable to prepare context: ${text}`)
  if (!files.exists(folder)) throw prepare(`path ${JSON.stringify(path)} not found`)
  if (files.stat(folder).type !== 'directory') throw prepare(`context must be a directory: ${folder}`)
  const stdinFile = wanted === '-' ? await readAll(process.stdin) : undefined
  const dockerfile = stdinFile ? '' : wanted === undefined ? `${folder}/Dockerfile` : absolute(process.cwd, wanted)
  if (!stdinFile && !files.exists(dockerfile))
    throw prepare(`unable to evaluate symlinks in Dockerfile path: lstat ${dockerfile}: no such file or directory`)
  const inside = dockerfile.startsWith(folder === '/' ? '/' : `${folder}/`)
    ? dockerfile.slice(folder === '/' ? 1 : folder.length + 1)
    : undefined
  const ignoreFile = `${folder === '/' ? '' : folder}/.dockerignore`
  const ignored = files.exists(ignoreFile) ? ignoreRules(files.readText(ignoreFile)) : () => false
  const kept = [...treeEntries(files, folder, '')].flatMap((entry) => {
    const name = entry.name.replace(/^\/+/, '').replace(/\/$/, '')
    if (name === '') return []
    const always = name === inside || name === '.dockerignore'
    if (ignored(name) && !always) return []
    return [{ ...entry, name: entry.type === 'directory' ? `${name}/` : name, uid: 0, gid: 0 }]
  })
  if (inside !== undefined) return { archive: writeTar(kept), dockerfile: inside }
  const name = '.dockerfile.outside'
  const content = stdinFile ?? files.readBytes(dockerfile)
  return {
    archive: writeTar([...kept, { name, type: 'file', mode: 0o600, uid: 0, gid: 0, modified: 0, content }]),
    dockerfile: name,
  }
}

export async function buildImage(session: Session): Promise<number> {
  const { client, flags, process } = session
  const quiet = flags.bool('quiet')
  const { archive, dockerfile } = await makeContext(session)
  const pairs = (list: readonly string[]) =>
    Object.fromEntries(
      list.flatMap((pair): [string, string | undefined][] => {
        const equals = pair.indexOf('=')
        if (equals >= 0) return [[pair.slice(0, equals), pair.slice(equals + 1)]]
        return process.env.has(pair) ? [[pair, process.env.get(pair)]] : [[pair, undefined]]
      }),
    )
  if (!quiet)
    await session.print(`Sending build context to Docker daemon ${humanSize(archive.length).padStart(8)}\r\r\n`)
  const stream = await client.stream('POST', '/build', {
    query: {
      t: flags.list('tag'),
      dockerfile,
      buildargs: JSON.stringify(pairs(flags.list('build-arg'))),
      labels: JSON.stringify(pairs(flags.list('label'))),
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
