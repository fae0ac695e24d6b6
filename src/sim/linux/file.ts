/** What programs see of files. All calls but `read` and `write` on pipes, sockets and terminals return at once. */

export type FileType = 'file' | 'directory' | 'symlink' | 'fifo' | 'socket' | 'character' | 'block'

export interface Stat {
  readonly type: FileType
  readonly inode: number
  readonly device: number
  /** Permission bits only, e.g. 0o755 (set-uid and sticky included). */
  readonly mode: number
  readonly links: number
  readonly uid: number
  readonly gid: number
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970, machine wall clock. */
  readonly accessed: number
  readonly modified: number
  readonly changed: number
  /** For devices. */
  readonly major?: number
  readonly minor?: number
}

export interface DirectoryEntry {
  readonly name: string
  readonly type: FileType
  readonly inode: number
}

/** An open file description. Shared by the descriptors duplicated or inherited from it; closed with the last. */
export interface OpenFile {
  /** Terminal behind it, or undefined. `isatty(3)` is `tty !== undefined`. */
  readonly tty: Tty | undefined
  readonly path: string | undefined
  stat(): Stat
  /** At most `limit` bytes; empty means end of file. Waits while a pipe, socket or terminal has nothing. */
  read(limit?: number): Promise<Uint8Array>
  /** Writes all. Waits while a pipe is full; EPIPE (and SIGPIPE) when nobody reads. */
  write(bytes: Uint8Array): Promise<void>
  seek(offset: number, from: 'start' | 'current' | 'end'): number
  truncate(size: number): void
  /** Directory entries when it is an opened directory. */
  /** Adds a holder (dup, inheritance). */
  retain(): void
  /** Drops a holder; the last one closes it. */
  release(): void
}

export interface TtySize {
  columns: number
  rows: number
}

/** A pseudo terminal's slave side: line discipline, size, foreground process group. */
export interface Tty {
  readonly name: string
  size: TtySize
  /** stty's settings that matter here. Raw mode: canonical, echo and signals off. */
  modes: { canonical: boolean; echo: boolean; signals: boolean; outputCrLf: boolean }
  /** Ctrl-C and friends go to every process of this group. */
  foregroundGroup: number
  onResize(listener: (size: TtySize) => void): () => void
}

export interface OpenOptions {
  read?: boolean
  write?: boolean
  create?: boolean
  exclusive?: boolean
  truncate?: boolean
  append?: boolean
  directory?: boolean
  /** For created files, before umask. */
  mode?: number
}

/** Path calls, as seen from one process: its root, mounts, working folder and credentials. They throw SystemError. */
export interface Files {
  open(path: string, options?: OpenOptions): OpenFile
  readBytes(path: string): Uint8Array
  /** UTF-8. */
  readText(path: string): string
  /** Creates or truncates; `mode` before umask, 0o666 unless told. */
  write(path: string, content: string | Uint8Array, options?: { append?: boolean; mode?: number }): void
  /** Follows symbolic links. */
  stat(path: string): Stat
  lstat(path: string): Stat
  exists(path: string): boolean
  /** access(2) */
  access(path: string, want: { read?: boolean; write?: boolean; execute?: boolean }): boolean
  /** In directory order; without `.` and `..`. */
  list(path: string): DirectoryEntry[]
  mkdir(path: string, options?: { parents?: boolean; mode?: number }): void
  rmdir(path: string): void
  unlink(path: string): void
  /** rm -rf; does not cross into other mounts' roots (EBUSY). */
  removeTree(path: string): void
  rename(from: string, to: string): void
  link(existing: string, path: string): void
  symlink(target: string, path: string): void
  readlink(path: string): string
  /** Absolute, without links. */
  realpath(path: string): string
  chmod(path: string, mode: number): void
  chown(path: string, uid: number, gid: number, options?: { followLinks?: boolean }): void
  utimes(path: string, accessed: number, modified: number): void
  mknod(
    path: string,
    type: 'fifo' | 'character' | 'block',
    options?: { mode?: number; major?: number; minor?: number },
  ): void
  /** inotify, simplified: told after any change at or directly below the path. */
  watch(path: string, listener: (change: { path: string; kind: 'create' | 'modify' | 'delete' }) => void): () => void
}
