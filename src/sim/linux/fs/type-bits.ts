import type { Stat } from '../file.ts'

/** The bits of st_mode that tell what a file is: inode(7). */
export const TYPE_BITS: Readonly<Record<Stat['type'], number>> = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  fifo: 0o010000,
  socket: 0o140000,
  character: 0o020000,
  block: 0o060000,
}
