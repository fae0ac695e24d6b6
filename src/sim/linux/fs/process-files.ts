import { type ErrorCode, SystemError } from '../errors.ts'
import type { DirectoryEntry, Files, OpenFile, OpenOptions, Stat } from '../file.ts'
import { DescriptorInode } from './descriptor-inode.ts'
import { type Inode, type InodeInit, statOf } from './inode.ts'
import type { Location } from './mount.ts'
import { RegularFile } from './regular-file.ts'
import { permitted, resolve, resolveParent, tryResolve, type Walker, walkerPath } from './walk.ts'

/** The process that makes the calls. */
export interface FileCaller extends Walker {
  readonly umask: number
  readonly maxFileSize: number | undefined
  /** Opens a device, FIFO or terminal. */
  openSpecial(location: Location, path: string, options: OpenOptions): OpenFile
  /** Gives a new description to the process. */
  bind(file: OpenFile): OpenFile
  wallClock(): number
  /** Accounts the CPU time of a system call. */
  charge(ms: number): void
}

const SYSCALL = 0.004

/** Path calls of one process. */
export class ProcessFiles implements Files {
  readonly #caller: FileCaller

  constructor(caller: FileCaller) {
    this.#caller = caller
  }

  open(path: string, options: OpenOptions = { read: true }): OpenFile {
    const { location, description } = this.#open(path, options)
    if (location.inode instanceof DescriptorInode) {
      const same = location.inode.description
      same.retain()
      return this.#caller.bind(same)
    }
    return this.#caller.bind(description ?? this.#caller.openSpecial(location, path, options))
  }

  readBytes(path: string): Uint8Array {
    const file = this.#file(path, { read: true })
    const size = file.inode.generated ? 1 << 30 : file.inode.size
    const bytes = file.readNow(size)
    file.release()
    return bytes
  }

  readText(path: string): string {
    return new TextDecoder().decode(this.readBytes(path))
  }

  write(path: string, content: string | Uint8Array, options: { append?: boolean; mode?: number } = {}): void {
    const file = this.#file(path, {
      write: true,
      create: true,
      append: options.append === true,
      truncate: options.append !== true,
      mode: options.mode ?? 0o666,
    })
    file.writeNow(typeof content === 'string' ? new TextEncoder().encode(content) : content)
    file.release()
  }

  stat(path: string): Stat {
    return statOf(this.#resolve(path).inode)
  }

  lstat(path: string): Stat {
    return statOf(this.#resolve(path, false).inode)
  }

  exists(path: string): boolean {
    this.#caller.charge(SYSCALL)
    return tryResolve(this.#caller, path) !== undefined
  }

  access(path: string, want: { read?: boolean; write?: boolean; execute?: boolean }): boolean {
    try {
      const { inode, mount } = this.#resolve(path)
      const bits = (want.read ? 4 : 0) | (want.write ? 2 : 0) | (want.execute ? 1 : 0)
      if (want.write && mount.readonly) return false
      return permitted(inode, this.#caller.credentials, bits)
    } catch (error) {
      if (error instanceof SystemError) return false
      throw error
    }
  }

  list(path: string): DirectoryEntry[] {
    const { inode, mount } = this.#resolve(path)
    if (inode.type !== 'directory') throw new SystemError('ENOTDIR', path)
    this.#need(inode, 4, path)
    const entries: DirectoryEntry[] = []
    for (const [name, entry] of inode.entries(this.#caller)) {
      const over = mount.over(entry as Inode)
      entries.push({ name, type: over?.root.type ?? entry.type, inode: over?.root.number ?? entry.number })
    }
    this.#caller.charge(entries.length * 0.0005)
    return entries
  }

  mkdir(path: string, options: { parents?: boolean; mode?: number } = {}): void {
    if (options.parents) {
      this.#makeAll(path, options.mode ?? 0o777, 'EEXIST')
      return
    }
    const { parent, name, location } = resolveParent(this.#caller, path)
    if (location) throw new SystemError('EEXIST', path)
    this.#create(parent, name, { type: 'directory', mode: options.mode ?? 0o777 }, path)
  }

  /** From the end: most of a path is there already. `other` is what it means that something else is in its place. */
  #makeAll(path: string, mode: number, other: ErrorCode): void {
    const known = tryResolve(this.#caller, path)
    if (known?.inode.type === 'directory') return
    if (known) throw new SystemError(other, path)
    const cut = path.replace(/\/+$/, '').lastIndexOf('/')
    if (cut > 0) this.#makeAll(path.slice(0, cut), mode, 'ENOTDIR')
    if (!/(^|\/)\.\.?\/*$/.test(path)) this.mkdir(path, { mode })
  }

  rmdir(path: string): void {
    if (/(^|\/)\.\/*$/.test(path)) throw new SystemError('EINVAL', path)
    if (/(^|\/)\.\.\/*$/.test(path)) throw new SystemError('ENOTEMPTY', path)
    const { parent, name, location } = this.#existing(path)
    if (location.inode.type !== 'directory') throw new SystemError('ENOTDIR', path)
    this.#removable(parent, location, path)
    this.#with(path, () => parent.inode.rmdir(name))
    this.#removed(location)
  }

  unlink(path: string): void {
    const { parent, name, location } = this.#existing(path)
    if (location.inode.type === 'directory') throw new SystemError('EISDIR', path)
    this.#removable(parent, location, path)
    this.#with(path, () => parent.inode.unlink(name))
    this.#removed(location)
  }

  removeTree(path: string): void {
    const { location } = this.#existing(path)
    if (location.inode.type === 'directory') {
      for (const { name } of this.list(path)) this.removeTree(`${path}/${name}`)
      this.rmdir(path)
    } else this.unlink(path)
  }

  rename(from: string, to: string): void {
    const source = this.#existing(from)
    const target = resolveParent(this.#caller, to)
    if (source.parent.mount !== target.parent.mount) throw new SystemError('EXDEV', to)
    this.#removable(source.parent, source.location, from)
    const old = target.location
    if (old) {
      if (old.inode === source.location.inode) return
      if (old.inode.type === 'directory' && source.location.inode.type !== 'directory')
        throw new SystemError('EISDIR', to)
      if (old.inode.type !== 'directory' && source.location.inode.type === 'directory')
        throw new SystemError('ENOTDIR', to)
      this.#removable(target.parent, old, to)
      if (old.inode.type === 'directory')
        for (const _ of old.inode.entries(this.#caller)) throw new SystemError('ENOTEMPTY', to)
    } else this.#writable(target.parent, to)
    for (let at: Location | undefined = target.parent; at; at = at.parent)
      if (at.inode === source.location.inode) throw new SystemError('EINVAL', to)
    this.#with(from, () => source.parent.inode.rename(source.name, target.parent.inode, target.name))
    this.#removed(source.location)
    target.parent.inode.notify({ name: target.name, kind: 'create' })
  }

  link(existing: string, path: string): void {
    const source = this.#resolve(existing, false)
    if (source.inode.type === 'directory') throw new SystemError('EPERM', existing)
    const { parent, name, location } = resolveParent(this.#caller, path)
    if (location) throw new SystemError('EEXIST', path)
    if (source.mount !== parent.mount) throw new SystemError('EXDEV', path)
    this.#writable(parent, path)
    this.#with(path, () => parent.inode.link(name, source.inode))
    parent.inode.notify({ name, kind: 'create' })
  }

  symlink(target: string, path: string): void {
    const { parent, name, location } = resolveParent(this.#caller, path)
    if (location) throw new SystemError('EEXIST', path)
    if (target === '') throw new SystemError('ENOENT', path)
    this.#create(parent, name, { type: 'symlink', mode: 0o777, target }, path)
  }

  readlink(path: string): string {
    const { inode } = this.#resolve(path, false)
    if (inode.type !== 'symlink') throw new SystemError('EINVAL', path)
    return inode.readlink(this.#caller)
  }

  realpath(path: string): string {
    return walkerPath(this.#caller, this.#resolve(path))
  }

  chmod(path: string, mode: number): void {
    const location = this.#resolve(path)
    this.#needOwner(location, path)
    this.#with(path, () => {
      location.inode.mode = mode & 0o7777
      location.inode.changed = this.#caller.wallClock()
    })
    this.#modified(location)
  }

  chown(path: string, uid: number, gid: number, options: { followLinks?: boolean } = {}): void {
    const location = this.#resolve(path, options.followLinks !== false)
    const { credentials } = this.#caller
    this.#rofs(location, path)
    const { inode } = location
    if (!credentials.capabilities.has('CAP_CHOWN')) {
      const ownGroup = gid === -1 || gid === inode.gid || gid === this.#owner.gid || credentials.groups.includes(gid)
      if (inode.uid !== this.#owner.uid || (uid !== -1 && uid !== inode.uid) || !ownGroup)
        throw new SystemError('EPERM', path)
    }
    this.#with(path, () => {
      if (uid !== -1) inode.uid = uid
      if (gid !== -1) inode.gid = gid
      inode.changed = this.#caller.wallClock()
    })
  }

  utimes(path: string, accessed: number, modified: number): void {
    const location = this.#resolve(path)
    this.#rofs(location, path)
    const { credentials } = this.#caller
    if (location.inode.uid !== this.#owner.uid && !credentials.capabilities.has('CAP_FOWNER'))
      this.#need(location.inode, 2, path)
    this.#with(path, () => {
      location.inode.modified = modified
      location.inode.accessed = accessed
      location.inode.changed = this.#caller.wallClock()
    })
  }

  mknod(
    path: string,
    type: 'fifo' | 'character' | 'block',
    options: { mode?: number; major?: number; minor?: number } = {},
  ): void {
    const { parent, name, location } = resolveParent(this.#caller, path)
    if (location) throw new SystemError('EEXIST', path)
    if (type !== 'fifo' && !this.#caller.credentials.capabilities.has('CAP_MKNOD')) throw new SystemError('EPERM', path)
    const device = type === 'fifo' ? {} : { major: options.major ?? 0, minor: options.minor ?? 0 }
    this.#create(parent, name, { type, mode: options.mode ?? 0o666, ...device }, path)
  }

  watch(path: string, listener: (change: { path: string; kind: 'create' | 'modify' | 'delete' }) => void): () => void {
    const { inode } = this.#resolve(path)
    const prefix = path.endsWith('/') ? path : `${path}/`
    const told = (event: { name: string; kind: 'create' | 'modify' | 'delete' }) =>
      listener({ path: event.name ? prefix + event.name : path, kind: event.kind })
    inode.watchers ??= new Set()
    inode.watchers.add(told)
    return () => inode.watchers?.delete(told)
  }

  /** Whom files belong to that the process makes. */
  get #owner(): { uid: number; gid: number } {
    const { credentials } = this.#caller
    return credentials.outside ?? credentials
  }

  #resolve(path: string, follow = true): Location {
    this.#caller.charge(SYSCALL)
    return resolve(this.#caller, path, follow)
  }

  #existing(path: string): { parent: Location; name: string; location: Location } {
    this.#caller.charge(SYSCALL)
    const location = resolve(this.#caller, path, false)
    const found = resolveParent(this.#caller, path.replace(/\/+$/, '') || '/')
    if (!found.location) throw new SystemError('ENOENT', path)
    return { parent: found.parent, name: found.name, location }
  }

  #file(path: string, options: OpenOptions): RegularFile {
    const { location, description } = this.#open(path, options)
    if (description) return description
    if (location.inode.type === 'character' && location.inode.minor === 3 && location.inode.major === 1)
      return new RegularFile(location, path, options, this.#caller)
    throw new SystemError('ENXIO', path)
  }

  #open(path: string, options: OpenOptions): { location: Location; description: RegularFile | undefined } {
    this.#caller.charge(SYSCALL)
    const writing = options.write === true || options.append === true
    let location: Location
    if (options.create) {
      const found = resolveParent(this.#caller, path, true)
      if (found.location) {
        if (options.exclusive) throw new SystemError('EEXIST', path)
        location = found.location
        if (location.inode.type === 'directory' && writing) throw new SystemError('EISDIR', path)
      } else {
        if (found.directory) throw new SystemError('EISDIR', path)
        const inode = this.#create(found.parent, found.name, { type: 'file', mode: options.mode ?? 0o666 }, path)
        location = { mount: found.parent.mount, inode, parent: found.parent, name: found.name }
        return { location, description: this.#describe(location, path, options) }
      }
    } else location = resolve(this.#caller, path, true)
    const { inode } = location
    if (options.directory && inode.type !== 'directory') throw new SystemError('ENOTDIR', path)
    if (inode.type === 'directory' && writing) throw new SystemError('EISDIR', path)
    if (inode.type === 'socket') throw new SystemError('ENXIO', path)
    const reading = options.read === true || !writing
    this.#need(inode, (reading ? 4 : 0) | (writing ? 2 : 0), path)
    if (writing && inode.type !== 'character' && inode.type !== 'fifo') this.#rofs(location, path)
    if (inode.type !== 'file' && inode.type !== 'directory') return { location, description: undefined }
    // An overlay copies a file up when it is opened for writing, written to or not.
    if (writing && inode.type === 'file') this.#with(path, () => inode.forChange())
    if (options.truncate && writing && inode.size > 0) {
      this.#with(path, () => inode.truncate(0))
      this.#modified(location)
    }
    return { location, description: this.#describe(location, path, options) }
  }

  #describe(location: Location, path: string, options: OpenOptions): RegularFile {
    const { maxFileSize } = this.#caller
    const name = path.startsWith('/') && !path.includes('/.') ? path : walkerPath(this.#caller, location)
    return new RegularFile(
      location,
      name,
      options,
      this.#caller,
      maxFileSize === undefined ? {} : { maxSize: maxFileSize },
    )
  }

  #create(parent: Location, name: string, init: Omit<InodeInit, 'uid' | 'gid'>, path: string): Inode {
    this.#caller.charge(SYSCALL)
    this.#writable(parent, path)
    const { umask } = this.#caller
    const setgid = (parent.inode.mode & 0o2000) !== 0
    const inode = this.#with(path, () =>
      parent.inode.create(name, {
        ...init,
        mode: init.type === 'symlink' ? 0o777 : init.mode & ~umask,
        uid: this.#owner.uid,
        gid: setgid ? parent.inode.gid : this.#owner.gid,
      }),
    )
    parent.inode.notify({ name, kind: 'create' })
    return inode
  }

  #writable(parent: Location, path: string): void {
    if (parent.inode.type !== 'directory') throw new SystemError('ENOTDIR', path)
    this.#rofs(parent, path)
    this.#need(parent.inode, 3, path)
  }

  #removable(parent: Location, location: Location, path: string): void {
    if (location.mount !== parent.mount) throw new SystemError('EBUSY', path)
    this.#rofs(parent, path)
    this.#need(parent.inode, 3, path)
    const { credentials } = this.#caller
    const sticky = (parent.inode.mode & 0o1000) !== 0
    if (sticky && !credentials.capabilities.has('CAP_FOWNER'))
      if (location.inode.uid !== this.#owner.uid && parent.inode.uid !== this.#owner.uid)
        throw new SystemError('EPERM', path)
  }

  #need(inode: Inode, bits: number, path: string): void {
    if (!permitted(inode, this.#caller.credentials, bits)) throw new SystemError('EACCES', path)
  }

  #needOwner(location: Location, path: string): void {
    const { credentials } = this.#caller
    this.#rofs(location, path)
    if (location.inode.uid !== this.#owner.uid && !credentials.capabilities.has('CAP_FOWNER'))
      throw new SystemError('EPERM', path)
  }

  #rofs(location: Location, path: string): void {
    if (location.mount.readonly) throw new SystemError('EROFS', path)
  }

  /** Names the path in errors that a filesystem throws. */
  #with<T>(path: string, action: () => T): T {
    try {
      return action()
    } catch (error) {
      if (error instanceof SystemError && error.path === undefined) throw new SystemError(error.code, path)
      throw error
    }
  }

  #modified({ inode, parent, name }: Location): void {
    inode.notify({ name: '', kind: 'modify' })
    parent?.inode.notify({ name, kind: 'modify' })
  }

  #removed({ inode, parent, name }: Location): void {
    inode.notify({ name: '', kind: 'delete' })
    parent?.inode.notify({ name, kind: 'delete' })
  }
}
