import { SystemError } from '../errors.ts'
import type { FileSystem, Inode } from './inode.ts'
import { crossMounts, type Location, Mount, type MountOptions } from './mount.ts'

export interface MountInit {
  fs: FileSystem
  /** Binds this file or directory of `fs` instead of the whole. */
  root?: Inode
  rootPath?: string
  source?: string
  options?: MountOptions
}

/** The mounts that a group of processes sees. */
export class MountNamespace {
  /** Inode number of /proc/PID/ns/mnt. */
  readonly id: number
  readonly #ids: () => number
  readonly #mounts = new Set<Mount>()
  #root: Location

  constructor(id: number, nextMountId: () => number, root: MountInit) {
    this.id = id
    this.#ids = nextMountId
    const mount = new Mount(nextMountId(), root)
    this.#mounts.add(mount)
    this.#root = { mount, inode: mount.root, parent: undefined, name: '/' }
  }

  get root(): Location {
    return this.#root
  }

  /** In the order they were made. */
  get mounts(): Iterable<Mount> {
    return this.#mounts
  }

  mount(at: Location, init: MountInit): Mount {
    const mount = new Mount(this.#ids(), { ...init, at })
    at.mount.cover(at.inode, mount)
    this.#mounts.add(mount)
    return mount
  }

  /** EINVAL when it is not mounted here; EBUSY while something is mounted below it. */
  unmount(mount: Mount): void {
    if (!mount.at || !this.#mounts.has(mount)) throw new SystemError('EINVAL')
    for (const _ of mount.children) throw new SystemError('EBUSY')
    mount.at.mount.uncover(mount.at.inode)
    this.#mounts.delete(mount)
  }

  /** umount -R / -l: with everything mounted below. */
  detach(mount: Mount): void {
    for (const child of [...mount.children]) this.detach(child)
    this.unmount(mount)
  }

  /** The mounts below one, deepest last. */
  below(mount: Mount): Mount[] {
    const found: Mount[] = []
    for (const child of mount.children) found.push(child, ...this.below(child))
    return found
  }

  /** A copy with the same tree (unshare -m). `translate` moves working folders and roots over. */
  clone(id: number): { namespace: MountNamespace; translate: (location: Location) => Location } {
    const old = this.#root.mount
    const copy = new MountNamespace(id, this.#ids, initOf(old))
    const copies = new Map<Mount, Mount>([[old, copy.#root.mount]])
    const translate = (location: Location): Location => ({
      mount: copies.get(location.mount) ?? location.mount,
      inode: location.inode,
      parent: location.parent && translate(location.parent),
      name: location.name,
    })
    for (const mount of this.#mounts) {
      if (mount === old || !mount.at) continue
      copies.set(mount, copy.mount(translate(mount.at), initOf(mount)))
    }
    return { namespace: copy, translate }
  }

  /** pivot_root(2): `newRoot`, a mount's root, becomes /, and the old root appears at `putOld` below it. */
  pivot(newRoot: Location, putOld: Location): void {
    const mount = newRoot.mount
    if (mount.root !== newRoot.inode || !mount.at) throw new SystemError('EINVAL')
    const oldRoot = this.#root.mount
    mount.at.mount.uncover(mount.at.inode)
    const moved = new Mount(mount.id, initOf(mount))
    for (const child of mount.children) if (child.at) moved.cover(child.at.inode, child)
    this.#mounts.delete(mount)
    const others = [...this.#mounts].filter((other) => other !== oldRoot)
    this.#mounts.clear()
    this.#mounts.add(moved)
    this.#root = { mount: moved, inode: moved.root, parent: undefined, name: '/' }
    const at = crossMounts({ mount: moved, inode: putOld.inode, parent: this.#root, name: putOld.name })
    const old = new Mount(oldRoot.id, { ...initOf(oldRoot), at })
    for (const child of oldRoot.children) if (child.at) old.cover(child.at.inode, child)
    at.mount.cover(at.inode, old)
    this.#mounts.add(old)
    for (const other of others) this.#mounts.add(other)
    this.#oldRoot = old
  }

  /** Where pivot_root left the old root, for umount. */
  #oldRoot: Mount | undefined
  get oldRoot(): Mount | undefined {
    return this.#oldRoot
  }
}

function initOf(mount: Mount): MountInit {
  return {
    fs: mount.fs,
    root: mount.root,
    rootPath: mount.rootPath,
    source: mount.source,
    options: { ...mount.options },
  }
}
