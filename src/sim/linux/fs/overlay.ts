import { SystemError } from '../errors.ts'
import type { FileType } from '../file.ts'
import { type FileSystem, Inode, type InodeInit } from './inode.ts'
import { isWhiteout } from './layer.ts'
import { MemoryInode } from './memory.ts'

const OPAQUE = 'trusted.overlay.opaque'

export interface OverlayOptions {
  /** Directories, the topmost first, as `lowerdir=` names them. */
  lowers: readonly Inode[]
  /** Without one the overlay is read-only. */
  upper?: Inode
  /** As mount prints it: `lowerdir=lower,upperdir=upper,workdir=work`. */
  options: string
  device: number
}

/** overlayfs: directories merged, changes copied up, deletions kept as whiteouts (character devices 0:0). */
export class OverlayFileSystem implements FileSystem {
  readonly type = 'overlay'
  readonly source = 'overlay'
  readonly options: string
  readonly device: number
  readonly root: OverlayInode
  readonly readonly: boolean
  readonly #usage: Inode

  constructor(options: OverlayOptions) {
    this.options = options.options
    this.device = options.device
    this.readonly = options.upper === undefined
    this.root = new OverlayInode(this, undefined, '', options.upper, options.lowers)
    this.#usage = options.upper ?? options.lowers[0]!
  }

  usage() {
    return this.#usage.fs.usage()
  }
}

/** A file seen through an overlay: in the upper directory once changed, else in the highest lower that has it. */
export class OverlayInode extends Inode {
  override readonly fs: OverlayFileSystem
  override readonly number: number
  override readonly type: FileType
  readonly #parent: OverlayInode | undefined
  #name: string
  #upper: Inode | undefined
  readonly #lowers: readonly Inode[]
  #cache: Map<string, OverlayInode> | undefined

  constructor(
    fs: OverlayFileSystem,
    parent: OverlayInode | undefined,
    name: string,
    upper: Inode | undefined,
    lowers: readonly Inode[],
  ) {
    super()
    this.fs = fs
    this.#parent = parent
    this.#name = name
    this.#upper = upper
    this.#lowers = lowers
    this.number = this.real.number
    this.type = this.real.type
  }

  /** The inode that holds it now. */
  get real(): Inode {
    return this.#upper ?? this.#lowers[0]!
  }
  /** Undefined while nothing at or below it has changed. */
  get upper(): Inode | undefined {
    return this.#upper
  }
  get mode() {
    return this.real.mode
  }
  set mode(mode: number) {
    this.#copyUp().mode = mode
  }
  get uid() {
    return this.real.uid
  }
  set uid(uid: number) {
    this.#copyUp().uid = uid
  }
  get gid() {
    return this.real.gid
  }
  set gid(gid: number) {
    this.#copyUp().gid = gid
  }
  get size() {
    return this.real.size
  }
  get links() {
    const sources = (this.#upper ? 1 : 0) + this.#lowers.length
    // A merged directory doesn't count its subdirectories.
    return this.type === 'directory' && sources > 1 ? 1 : this.real.links
  }
  get accessed() {
    return this.real.accessed
  }
  set accessed(time: number) {
    this.real.accessed = time
  }
  get modified() {
    return this.real.modified
  }
  set modified(time: number) {
    this.#copyUp().modified = time
  }
  get changed() {
    return this.real.changed
  }
  set changed(time: number) {
    this.#copyUp().changed = time
  }
  override get major(): number | undefined {
    return this.real.major
  }
  override get minor(): number | undefined {
    return this.real.minor
  }
  override get generated() {
    return this.real.generated
  }

  override lookup(name: string): OverlayInode | undefined {
    if (this.type !== 'directory') throw new SystemError('ENOTDIR')
    const inUpper = this.#upper?.lookup(name)
    const known = this.#cache?.get(name)
    if (known && known.#upper === inUpper) return known
    if (inUpper && isWhiteout(inUpper)) return undefined
    const lowers: Inode[] = []
    const isDirectory = inUpper?.type === 'directory'
    if (!inUpper || (isDirectory && inUpper.getXattr(OPAQUE) !== 'y')) {
      if (this.#upper?.getXattr(OPAQUE) !== 'y') {
        for (const lower of this.#lowers) {
          const found = lower.lookup(name)
          if (found) {
            if (isWhiteout(found)) break
            if (found.type !== 'directory') {
              if (!inUpper && lowers.length === 0) lowers.push(found)
              break
            }
            lowers.push(found)
            if (found.getXattr(OPAQUE) === 'y') break
          }
          if (lower.getXattr(OPAQUE) === 'y') break
        }
      }
    }
    if (!inUpper && lowers.length === 0) return undefined
    const made = new OverlayInode(this.fs, this, name, inUpper, lowers)
    this.#cache ??= new Map()
    this.#cache.set(name, made)
    return made
  }

  override *entries(): Generator<readonly [string, OverlayInode]> {
    const seen = new Set<string>()
    const layers = this.#upper ? [this.#upper, ...this.#lowers] : this.#lowers
    for (const layer of layers) {
      for (const [name] of layer.entries()) {
        if (seen.has(name)) continue
        seen.add(name)
        const inode = this.lookup(name)
        if (inode) yield [name, inode]
      }
      if (layer.getXattr(OPAQUE) === 'y') break
    }
  }

  override create(name: string, init: InodeInit): OverlayInode {
    const upper = this.#copyUp()
    const hidden = this.#clearWhiteout(upper, name)
    const made = upper.create(name, init)
    if (init.type === 'directory' && (hidden || this.#inLower(name))) made.setXattr(OPAQUE, 'y')
    this.#cache?.delete(name)
    return this.lookup(name)!
  }

  override link(name: string, inode: Inode): void {
    if (!(inode instanceof OverlayInode) || inode.fs !== this.fs) throw new SystemError('EXDEV')
    const upper = this.#copyUp()
    this.#clearWhiteout(upper, name)
    upper.link(name, inode.#copyUp())
    this.#cache?.delete(name)
  }

  override unlink(name: string): void {
    this.#remove(name, (upper) => upper.unlink(name))
  }

  override rmdir(name: string): void {
    const inode = this.lookup(name)
    if (!inode) throw new SystemError('ENOENT')
    for (const _ of inode.entries()) throw new SystemError('ENOTEMPTY')
    this.#remove(name, (upper) => {
      // Whiteouts of lower entries do not make it non-empty.
      const directory = upper.lookup(name)!
      for (const [child] of [...directory.entries()]) directory.unlink(child)
      upper.rmdir(name)
    })
  }

  override rename(name: string, to: Inode, toName: string): void {
    if (!(to instanceof OverlayInode) || to.fs !== this.fs) throw new SystemError('EXDEV')
    const inode = this.lookup(name)
    if (!inode) throw new SystemError('ENOENT')
    // Without redirect_dir a directory of a lower layer can't be moved; mv copies it then.
    if (inode.type === 'directory' && inode.#lowers.length > 0) throw new SystemError('EXDEV')
    const old = to.lookup(toName)
    if (old?.type === 'directory') to.rmdir(toName)
    else if (old) to.unlink(toName)
    inode.#copyUp()
    const from = this.#copyUp()
    const into = to.#copyUp()
    const hidden = to.#clearWhiteout(into, toName)
    from.rename(name, into, toName)
    if (hidden && inode.type === 'directory') into.lookup(toName)?.setXattr(OPAQUE, 'y')
    if (this.#inLower(name)) whiteout(from, name)
    this.#cache?.delete(name)
    to.#cache?.delete(toName)
    inode.#name = toName
  }

  override readlink(): string {
    return this.real.readlink()
  }
  override readAt(offset: number, length: number): Uint8Array {
    return this.real.readAt(offset, length)
  }
  override writeAt(offset: number, bytes: Uint8Array): void {
    this.#copyUp().writeAt(offset, bytes)
  }
  override truncate(size: number): void {
    this.#copyUp().truncate(size)
  }
  override forChange(): Inode {
    this.#copyUp()
    return this
  }
  override getXattr(name: string): string | undefined {
    return name.startsWith('trusted.overlay.') ? undefined : this.real.getXattr(name)
  }
  override setXattr(name: string, value: string): void {
    this.#copyUp().setXattr(name, value)
  }
  override xattrNames(): string[] {
    return this.real.xattrNames().filter((name) => !name.startsWith('trusted.overlay.'))
  }

  #inLower(name: string): boolean {
    if (this.#upper?.getXattr(OPAQUE) === 'y') return false
    for (const lower of this.#lowers) {
      const found = lower.lookup(name)
      if (found) return !isWhiteout(found)
      if (lower.getXattr(OPAQUE) === 'y') return false
    }
    return false
  }

  #clearWhiteout(upper: Inode, name: string): boolean {
    const old = upper.lookup(name)
    if (!old || !isWhiteout(old)) return false
    upper.unlink(name)
    return true
  }

  #remove(name: string, remove: (upper: Inode) => void): void {
    const upper = this.#copyUp()
    const old = upper.lookup(name)
    if (old) remove(upper)
    if (this.#inLower(name)) whiteout(upper, name)
    this.#cache?.delete(name)
  }

  #copyUp(): Inode {
    if (this.#upper) return this.#upper
    const parent = this.#parent
    if (!parent) throw new SystemError('EROFS')
    const directory = parent.#copyUp()
    const lower = this.#lowers[0]!
    const { type, mode, uid, gid, modified, major, minor } = lower
    const made = directory.create(this.#name, {
      type,
      mode,
      uid,
      gid,
      ...(type === 'symlink' ? { target: lower.readlink() } : {}),
      ...(major === undefined ? {} : { major, minor: minor ?? 0 }),
    })
    if (type === 'file') {
      if (lower instanceof MemoryInode && made instanceof MemoryInode) made.content = lower.content
      else made.writeAt(0, lower.readAt(0, lower.size))
    }
    for (const name of lower.xattrNames()) made.setXattr(name, lower.getXattr(name)!)
    made.modified = modified
    this.#upper = made
    return made
  }
}

function whiteout(upper: Inode, name: string): void {
  const made = upper.create(name, { type: 'character', mode: 0, uid: 0, gid: 0, major: 0, minor: 0 })
  // The kernel links whiteouts from its work directory, so they count two.
  if (made instanceof MemoryInode) made.links = 2
}
