import { treeEntries } from '../../../sim/containers/api/container-files.ts'
import { isGzip } from '../../../sim/containers/archive/gzip.ts'
import { type TarEntry, writeTar } from '../../../sim/containers/archive/tar.ts'
import { absolute } from './container-options.ts'
import { ignoreRules } from './ignore.ts'
import { readAll } from './read-all.ts'
import { CommandError, type Session } from './session.ts'

/** What a build is sent: an archive, and the name of the Dockerfile in it. */
export interface SentContext {
  archive: Uint8Array
  dockerfile: string
  /** Files that .dockerignore kept back. */
  ignored: readonly string[]
}

/** Throws CommandError. `lenient`: a Dockerfile that is missing is the builder's business. */
export async function makeContext(
  session: Session,
  options: { lenient?: boolean; ownIgnoreFile?: boolean } = {},
): Promise<SentContext> {
  const { process, args, flags } = session
  const { files } = process
  const [path = ''] = args
  const wanted = flags.string('file')
  if (path === '-') {
    const bytes = await readAll(process.stdin)
    if (isGzip(bytes) || new TextDecoder().decode(bytes.subarray(257, 262)) === 'ustar')
      return { archive: bytes, dockerfile: wanted ?? 'Dockerfile', ignored: [] }
    return { archive: writeTar([file('Dockerfile', bytes)]), dockerfile: 'Dockerfile', ignored: [] }
  }
  if (/^(?:https?:\/\/|git:\/\/|git@|github\.com\/)/.test(path))
    throw new CommandError('not simulated: docker build of a URL')
  const folder = absolute(process.cwd, path)
  const prepare = (text: string) => new CommandError(`unable to prepare context: ${text}`)
  if (!files.exists(folder)) throw prepare(`path ${JSON.stringify(path)} not found`)
  if (files.stat(folder).type !== 'directory') throw prepare(`context must be a directory: ${folder}`)
  const stdinFile = wanted === '-' ? await readAll(process.stdin) : undefined
  const dockerfile = stdinFile ? '' : wanted === undefined ? `${folder}/Dockerfile` : absolute(process.cwd, wanted)
  const missing = !stdinFile && !files.exists(dockerfile)
  if (missing && !options.lenient)
    throw prepare(`unable to evaluate symlinks in Dockerfile path: lstat ${dockerfile}: no such file or directory`)
  const inside = dockerfile.startsWith(folder === '/' ? '/' : `${folder}/`)
    ? dockerfile.slice(folder === '/' ? 1 : folder.length + 1)
    : undefined
  const own = `${dockerfile}.dockerignore`
  const ignoreFile = options.ownIgnoreFile && files.exists(own) ? own : `${folder === '/' ? '' : folder}/.dockerignore`
  const leftOut = files.exists(ignoreFile) ? ignoreRules(files.readText(ignoreFile)) : () => false
  const ignored: string[] = []
  const kept = [...treeEntries(files, folder, '')].flatMap((entry) => {
    const name = entry.name.replace(/^\/+/, '').replace(/\/$/, '')
    if (name === '') return []
    if (leftOut(name) && name !== inside && name !== '.dockerignore') {
      ignored.push(name)
      return []
    }
    return [{ ...entry, name: entry.type === 'directory' ? `${name}/` : name, uid: 0, gid: 0 }]
  })
  if (inside !== undefined || missing)
    return { archive: writeTar(kept), dockerfile: inside ?? '.dockerfile.missing', ignored }
  const name = '.dockerfile.outside'
  const content = stdinFile ?? files.readBytes(dockerfile)
  return { archive: writeTar([...kept, file(name, content)]), dockerfile: name, ignored }
}

function file(name: string, content: Uint8Array): TarEntry {
  return { name, type: 'file', mode: 0o600, uid: 0, gid: 0, modified: 0, content }
}

/** `NAME=value`, or `NAME` for the environment's value. */
export function buildPairs(session: Session, list: readonly string[]): Record<string, string | undefined> {
  const { env } = session.process
  return Object.fromEntries(
    list.map((pair): [string, string | undefined] => {
      const equals = pair.indexOf('=')
      return equals >= 0 ? [pair.slice(0, equals), pair.slice(equals + 1)] : [pair, env.get(pair)]
    }),
  )
}
