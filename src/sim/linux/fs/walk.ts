import { type ErrorCode, SystemError } from '../errors.ts'
import type { Credentials } from '../process.ts'
import type { Inode } from './inode.ts'
import { crossMounts, type Location, pathOf } from './mount.ts'

/** What path resolution needs to know of a process. */
export interface Walker {
  readonly root: Location
  readonly cwdLocation: Location
  readonly credentials: Credentials
}

/** Symbolic links that lead to a place instead of a path: /proc/PID/root, exe, fd/N, ns/net. */
export interface Followable {
  follow(walker: Walker): Location
}

function followable(inode: Inode): inode is Inode & Followable {
  return 'follow' in inode
}

/** Whether the credentials allow it: bits 4 read, 2 write, 1 execute. */
export function permitted(inode: Inode, who: Credentials, bits: number): boolean {
  const { mode } = inode
  if (who.capabilities.has('CAP_DAC_OVERRIDE'))
    return (bits & 1) === 0 || inode.type === 'directory' || (mode & 0o111) !== 0
  const { uid, gid } = who.outside ?? who
  const shift = inode.uid === uid ? 6 : inode.gid === gid || who.groups.includes(inode.gid) ? 3 : 0
  return ((mode >> shift) & bits) === bits
}

/** Finds an existing file. ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG. */
export function resolve(walker: Walker, path: string, followLast = true): Location {
  const found = walk(walker, path, followLast)
  if (typeof found === 'string') throw new SystemError(found, path)
  if (!found.location) throw new SystemError('ENOENT', path)
  return found.location
}

/** As resolve, but undefined when it can't be found for whatever reason. */
export function tryResolve(walker: Walker, path: string, followLast = true): Location | undefined {
  const found = walk(walker, path, followLast)
  return typeof found === 'string' ? undefined : found.location
}

export interface ParentAndName {
  parent: Location
  name: string
  /** What is there now, links not followed. */
  location: Location | undefined
  /** The path ended in a slash. */
  directory: boolean
}

/** Finds the directory that does or would hold the last component. With `follow`, through dangling links. */
export function resolveParent(walker: Walker, path: string, follow = false): ParentAndName {
  const found = walk(walker, path, follow)
  if (typeof found === 'string') throw new SystemError(found, path)
  if (!found.parent) throw new SystemError('EEXIST', path)
  return {
    parent: found.parent,
    name: found.name,
    location: found.location,
    directory: path.endsWith('/'),
  }
}

interface Found {
  parent: Location | undefined
  name: string
  location: Location | undefined
}

function walk(walker: Walker, path: string, followLast: boolean): Found | ErrorCode {
  if (path === '') return 'ENOENT'
  const start = path.startsWith('/') ? walker.root : walker.cwdLocation
  return walkFrom(walker, start, path, followLast, { links: 0 })
}

/** Errors are returned: looking for what isn't there is common, and making an Error is slow. */
function walkFrom(
  walker: Walker,
  from: Location,
  path: string,
  followLast: boolean,
  count: { links: number },
): Found | ErrorCode {
  if (path.length > 4096) return 'ENAMETOOLONG'
  const parts = path.split('/').filter((part) => part !== '' && part !== '.')
  let at = from
  let found: Found = { parent: parts.length === 0 ? undefined : at.parent, name: at.name, location: at }
  for (let i = 0; i < parts.length; i++) {
    const name = parts[i]!
    const last = i === parts.length - 1
    if (at.inode.type !== 'directory') return 'ENOTDIR'
    if (!permitted(at.inode, walker.credentials, 1)) return 'EACCES'
    if (name.length > 255) return 'ENAMETOOLONG'
    if (name === '..') {
      at = up(walker, at)
      found = { parent: undefined, name, location: at }
      continue
    }
    const inode = at.inode.lookup(name, walker)
    if (!inode) return last ? { parent: at, name, location: undefined } : 'ENOENT'
    const next = crossMounts({ mount: at.mount, inode, parent: at, name })
    if (next.inode.type === 'symlink' && (!last || followLast || path.endsWith('/'))) {
      if (++count.links > 40) return 'ELOOP'
      if (followable(next.inode)) {
        at = next.inode.follow(walker)
        found = { parent: at.parent, name: at.name, location: at }
        continue
      }
      const target = next.inode.readlink(walker)
      const reached = walkFrom(walker, target.startsWith('/') ? walker.root : at, target, true, count)
      if (typeof reached === 'string') return reached
      if (!reached.location) return last ? reached : 'ENOENT'
      found = reached
      at = reached.location
    } else {
      found = { parent: at, name, location: next }
      at = next
    }
  }
  if (path.endsWith('/') && parts.length > 0 && found.location && found.location.inode.type !== 'directory')
    return 'ENOTDIR'
  return found
}

function up(walker: Walker, at: Location): Location {
  if (at.inode === walker.root.inode && at.mount === walker.root.mount) return at
  return at.parent ?? at
}

/** The path as the process would name it. */
export function walkerPath(walker: Walker, location: Location): string {
  return pathOf(location, walker.root)
}
