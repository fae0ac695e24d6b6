import { extract, treeEntries } from '../../../sim/containers/api/container-files.ts'
import { readTar, type TarEntry, writeTar } from '../../../sim/containers/archive/tar.ts'
import { humanSize } from '../../../sim/containers/units.ts'
import { SystemError } from '../../../sim/linux/errors.ts'
import { absolute } from './container-options.ts'
import { DaemonError, segment } from './engine-client.ts'
import { readAll } from './read-all.ts'
import { CommandError, type Session } from './session.ts'

/** `name:/path` → container and path; a local path has no container. */
function split(text: string): { container?: string; path: string } {
  if (text.startsWith('/') || text.startsWith('.')) return { path: text }
  const colon = text.indexOf(':')
  return colon < 0 ? { path: text } : { container: text.slice(0, colon), path: text.slice(colon + 1) }
}

export async function copyFiles(session: Session): Promise<number> {
  const [from, to] = session.args.map(split) as [ReturnType<typeof split>, ReturnType<typeof split>]
  if (from.container !== undefined && to.container !== undefined)
    throw new CommandError('copying between containers is not supported')
  if (from.container !== undefined) return copyOut(session, from.container, from.path, to.path)
  if (to.container !== undefined) return copyIn(session, from.path, to.container, to.path)
  throw new CommandError('must specify at least one container source')
}

async function copyOut(session: Session, container: string, source: string, target: string): Promise<number> {
  const { client, process, flags } = session
  const path = source.startsWith('/') ? source : `/${source}`
  const archive = async (wanted: string) => {
    const { body, headers } = await client.call('GET', `/containers/${segment(container)}/archive`, {
      query: { path: wanted },
    })
    const stat = JSON.parse(atob(headers['x-docker-container-path-stat'] ?? btoa('{}'))) as { linkTarget?: string }
    return { bytes: body as Uint8Array, stat }
  }
  let { bytes, stat } = await archive(path)
  if (stat.linkTarget && flags.bool('follow-link'))
    ({ bytes, stat } = await archive(absolute(path.slice(0, path.lastIndexOf('/')) || '/', stat.linkTarget)))
  if (target === '-') {
    await process.stdout.write(bytes)
    return 0
  }
  const { files, credentials } = process
  // Without --archive the copy belongs to whoever made it.
  const owner = flags.bool('archive') ? {} : { uid: credentials.uid, gid: credentials.gid }
  const entries = readTar(bytes).map((entry) => ({ ...entry, ...owner }))
  const destination = absolute(process.cwd, target)
  const exists = files.exists(destination)
  const isDirectory = exists && files.stat(destination).type === 'directory'
  const [first] = entries
  const root = first?.name.replace(/\/$/, '') ?? ''
  const parent = destination.slice(0, destination.lastIndexOf('/')) || '/'
  if (!exists && !files.exists(parent))
    throw new CommandError(`invalid output path: directory ${JSON.stringify(parent)} does not exist`)
  if (!exists && target.endsWith('/') && first?.type !== 'directory') throw new CommandError(`no such directory`)
  if (isDirectory) extract(files, destination, entries)
  else if (exists && first?.type === 'directory') throw new CommandError('cannot copy directory')
  else extract(files, parent, renamed(entries, root, destination.split('/').at(-1)!))
  const size = entries.reduce((sum, entry) => sum + (entry.content?.length ?? 0), 0)
  if (!flags.bool('quiet') && process.fds.get(2)?.tty)
    await session.printError(`Successfully copied ${copied(size, entries.length)} to ${destination}\n`)
  return 0
}

async function copyIn(session: Session, source: string, container: string, target: string): Promise<number> {
  const { client, process, flags } = session
  let path = target.startsWith('/') ? target : `/${target}`
  let entries: TarEntry[]
  if (source === '-') {
    const stat = await statIn(session, container, path)
    if (!stat?.directory)
      throw new CommandError(`destination ${JSON.stringify(`${container}:${target}`)} must be a directory`)
    entries = readTar(await readAll(process.stdin))
  } else {
    const from = absolute(process.cwd, source)
    let isDirectory: boolean
    try {
      isDirectory = process.files.stat(from).type === 'directory'
    } catch (error) {
      if (error instanceof SystemError) throw new CommandError(`lstat ${from}: ${error.message.toLowerCase()}`)
      throw error
    }
    const contentOnly = source.endsWith('/.') || source === '.'
    const name = contentOnly ? '.' : (from.split('/').at(-1) ?? '')
    entries = [...treeEntries(process.files, from, name)].map((entry) =>
      flags.bool('archive') ? entry : { ...entry, uid: 0, gid: 0 },
    )
    const stat = await statIn(session, container, path)
    if (stat === undefined || !stat.directory) {
      if (target.endsWith('/') && !isDirectory) throw new CommandError('no such directory')
      if (stat !== undefined && isDirectory) throw new CommandError('cannot copy directory')
      // The target is a name: it goes into the folder above under that name.
      const base = path.replace(/\/$/, '').split('/').at(-1)!
      entries = renamed(entries, name, base)
      path = path.replace(/\/$/, '').slice(0, path.replace(/\/$/, '').lastIndexOf('/')) || '/'
    }
  }
  await client.call('PUT', `/containers/${segment(container)}/archive`, {
    query: { path, noOverwriteDirNonDir: 'true' },
    body: writeTar(entries),
  })
  const size = entries.reduce((sum, entry) => sum + (entry.content?.length ?? 0), 0)
  if (!flags.bool('quiet') && process.fds.get(2)?.tty)
    await session.printError(`Successfully copied ${copied(size, entries.length)} to ${container}:${target}\n`)
  return 0
}

async function statIn(session: Session, container: string, path: string): Promise<{ directory: boolean } | undefined> {
  try {
    const { headers } = await session.client.call('HEAD', `/containers/${segment(container)}/archive`, {
      query: { path },
    })
    const { mode } = JSON.parse(atob(headers['x-docker-container-path-stat'] ?? '')) as { mode: number }
    return { directory: mode >= 2_147_483_648 }
  } catch (error) {
    if (error instanceof DaemonError && error.status === 404 && error.message.startsWith('Could not find'))
      return undefined
    throw error
  }
}

function renamed(entries: readonly TarEntry[], root: string, base: string): TarEntry[] {
  return entries.map((entry) =>
    entry.name === root || entry.name.startsWith(`${root}/`)
      ? { ...entry, name: base + entry.name.slice(root.length) }
      : entry,
  )
}

/** Bytes that went over: contents in blocks, with the archive's headers. */
function copied(size: number, count: number): string {
  return humanSize(Math.ceil(size / 512) * 512 + count * 512 + 1024, 3)
}
