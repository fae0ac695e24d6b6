import {
  type FileBehaviour,
  GeneratedDirectory,
  GeneratedFile,
  type GeneratedInit,
  GeneratedLink,
} from './generated.ts'
import type { FileSystem, Inode, Viewer } from './inode.ts'

/** A node of a generated tree: a directory of nodes, a file, a link, or a directory whose entries vary. */
export type TreeNode =
  | { kind: 'directory'; entries: Readonly<Record<string, TreeNode>>; mode?: number }
  | ({ kind: 'file'; mode?: number } & FileBehaviour)
  | { kind: 'link'; target: (viewer: Viewer | undefined) => string }
  | { kind: 'varying'; names: () => Iterable<string>; node: (name: string) => TreeNode | undefined }

export const directory = (entries: Readonly<Record<string, TreeNode>>): TreeNode => ({ kind: 'directory', entries })
export const file = (read: FileBehaviour['read'], write?: FileBehaviour['write'], mode?: number): TreeNode => ({
  kind: 'file',
  ...(read ? { read } : {}),
  ...(write ? { write } : {}),
  mode: mode ?? (write ? (read ? 0o644 : 0o200) : 0o444),
})
export const link = (target: (viewer: Viewer | undefined) => string): TreeNode => ({ kind: 'link', target })

/** Makes inodes of a tree when they are looked up; each place keeps its inode, so that one can mount over it. */
export class TreeBuilder {
  readonly #fs: FileSystem
  readonly #now: () => number
  #lastNumber: number

  constructor(fs: FileSystem, now: () => number, firstNumber = 4_026_531_850) {
    this.#fs = fs
    this.#now = now
    this.#lastNumber = firstNumber
  }

  init(mode: number): GeneratedInit {
    return { fs: this.#fs, number: ++this.#lastNumber, mode, time: this.#now() }
  }

  build(node: TreeNode): Inode {
    switch (node.kind) {
      case 'file':
        return new GeneratedFile(this.init(node.mode ?? 0o444), node)
      case 'link':
        return new GeneratedLink(this.init(0o777), node.target)
      case 'directory': {
        const made = new Map<string, Inode>()
        return new GeneratedDirectory(this.init(node.mode ?? 0o555), {
          names: () => Object.keys(node.entries),
          lookup: (name) => {
            const known = made.get(name)
            if (known) return known
            const entry = Object.hasOwn(node.entries, name) ? node.entries[name] : undefined
            if (!entry) return undefined
            const inode = this.build(entry)
            made.set(name, inode)
            return inode
          },
        })
      }
      case 'varying':
        return new GeneratedDirectory(this.init(0o555), {
          names: node.names,
          lookup: (name) => {
            const entry = node.node(name)
            return entry && this.build(entry)
          },
        })
    }
  }
}
