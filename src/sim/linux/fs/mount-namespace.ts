import { SystemError } from '../errors.ts'
import type { FileSystem, Inode } from './inode.ts'
import { type Location, Mount, type MountOptions } from './mount.ts'

export interface MountInit {
  fs: FileSystem
  /** Binds this file or directory of `fs` instead of the whole. */
  root?: Inode
  rootPath?: string
  source?: string
  options?: MountOptions
}

interface RootLocation {
  mount: Mount
  inode: Inode
  parent: Location | undefined
  name: string
}

interface DeferredMounts {
  place: 'first' | 'last'
  make: () => void
}

/** The mounts that a group of processes sees. */
export class MountNamespace {
  /** Inode number of /proc/PID/ns/mnt. */
  readonly id: number
  readonly #ids: () => number
  readonly #mounts = new Set<Mount>()
  readonly #mountsLater: DeferredMounts[] = []
  #root: RootLocation

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
    this.#root.mount.prepare?.()
    return this.#mounts
  }

  /**
   * Mounts that are made only when somebody looks below one of these folders of the root (`proc`, `sys`, `dev`), or
   * lists the mounts: most of ten thousand containers never do. `first` ones are listed right after the root.
   */
  mountLater(names: readonly string[], place: 'first' | 'last', make: () => void): void {
    this.#mountsLater.push({ place, make })
    const root = this.#root.mount
    root.preparedNames = new Set([...(root.preparedNames ?? []), ...names])
    root.prepare = () => this.#mountDeferred(root)
  }

  #mountDeferred(root: Mount): void {
    root.prepare = undefined
    root.preparedNames = undefined
    const deferred = this.#mountsLater.splice(0)
    const before = [...this.#mounts].slice(1)
    for (const { place, make } of deferred) if (place === 'first') make()
    for (const mount of before) {
      this.#mounts.delete(mount)
      this.#mounts.add(mount)
    }
    for (const { place, make } of deferred) if (place === 'last') make()
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
    old.prepare?.()
    const copy = new MountNamespace(id, this.#ids, initOf(old))
    const copies = new Map<Mount, Mount>([[old, copy.#root.mount]])
    // Places keep their identity: all ways up end in the copy's own root.
    const places = new Map<Location, Location>([[this.#root, copy.#root]])
    const translate = (location: Location): Location => {
      let place = places.get(location)
      if (!place) {
        const mount = copies.get(location.mount) ?? location.mount
        place = { ...location, mount, parent: location.parent && translate(location.parent) }
        places.set(location, place)
      }
      return place
    }
    for (const mount of this.#mounts) {
      if (mount === old || !mount.at) continue
      copies.set(mount, copy.mount(translate(mount.at), initOf(mount)))
    }
    return { namespace: copy, translate }
  }

  /** pivot_root(2): `newRoot`, a mount's root, becomes /, and the old root appears at `putOld` below it. EINVAL. */
  pivot(newRoot: Location, putOld: Location): void {
    const { mount } = newRoot
    if (mount.root !== newRoot.inode || !mount.at) throw new SystemError('EINVAL')
    const root: RootLocation = { mount, inode: mount.root, parent: undefined, name: '/' }
    const at = rebase(putOld, root)
    if (!at) throw new SystemError('EINVAL')
    mount.at.mount.uncover(mount.at.inode)
    mount.at = undefined
    const old = this.#root
    // Every path below the old root ends in this one location, so all of them move with it.
    old.parent = at.parent ?? root
    old.name = at.name
    old.mount.at = at
    at.mount.cover(at.inode, old.mount)
    this.#root = root
    const others = [...this.#mounts].filter((other) => other !== mount)
    this.#mounts.clear()
    for (const each of [mount, ...others]) this.#mounts.add(each)
  }
}

/** The same place, with the way up ending in `root`; undefined when it isn't below it. */
function rebase(location: Location, root: Location): Location | undefined {
  if (location.mount === root.mount && location.inode === root.inode) return root
  const parent = location.parent && rebase(location.parent, root)
  return parent && { ...location, parent }
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
