import { SystemError } from '../../linux/errors.ts'
import type { Files } from '../../linux/file.ts'
import { mergeLayers } from '../../linux/fs/layer.ts'
import { snapshot } from '../../linux/fs/snapshot.ts'
import { rfc3339 } from '../../time/date.ts'
import { layerEntries, readTar, type TarEntry, writeTar } from '../archive/tar.ts'
import { ApiError } from '../docker/api-error.ts'
import type { DockerContainer } from '../docker/docker-container.ts'
import { type Call, empty, type Route } from './router.ts'

/** A container's files with its volumes, whether it runs or not. */
function filesOf(call: Call, container: DockerContainer): Files {
  const { kernel } = call.daemon
  const { namespaces } = container.runtime
  if (container.running && namespaces) return kernel.filesIn(namespaces.mnt)
  const namespace = kernel.newMountNamespace({ fs: container.runtime.rootfs() })
  const files = kernel.filesIn(namespace)
  for (const mount of container.mounts) {
    if (mount.Type === 'tmpfs') continue
    if (!files.exists(mount.Destination)) files.mkdir(mount.Destination, { parents: true, mode: 0o755 })
    kernel.mountIn(namespace, mount.Destination, {
      ...kernel.bindSource(mount.Source),
      options: mount.RW ? {} : { readonly: true },
    })
  }
  return files
}

/** A tree as archive entries under a name. */
export function* treeEntries(files: Files, path: string, name: string): Generator<TarEntry> {
  const stat = files.lstat(path)
  const common = { mode: stat.mode, uid: stat.uid, gid: stat.gid, modified: stat.modified }
  if (stat.type === 'directory') {
    yield { ...common, name: `${name}/`, type: 'directory' }
    for (const entry of files.list(path).sort((a, b) => (a.name < b.name ? -1 : 1)))
      yield* treeEntries(files, `${path === '/' ? '' : path}/${entry.name}`, `${name}/${entry.name}`)
  } else if (stat.type === 'symlink') yield { ...common, name, type: 'symlink', target: files.readlink(path) }
  else if (stat.type === 'file') yield { ...common, name, type: 'file', content: files.readBytes(path) }
  else if (stat.type === 'fifo') yield { ...common, name, type: 'fifo' }
  else if (stat.type !== 'socket')
    yield { ...common, name, type: stat.type, major: stat.major ?? 0, minor: stat.minor ?? 0 }
}

function pathStat(files: Files, path: string): string {
  const stat = files.lstat(path)
  const mode = stat.mode + (stat.type === 'directory' ? 2_147_483_648 : stat.type === 'symlink' ? 134_217_728 : 0)
  const linkTarget = stat.type === 'symlink' ? files.readlink(path) : ''
  return btoa(
    JSON.stringify({
      name: path.split('/').filter(Boolean).at(-1) ?? '/',
      size: stat.size,
      mode,
      mtime: rfc3339(stat.modified),
      linkTarget,
    }),
  )
}

function get(call: Call) {
  const container = call.daemon.get(call.params.id!)
  const path = call.query('path') ?? '/'
  const files = filesOf(call, container)
  try {
    const headers = { 'content-type': 'application/x-tar', 'x-docker-container-path-stat': pathStat(files, path) }
    if (call.request.method === 'HEAD') return { status: 200, headers }
    const clean = path.replace(/\/\.?$/, '')
    const name = path.endsWith('/.') ? '.' : (clean.split('/').at(-1) ?? '')
    return { status: 200, headers, body: writeTar(treeEntries(files, clean || '/', name || '/')) }
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    if (error.code === 'ENOENT')
      throw new ApiError(404, `Could not find the file ${path} in container ${call.params.id}`)
    throw new ApiError(500, error.message.toLowerCase())
  }
}

function put(call: Call) {
  const container = call.daemon.get(call.params.id!)
  const path = call.query('path') ?? '/'
  const files = filesOf(call, container)
  if (!files.exists(path)) throw new ApiError(404, `Could not find the file ${path} in container ${call.params.id}`)
  if (files.stat(path).type !== 'directory') throw new ApiError(400, 'extraction point is not a directory')
  if (container.hostConfig.ReadonlyRootfs) throw new ApiError(403, 'container rootfs is marked read-only')
  try {
    extract(files, path, readTar(call.request.body as Uint8Array))
  } catch (error) {
    if (error instanceof SystemError && error.code === 'EROFS')
      throw new ApiError(403, 'container rootfs is marked read-only')
    throw error
  }
  return empty(200)
}

/** Unpacks an archive below a folder. */
export function extract(files: Files, folder: string, entries: readonly TarEntry[]): void {
  const base = folder === '/' ? '' : folder.replace(/\/$/, '')
  for (const entry of entries) {
    const name = entry.name.replace(/^(\.?\/)+/, '').replace(/\/$/, '')
    if (name === '' || name.split('/').includes('..')) continue
    const path = `${base}/${name}`
    const parent = path.slice(0, path.lastIndexOf('/')) || '/'
    if (!files.exists(parent)) files.mkdir(parent, { parents: true, mode: 0o755 })
    if (entry.type === 'directory') {
      if (!files.exists(path)) files.mkdir(path, { mode: 0o755 })
    } else {
      if (existsAtAll(files, path)) {
        if (files.lstat(path).type === 'directory') files.removeTree(path)
        else files.unlink(path)
      }
      if (entry.type === 'symlink') files.symlink(entry.target ?? '', path)
      else if (entry.type === 'link') files.link(`${base}/${(entry.target ?? '').replace(/^(\.?\/)+/, '')}`, path)
      else if (entry.type === 'file') files.write(path, entry.content ?? '', { mode: 0o644 })
      else files.mknod(path, entry.type, { mode: entry.mode, major: entry.major, minor: entry.minor })
    }
    files.chown(path, entry.uid, entry.gid, { followLinks: false })
    if (entry.type !== 'symlink') {
      files.chmod(path, entry.mode)
      files.utimes(path, entry.modified, entry.modified)
    }
  }
}

function existsAtAll(files: Files, path: string): boolean {
  try {
    files.lstat(path)
    return true
  } catch {
    return false
  }
}

function exportTree(call: Call) {
  const { runtime } = call.daemon.get(call.params.id!)
  const merged = mergeLayers([
    ...runtime.image.image.layers.map((layer) => layer.tree),
    snapshot(runtime.root.lowers[0]!),
    snapshot(runtime.root.upper),
  ])
  return { status: 200, headers: { 'content-type': 'application/x-tar' }, body: writeTar(layerEntries(merged, false)) }
}

export const containerFiles: readonly Route[] = [
  { method: 'GET', path: '/containers/:id/archive', handle: get },
  { method: 'PUT', path: '/containers/:id/archive', handle: put },
  { method: 'GET', path: '/containers/:id/export', handle: exportTree },
]
