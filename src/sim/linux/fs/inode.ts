import { SystemError } from '../errors.ts'
import type { FileType, Stat } from '../file.ts'
import type { Credentials } from '../process.ts'

/** A mounted or mountable filesystem. */
export interface FileSystem {
  /** `ext4`, `tmpfs`, `overlay`, `proc`, … as `mount` prints it. */
  readonly type: string
  /** `/dev/vda`, `overlay`, `tmpfs`: the first column of `mount`. */
  readonly source: string
  /** Options that belong to the filesystem and not to the mount: `size=65536k,mode=755`. */
  readonly options: string
  readonly device: number
  readonly root: Inode
  readonly readonly?: boolean
  /** Bytes, for statfs(2). */
  usage(): { total: number; used: number; available: number }
}

/** Who looks: entries of /proc depend on it. */
export interface Viewer {
  credentials: Credentials
}

export interface InodeInit {
  type: FileType
  mode: number
  uid: number
  gid: number
  target?: string
  major?: number
  minor?: number
}

export interface WatchEvent {
  name: string
  kind: 'create' | 'modify' | 'delete'
}

/** A file of any type in any filesystem. Directory and data calls that a type lacks throw what Linux gives. */
export abstract class Inode {
  abstract readonly fs: FileSystem
  abstract readonly number: number
  abstract readonly type: FileType
  abstract mode: number
  abstract uid: number
  abstract gid: number
  abstract readonly size: number
  abstract readonly links: number
  abstract accessed: number
  abstract modified: number
  abstract changed: number
  abstract readonly major: number | undefined
  abstract readonly minor: number | undefined
  /** Contents are made when read (proc, sysfs, cgroup): an open file keeps what it read first. */
  abstract readonly generated: boolean
  watchers?: Set<(event: WatchEvent) => void>

  lookup(_name: string, _viewer?: Viewer): Inode | undefined {
    throw new SystemError('ENOTDIR')
  }
  /** In directory order, without `.` and `..`. */
  entries(_viewer?: Viewer): Iterable<readonly [string, { readonly type: FileType; readonly number: number }]> {
    throw new SystemError('ENOTDIR')
  }
  create(_name: string, _init: InodeInit): Inode {
    throw new SystemError('EPERM')
  }
  link(_name: string, _inode: Inode): void {
    throw new SystemError('EPERM')
  }
  /** Removes an entry that is not a directory. */
  unlink(_name: string): void {
    throw new SystemError('EPERM')
  }
  /** Removes an empty directory. */
  rmdir(_name: string): void {
    throw new SystemError('EPERM')
  }
  /** Moves an entry of this directory; replaces what is there (checked by the caller). */
  rename(_name: string, _to: Inode, _toName: string): void {
    throw new SystemError('EPERM')
  }
  readlink(_viewer?: Viewer): string {
    throw new SystemError('EINVAL')
  }
  readAt(_offset: number, _length: number, _viewer?: Viewer): Uint8Array {
    throw new SystemError(this.type === 'directory' ? 'EISDIR' : 'EINVAL')
  }
  writeAt(_offset: number, _bytes: Uint8Array, _viewer?: Viewer): void {
    throw new SystemError('EINVAL')
  }
  truncate(_size: number): void {
    throw new SystemError('EINVAL')
  }
  /** An inode whose attributes may be changed: an overlay copies up here. */
  forChange(): Inode {
    return this
  }
  getXattr(_name: string): string | undefined {
    return undefined
  }
  setXattr(_name: string, _value: string): void {
    throw new SystemError('EOPNOTSUPP')
  }
  xattrNames(): string[] {
    return []
  }
  notify(event: WatchEvent): void {
    if (this.watchers) for (const listener of [...this.watchers]) listener(event)
  }
}

export function statOf(inode: Inode): Stat {
  return {
    type: inode.type,
    inode: inode.number,
    device: inode.fs.device,
    mode: inode.mode,
    links: inode.links,
    uid: inode.uid,
    gid: inode.gid,
    size: inode.size,
    accessed: inode.accessed,
    modified: inode.modified,
    changed: inode.changed,
    ...(inode.major === undefined ? {} : { major: inode.major, minor: inode.minor ?? 0 }),
  }
}
