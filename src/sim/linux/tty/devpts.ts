import type { Stat } from '../file.ts'
import { GeneratedDevice, GeneratedDirectory } from '../fs/generated.ts'
import { type FileSystem, type Inode, statOf } from '../fs/inode.ts'
import type { WorldContext } from '../machine.ts'
import { Pty } from './pty.ts'

/** An instance of devpts: the pseudo terminals of a machine or of one container. */
export class DevPts implements FileSystem {
  readonly type = 'devpts'
  readonly source = 'devpts'
  readonly options: string
  readonly device: number
  readonly root: Inode
  readonly #world: WorldContext
  readonly #now: () => number
  readonly #ptys = new Map<number, { pty: Pty; inode: GeneratedDevice }>()
  readonly #ptmx: GeneratedDevice

  constructor(world: WorldContext, device: number, now: () => number, options = 'gid=5,mode=620,ptmxmode=666') {
    this.#world = world
    this.#now = now
    this.device = device
    this.options = options
    this.#ptmx = new GeneratedDevice({ fs: this, number: 2, mode: 0o666, time: now() }, 5, 2)
    this.root = new GeneratedDirectory(
      { fs: this, number: 1, mode: 0o755, time: now() },
      {
        names: () => [...[...this.#ptys.keys()].map(String), 'ptmx'],
        lookup: (name) => (name === 'ptmx' ? this.#ptmx : this.#ptys.get(Number(name))?.inode),
      },
    )
  }

  usage() {
    return { total: 0, used: 0, available: 0 }
  }

  open(): Pty {
    let index = 0
    while (this.#ptys.has(index)) index++
    const inode = new GeneratedDevice(
      { fs: this, number: index + 3, mode: 0o620, gid: 5, time: this.#now() },
      136,
      index,
    )
    const stat = (): Stat => statOf(inode)
    const pty = new Pty(this.#world.waiting, index, stat)
    this.#ptys.set(index, { pty, inode })
    pty.onClose = () => this.#ptys.delete(index)
    return pty
  }

  find(index: number): Pty | undefined {
    return this.#ptys.get(index)?.pty
  }
}
