import { SystemError } from '../errors.ts'
import type { OpenFile, Stat, Tty } from '../file.ts'
import type { Signal } from '../signals.ts'

/** The process on whose behalf a description is read or written. */
export interface Caller {
  /** Waits so that a kill ends the wait and a stop delays it. */
  wait<T>(promise: Promise<T>): Promise<T>
  /** Sends a signal to the caller itself (SIGPIPE, SIGTTIN). */
  raise?(signal: Signal): void
  /** For terminals: the caller's session and process group. */
  readonly sessionKey?: object
  readonly groupKey?: object
}

/** Code of the world itself (a terminal window, an engine) reads and writes without being a process. */
export const NOBODY: Caller = { wait: (promise) => promise }

/** An open file description: shared by descriptors, closed with the last holder. */
export abstract class Description implements OpenFile {
  #holders = 1
  readonly path: string | undefined

  constructor(path?: string) {
    this.path = path
  }

  get tty(): Tty | undefined {
    return undefined
  }

  get open(): boolean {
    return this.#holders > 0
  }

  abstract stat(): Stat

  async read(_limit?: number, _caller?: Caller): Promise<Uint8Array> {
    throw new SystemError('EBADF')
  }

  async write(_bytes: Uint8Array, _caller?: Caller): Promise<void> {
    throw new SystemError('EBADF')
  }

  seek(_offset: number, _from: 'start' | 'current' | 'end'): number {
    throw new SystemError('ESPIPE')
  }

  truncate(_size: number): void {
    throw new SystemError('EINVAL')
  }

  retain(): void {
    this.#holders++
  }

  release(): void {
    if (this.#holders > 0 && --this.#holders === 0) this.close()
  }

  protected close(): void {}
}

/** Descriptions that have no inode in a filesystem: pipes, sockets. */
export function anonymousStat(type: Stat['type'], inode: number, time: number, mode = 0o600): Stat {
  return {
    type,
    inode,
    device: 13,
    mode,
    links: 1,
    uid: 0,
    gid: 0,
    size: 0,
    accessed: time,
    modified: time,
    changed: time,
  }
}
