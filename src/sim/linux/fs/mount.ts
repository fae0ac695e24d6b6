import type { FileSystem, Inode } from './inode.ts'

/** A file as reached by a path: the mount it was found in, and the way up. */
export interface Location {
  readonly mount: Mount
  readonly inode: Inode
  /** The directory it was found in; undefined at the root of a mount namespace. */
  readonly parent: Location | undefined
  readonly name: string
}

export interface MountOptions {
  readonly?: boolean
  nosuid?: boolean
  nodev?: boolean
  noexec?: boolean
  /** Replaces `rw,relatime` etc. wholly in what `mount` prints for the mount itself. */
  flags?: string
}

/** One entry of a mount namespace. */
export class Mount {
  readonly id: number
  readonly fs: FileSystem
  /** What is visible at the mount point: the filesystem's root, or the bound directory or file. */
  readonly root: Inode
  /** Path of `root` within its filesystem, as mountinfo's fourth field. */
  readonly rootPath: string
  /** The covered directory or file; undefined for the namespace's root. */
  at: Location | undefined
  /** First column of `mount`. */
  readonly source: string
  options: MountOptions
  /** Set on a root whose further mounts are made when a path enters one of the names. */
  prepare: (() => void) | undefined
  preparedNames: ReadonlySet<string> | undefined
  /** Mounts on files of this mount, by the covered inode. */
  #children: Map<Inode, Mount> | undefined

  constructor(
    id: number,
    init: {
      fs: FileSystem
      root?: Inode
      rootPath?: string
      at?: Location
      source?: string
      options?: MountOptions
    },
  ) {
    this.id = id
    this.fs = init.fs
    this.root = init.root ?? init.fs.root
    this.rootPath = init.rootPath ?? '/'
    this.at = init.at
    this.source = init.source ?? init.fs.source
    this.options = init.options ?? {}
  }

  get readonly(): boolean {
    return this.options.readonly === true || this.fs.readonly === true
  }

  over(inode: Inode): Mount | undefined {
    return this.#children?.get(inode)
  }

  get children(): Iterable<Mount> {
    return this.#children?.values() ?? []
  }

  cover(inode: Inode, mount: Mount): void {
    this.#children ??= new Map()
    this.#children.set(inode, mount)
  }

  uncover(inode: Inode): void {
    this.#children?.delete(inode)
  }

  /** `rw,nosuid,relatime` */
  get flags(): string {
    if (this.options.flags !== undefined) return this.options.flags
    const { nosuid, nodev, noexec } = this.options
    return [
      this.options.readonly ? 'ro' : 'rw',
      ...(nosuid ? ['nosuid'] : []),
      ...(nodev ? ['nodev'] : []),
      ...(noexec ? ['noexec'] : []),
      'relatime',
    ].join(',')
  }
}

/** Goes down into whatever is mounted at a place. */
export function crossMounts(location: Location): Location {
  let at = location
  const { mount: below } = location
  if (below.preparedNames?.has(location.name) && location.parent?.inode === below.root) below.prepare?.()
  for (let mount = at.mount.over(at.inode); mount; mount = mount.over(mount.root))
    at = { mount, inode: mount.root, parent: at.parent, name: at.name }
  return at
}

/** The path from `root` down to the location; `(unreachable)/…` when it is not below it. */
export function pathOf(location: Location, root?: Location): string {
  const names: string[] = []
  let at: Location | undefined = location
  while (at) {
    if (root && at.inode === root.inode && at.mount === root.mount) return `/${names.reverse().join('/')}`
    if (at.parent) names.push(at.name)
    at = at.parent
  }
  const path = `/${names.reverse().join('/')}`
  return root?.parent ? `(unreachable)${path}` : path
}
