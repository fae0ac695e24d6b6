import type { Inode } from '../../linux/fs/inode.ts'
import { EMPTY_LAYER, type LayerDirectory, makeLayer } from '../../linux/fs/layer.ts'
import type { Kernel } from '../../linux/kernel.ts'
import type { Random } from '../../time/random.ts'
import type { Image } from '../images/image.ts'
import { chainIds } from '../images/layer.ts'

/** Where layers and root filesystems lie on a machine's disk. */
export interface StorageLayout {
  /** Folder of the layer or container with this id. */
  folder(id: string): string
  /** The folder of short links to layers; Docker's only. */
  links?: string
}

export const DOCKER_LAYOUT: StorageLayout = {
  folder: (id) => `/var/lib/docker/overlay2/${id}`,
  links: '/var/lib/docker/overlay2/l',
}

/** What Docker puts over every image before the container's own layer: mount points. */
const INIT_FILES: Parameters<typeof makeLayer>[0] = [
  ['.dockerenv', { content: '', mode: 0o755 }],
  ['dev/console', { content: '', mode: 0o755 }],
  ['dev/pts', { directory: true }],
  ['dev/shm', { directory: true }],
  ['etc/hostname', { content: '', mode: 0o755 }],
  ['etc/hosts', { content: '', mode: 0o755 }],
  ['etc/mtab', { target: '/proc/mounts' }],
  ['etc/resolv.conf', { content: '', mode: 0o755 }],
]

interface Stored {
  cacheId: string
  inode: Inode
  users: Set<string>
}

/** Keeps the layers of images on the disk, each once, and makes the writable layers of containers. */
export class LayerStorage {
  readonly #kernel: Kernel
  readonly #random: Random
  readonly #layout: StorageLayout
  readonly #layers = new Map<string, Stored>()
  /** One for all containers of the machine. */
  #init: LayerDirectory | undefined

  constructor(kernel: Kernel, random: Random, layout: StorageLayout) {
    this.#kernel = kernel
    this.#random = random
    this.#layout = layout
    if (layout.links) kernel.makeDirectory(layout.links)
  }

  /** Whether a layer of an image is on the disk already. */
  has(image: Image, index: number): boolean {
    return this.#layers.has(chainIds(image.layers)[index]!)
  }

  /** Unpacks the layers that are not there yet. */
  hold(image: Image): void {
    chainIds(image.layers).forEach((chain, i) => {
      let stored = this.#layers.get(chain)
      if (!stored) {
        const cacheId = this.#random.hex(64)
        const inode = this.#kernel.graft(`${this.#layout.folder(cacheId)}/diff`, image.layers[i]!.tree)
        if (i > 0) this.#kernel.makeDirectory(`${this.#layout.folder(cacheId)}/work`)
        this.#link(cacheId)
        stored = { cacheId, inode, users: new Set() }
        this.#layers.set(chain, stored)
      }
      stored.users.add(image.id)
    })
  }

  /** Chain ids that only this image held; their folders are gone. */
  release(image: Image): string[] {
    const gone: string[] = []
    for (const chain of chainIds(image.layers).toReversed()) {
      const stored = this.#layers.get(chain)
      if (!stored?.users.delete(image.id) || stored.users.size > 0) continue
      this.#layers.delete(chain)
      this.#kernel.files.removeTree(this.#layout.folder(stored.cacheId))
      gone.push(chain)
    }
    return gone
  }

  /** Folders of an image's layers, the topmost first. */
  folders(image: Image): string[] {
    return this.#storedOf(image).map((stored) => this.#layout.folder(stored.cacheId))
  }

  #storedOf(image: Image): Stored[] {
    return chainIds(image.layers)
      .map((chain) => this.#layers.get(chain))
      .filter((stored) => stored !== undefined)
      .reverse()
  }

  /** A container's layers on top of an image. */
  createRoot(image: Image): ContainerRoot {
    this.hold(image)
    const id = this.#random.hex(64)
    const folder = this.#layout.folder(id)
    this.#init ??= makeLayer(INIT_FILES, this.#kernel.wallClock())
    const init = this.#kernel.graft(`${folder}-init/diff`, this.#init)
    const upper = this.#kernel.makeDirectory(`${folder}/diff`)
    this.#kernel.makeDirectory(`${folder}/work`)
    const below = this.#storedOf(image)
    const lowers = [init, ...below.map((stored) => stored.inode)]
    return {
      id,
      folder,
      lowerFolders: [`${folder}-init/diff`, ...below.map((stored) => `${this.#layout.folder(stored.cacheId)}/diff`)],
      lowers: image.layers.length === 0 ? [init, this.#kernel.graft(`${folder}-init/empty`, EMPTY_LAYER)] : lowers,
      upper,
      remove: () => {
        this.#kernel.files.removeTree(folder)
        this.#kernel.files.removeTree(`${folder}-init`)
      },
    }
  }

  #link(cacheId: string): void {
    if (!this.#layout.links) return
    const name = this.#random.text(26, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')
    this.#kernel.files.symlink(`../${cacheId}/diff`, `${this.#layout.links}/${name}`)
    this.#kernel.files.write(`${this.#layout.folder(cacheId)}/link`, name)
  }
}

export interface ContainerRoot {
  readonly id: string
  readonly folder: string
  readonly lowerFolders: readonly string[]
  /** The topmost first. */
  readonly lowers: readonly Inode[]
  readonly upper: Inode
  remove(): void
}
