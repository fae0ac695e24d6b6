import type { OpenFile } from '../file.ts'
import { GeneratedFile } from './generated.ts'
import type { FileSystem, Inode } from './inode.ts'

const PIPE_FS: FileSystem = {
  type: 'pipefs',
  source: 'pipefs',
  options: '',
  device: 13,
  get root(): Inode {
    throw new Error('pipefs has no root')
  },
  usage: () => ({ total: 0, used: 0, available: 0 }),
}

/** Where /proc/PID/fd/N leads when it is no file of a filesystem: opening it gives the same description again. */
export class DescriptorInode extends GeneratedFile {
  readonly description: OpenFile

  constructor(description: OpenFile) {
    const stat = description.stat()
    super({ fs: PIPE_FS, number: stat.inode, mode: stat.mode, time: stat.modified }, {})
    this.description = description
  }
}
