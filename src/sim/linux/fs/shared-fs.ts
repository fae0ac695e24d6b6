import type { FileSystem, Inode } from './inode.ts'

/** A directory of another machine, mounted over the network (nfs): the same inodes under another name. */
export class SharedFileSystem implements FileSystem {
  readonly type: string
  readonly source: string
  readonly options: string
  readonly device: number
  readonly root: Inode
  readonly readonly: boolean

  constructor(init: {
    type: string
    source: string
    options: string
    device: number
    root: Inode
    readonly?: boolean
  }) {
    this.type = init.type
    this.source = init.source
    this.options = init.options
    this.device = init.device
    this.root = init.root
    this.readonly = init.readonly ?? false
  }

  usage() {
    return this.root.fs.usage()
  }
}
