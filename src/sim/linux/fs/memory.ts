import { SystemError } from '../errors.ts'
import type { FileType } from '../file.ts'
import { FileContent } from './content.ts'
import { type FileSystem, Inode, type InodeInit, type Viewer } from './inode.ts'
import type { LayerDirectory, LayerNode } from './layer.ts'

export interface MemoryOptions {
  type: string
  source: string
  options?: string
  device: number
  /** The machine's wall clock, ms since 1970. */
  now: () => number
  /** Nominal size in bytes; past it writes give ENOSPC. */
  capacity: number
  /** Bytes that may really be held in the simulator's memory; past it ENOSPC too. */
  bound?: number
  /** Bytes that the tree takes before anything is written (the base system), for df. */
  used?: number
  /** Told of bytes that someone adds, and of those that go away: memory, for a tmpfs. */
  charge?: (bytes: number, writer?: Viewer) => void
  /** What the tree holds at first; read lazily, never changed. */
  layer?: LayerDirectory
  mode?: number
  firstInode?: number
}

/** A filesystem in memory: a machine's disk (ext4), a tmpfs. Trees of layers become inodes only where looked at. */
export class MemoryFileSystem implements FileSystem {
  readonly type: string
  readonly source: string
  options: string
  readonly device: number
  readonly root: MemoryInode
  readonly now: () => number
  readonly #capacity: number
  readonly #bound: number
  readonly #charge: MemoryOptions['charge']
  #used: number
  #held = 0
  #nextInode: number

  constructor(options: MemoryOptions) {
    this.type = options.type
    this.source = options.source
    this.options = options.options ?? ''
    this.device = options.device
    this.now = options.now
    this.#capacity = options.capacity
    this.#bound = options.bound ?? 268_435_456
    this.#used = options.used ?? 0
    this.#charge = options.charge
    this.#nextInode = options.firstInode ?? 2
    const layer = options.layer
    this.root = layer
      ? MemoryInode.fromLayer(this, layer)
      : new MemoryInode(this, { type: 'directory', mode: options.mode ?? 0o755, uid: 0, gid: 0 })
  }

  usage() {
    const used = Math.min(this.#used, this.#capacity)
    return { total: this.#capacity, used, available: this.#capacity - used }
  }

  nextInode(): number {
    return this.#nextInode++
  }

  /** Accounts a change of a file's nominal size and of the memory behind it. ENOSPC when there is no room. */
  reserve(nominal: number, writer?: Viewer): void {
    if (nominal > 0 && (this.#used + nominal > this.#capacity || this.#held > this.#bound))
      throw new SystemError('ENOSPC')
    this.#used = Math.max(0, this.#used + nominal)
    if (nominal !== 0) this.#charge?.(nominal, writer)
  }

  account(held: number): void {
    this.#held += held
  }
}

/** A file of a memory filesystem. */
export class MemoryInode extends Inode {
  override readonly fs: MemoryFileSystem
  override readonly number: number
  override readonly type: FileType
  override mode: number
  override uid: number
  override gid: number
  override accessed: number
  override modified: number
  override changed: number
  override readonly major: number | undefined
  override readonly minor: number | undefined
  override readonly generated = false
  #links: number
  #target: string | undefined
  #content: FileContent | undefined
  /** Own entries; null hides one of the layer. */
  #children: Map<string, MemoryInode | null> | undefined
  #layer: ReadonlyMap<string, LayerNode> | undefined
  #xattrs: Map<string, string> | undefined

  constructor(fs: MemoryFileSystem, init: InodeInit & { modified?: number }) {
    super()
    this.fs = fs
    this.number = fs.nextInode()
    this.type = init.type
    this.mode = init.mode
    this.uid = init.uid
    this.gid = init.gid
    const time = init.modified ?? fs.now()
    this.accessed = time
    this.modified = time
    this.changed = time
    this.#links = init.type === 'directory' ? 2 : 1
    this.#target = init.target
    this.major = init.major
    this.minor = init.major === undefined ? undefined : (init.minor ?? 0)
  }

  static fromLayer(fs: MemoryFileSystem, node: LayerNode): MemoryInode {
    const { type, mode, uid, gid, modified } = node
    const special = type === 'character' || type === 'block'
    const inode = new MemoryInode(fs, {
      type,
      mode,
      uid,
      gid,
      modified,
      ...(type === 'symlink' ? { target: node.target } : {}),
      ...(special ? { major: node.major ?? 0, minor: node.minor ?? 0 } : {}),
    })
    if (type === 'file') inode.#content = node.content
    if (type === 'directory') {
      inode.#layer = node.entries
      if (node.opaque) inode.setXattr('trusted.overlay.opaque', 'y')
    }
    return inode
  }

  get size(): number {
    if (this.type === 'directory') return 4096
    if (this.type === 'symlink') return this.#target?.length ?? 0
    return this.#content?.size ?? 0
  }

  get links(): number {
    if (this.type !== 'directory') return this.#links
    let count = this.#links
    for (const [, entry] of this.entries()) if (entry.type === 'directory') count++
    return count
  }

  set links(count: number) {
    this.#links = count
  }

  override lookup(name: string): MemoryInode | undefined {
    if (this.type !== 'directory') throw new SystemError('ENOTDIR')
    const own = this.#children?.get(name)
    if (own !== undefined) return own ?? undefined
    const below = this.#layer?.get(name)
    if (!below) return undefined
    const inode = MemoryInode.fromLayer(this.fs, below)
    this.#own().set(name, inode)
    return inode
  }

  override *entries(): Generator<readonly [string, MemoryInode]> {
    if (this.type !== 'directory') throw new SystemError('ENOTDIR')
    if (this.#layer) {
      for (const name of this.#layer.keys()) {
        const inode = this.lookup(name)
        if (inode) yield [name, inode]
      }
    }
    if (this.#children) {
      for (const [name, inode] of this.#children) if (inode && !this.#layer?.has(name)) yield [name, inode]
    }
  }

  override create(name: string, init: InodeInit): MemoryInode {
    const inode = new MemoryInode(this.fs, init)
    this.#put(name, inode)
    return inode
  }

  /** Puts a layer's tree under a name, as a directory that is filled when looked at. */
  graft(name: string, layer: LayerNode): MemoryInode {
    const inode = MemoryInode.fromLayer(this.fs, layer)
    this.#put(name, inode)
    return inode
  }

  override link(name: string, inode: Inode): void {
    if (!(inode instanceof MemoryInode) || inode.fs !== this.fs) throw new SystemError('EXDEV')
    inode.#links++
    inode.changed = this.fs.now()
    this.#put(name, inode)
  }

  override unlink(name: string): void {
    const inode = this.lookup(name)
    if (!inode) throw new SystemError('ENOENT')
    this.#drop(name)
    inode.#links--
    inode.changed = this.fs.now()
    if (inode.#links <= 0) inode.#free()
  }

  override rmdir(name: string): void {
    const inode = this.lookup(name)
    if (!inode) throw new SystemError('ENOENT')
    for (const _ of inode.entries()) throw new SystemError('ENOTEMPTY')
    this.#drop(name)
    inode.#links = 0
  }

  override rename(name: string, to: Inode, toName: string): void {
    if (!(to instanceof MemoryInode) || to.fs !== this.fs) throw new SystemError('EXDEV')
    const inode = this.lookup(name)
    if (!inode) throw new SystemError('ENOENT')
    const old = to.lookup(toName)
    if (old === inode) return
    if (old?.type === 'directory') to.rmdir(toName)
    else if (old) to.unlink(toName)
    this.#drop(name)
    to.#put(toName, inode)
    inode.changed = this.fs.now()
  }

  override readlink(): string {
    if (this.#target === undefined) throw new SystemError('EINVAL')
    return this.#target
  }

  override readAt(offset: number, length: number): Uint8Array {
    if (this.type === 'directory') throw new SystemError('EISDIR')
    return this.#content?.read(offset, length) ?? new Uint8Array(0)
  }

  override writeAt(offset: number, bytes: Uint8Array, writer?: Viewer): void {
    const grow = Math.max(0, offset + bytes.length - this.size)
    this.fs.reserve(grow, writer)
    this.#change((content) => content.write(offset, bytes))
  }

  override truncate(size: number): void {
    this.fs.reserve(size - this.size)
    this.#change((content) => content.truncate(size))
  }

  /** The bytes, shared until either side changes. */
  get content(): FileContent {
    const shared = this.#content?.share() ?? new FileContent()
    this.#shared = true
    return shared
  }

  set content(content: FileContent) {
    this.fs.reserve(content.size - this.size)
    this.#content = content
    this.#shared = true
    this.modified = this.fs.now()
    this.changed = this.modified
  }

  override getXattr(name: string): string | undefined {
    return this.#xattrs?.get(name)
  }

  override setXattr(name: string, value: string): void {
    this.#xattrs ??= new Map()
    this.#xattrs.set(name, value)
  }

  override xattrNames(): string[] {
    return [...(this.#xattrs?.keys() ?? [])]
  }

  /** True when nothing below was changed since it came from the layer: snapshots reuse the layer's own nodes. */
  layerEntry(name: string): LayerNode | undefined {
    return this.#children?.has(name) ? undefined : this.#layer?.get(name)
  }

  /** Entries that were looked at or changed since. */
  *changedEntries(): Generator<readonly [string, MemoryInode]> {
    if (this.#children) for (const [name, inode] of this.#children) if (inode) yield [name, inode]
  }

  layerNames(): Iterable<string> {
    return this.#layer?.keys() ?? []
  }

  /** The content belongs to a layer or another file too: copied before the first write. */
  #shared = true

  #change(action: (content: FileContent) => void): void {
    let content = this.#content
    if (!content) content = new FileContent()
    else if (this.#shared) content = content.share()
    this.#content = content
    this.#shared = false
    const before = content.allocated
    action(content)
    this.fs.account(content.allocated - before)
    this.modified = this.fs.now()
    this.changed = this.modified
  }

  #free(): void {
    if (!this.#content) return
    this.fs.reserve(-this.#content.size)
    if (!this.#shared) this.fs.account(-this.#content.allocated)
  }

  #own(): Map<string, MemoryInode | null> {
    this.#children ??= new Map()
    return this.#children
  }

  #put(name: string, inode: MemoryInode): void {
    if (name.length > 255) throw new SystemError('ENAMETOOLONG')
    const own = this.#own()
    own.delete(name)
    own.set(name, inode)
    this.#touch()
  }

  #drop(name: string): void {
    if (this.#layer?.has(name)) this.#own().set(name, null)
    else this.#children?.delete(name)
    this.#touch()
  }

  #touch(): void {
    this.modified = this.fs.now()
    this.changed = this.modified
  }
}
