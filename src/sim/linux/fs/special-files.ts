import { SystemError } from '../errors.ts'
import type { OpenFile, OpenOptions } from '../file.ts'
import type { Kernel } from '../kernel.ts'
import type { KernelProcess } from '../process/kernel-process.ts'
import { DevPts } from '../tty/devpts.ts'
import { MemoryDevice } from './device.ts'
import type { Inode } from './inode.ts'
import type { Location } from './mount.ts'
import { Pipe } from './pipe.ts'
import { tryResolve } from './walk.ts'

/** Opens what is no regular file: FIFOs, terminals, memory devices. */
export class SpecialFiles {
  readonly #kernel: Kernel
  readonly #fifos = new WeakMap<Inode, Pipe>()

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** ENXIO for a device nobody serves, EIO for a terminal that has gone. */
  open(process: KernelProcess, location: Location, path: string, options: OpenOptions): OpenFile {
    const { inode } = location
    if (inode.type === 'fifo') {
      let pipe = this.#fifos.get(inode)
      if (!pipe) {
        pipe = new Pipe(this.#kernel.world.waiting, inode.number, () => this.#kernel.wallClock(), { fifo: true })
        this.#fifos.set(inode, pipe)
      }
      return options.write || options.append ? pipe.writer(path) : pipe.reader(path)
    }
    if (inode.type !== 'character') throw new SystemError('ENXIO', path)
    if (inode.major === 5 && inode.minor === 2) {
      const pts = tryResolve(process, '/dev/pts')?.mount.fs
      return (pts instanceof DevPts ? pts : this.#kernel.devPts).open().master()
    }
    if (inode.major === 5) {
      const tty = process.processGroup.session.tty
      if (!tty) {
        if (inode.minor === 1) return this.#kernel.nullFile
        throw new SystemError('ENXIO', path)
      }
      return tty.slave(path)
    }
    if (inode.major === 136) {
      const pty = inode.fs instanceof DevPts ? inode.fs.find(inode.minor ?? 0) : undefined
      if (!pty) throw new SystemError('EIO', path)
      return pty.slave(path)
    }
    return new MemoryDevice(inode, path, process.random)
  }
}
