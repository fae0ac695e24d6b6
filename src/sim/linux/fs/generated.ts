import { SystemError } from '../errors.ts'
import type { FileType } from '../file.ts'
import { type FileSystem, Inode, type InodeInit, type Viewer } from './inode.ts'
import type { Location } from './mount.ts'
import type { Walker } from './walk.ts'

export interface GeneratedInit {
  fs: FileSystem
  number: number
  mode: number
  /** ms since 1970 shown as all three times. */
  time: number
  uid?: number
  gid?: number
  size?: number
}

/** An inode whose contents are made when looked at: /proc, /sys, cgroup files, /dev/pts. */
abstract class GeneratedInode extends Inode {
  override readonly fs: FileSystem
  override readonly number: number
  abstract override readonly type: FileType
  mode: number
  uid: number
  gid: number
  readonly size: number
  accessed: number
  modified: number
  changed: number
  override readonly generated = true
  readonly major: number | undefined = undefined
  readonly minor: number | undefined = undefined

  constructor(init: GeneratedInit) {
    super()
    this.fs = init.fs
    this.number = init.number
    this.mode = init.mode
    this.uid = init.uid ?? 0
    this.gid = init.gid ?? 0
    this.size = init.size ?? 0
    this.accessed = init.time
    this.modified = init.time
    this.changed = init.time
  }

  get links(): number {
    return this.type === 'directory' ? 2 : 1
  }
}

export interface FileBehaviour {
  read?: (viewer: Viewer | undefined) => string | Uint8Array
  /** Gets what one write(2) brought. Throws SystemError to refuse it. */
  write?: (text: string, viewer: Viewer | undefined) => void
}

export class GeneratedFile extends GeneratedInode {
  override readonly type = 'file'
  readonly #behaviour: FileBehaviour

  constructor(init: GeneratedInit, behaviour: FileBehaviour) {
    super(init)
    this.#behaviour = behaviour
  }

  override readAt(offset: number, length: number, viewer?: Viewer): Uint8Array {
    if (!this.#behaviour.read) throw new SystemError('EINVAL')
    const content = this.#behaviour.read(viewer)
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    return bytes.subarray(offset, offset + length)
  }

  override writeAt(_offset: number, bytes: Uint8Array, viewer?: Viewer): void {
    if (!this.#behaviour.write) throw new SystemError('EINVAL')
    this.#behaviour.write(new TextDecoder().decode(bytes), viewer)
  }

  override truncate(): void {}
}

export interface DirectoryBehaviour {
  lookup(name: string, viewer: Viewer | undefined): Inode | undefined
  names(viewer: Viewer | undefined): Iterable<string>
  mkdir?: (name: string, init: InodeInit) => Inode
  rmdir?: (name: string) => void
}

export class GeneratedDirectory extends GeneratedInode {
  override readonly type = 'directory'
  readonly #behaviour: DirectoryBehaviour

  constructor(init: GeneratedInit, behaviour: DirectoryBehaviour) {
    super(init)
    this.#behaviour = behaviour
  }

  override lookup(name: string, viewer?: Viewer): Inode | undefined {
    return this.#behaviour.lookup(name, viewer)
  }

  override *entries(viewer?: Viewer): Generator<readonly [string, Inode]> {
    for (const name of this.#behaviour.names(viewer)) {
      const inode = this.#behaviour.lookup(name, viewer)
      if (inode) yield [name, inode]
    }
  }

  override create(name: string, init: InodeInit): Inode {
    if (init.type !== 'directory' || !this.#behaviour.mkdir)
      throw new SystemError(this.fs.type === 'proc' ? 'ENOENT' : 'EACCES')
    return this.#behaviour.mkdir(name, init)
  }

  override rmdir(name: string): void {
    if (!this.#behaviour.rmdir) throw new SystemError('EPERM')
    this.#behaviour.rmdir(name)
  }
}

export class GeneratedLink extends GeneratedInode {
  override readonly type = 'symlink'
  readonly #target: (viewer: Viewer | undefined) => string

  constructor(init: GeneratedInit, target: (viewer: Viewer | undefined) => string) {
    super(init)
    this.#target = target
  }

  override readlink(viewer?: Viewer): string {
    return this.#target(viewer)
  }
}

/** A link that leads to a place and not to a path: /proc/PID/root, fd/N, ns/net. */
export class MagicLink extends GeneratedLink {
  readonly #follow: (walker: Walker) => Location

  constructor(
    init: GeneratedInit,
    target: (viewer: Viewer | undefined) => string,
    follow: (walker: Walker) => Location,
  ) {
    super(init, target)
    this.#follow = follow
  }

  follow(walker: Walker): Location {
    return this.#follow(walker)
  }
}

export class GeneratedDevice extends GeneratedInode {
  override readonly type = 'character'
  override readonly major: number
  override readonly minor: number

  constructor(init: GeneratedInit, major: number, minor: number) {
    super(init)
    this.major = major
    this.minor = minor
  }
}
