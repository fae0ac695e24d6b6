import { GeneratedFile } from '../fs/generated.ts'
import type { FileSystem, Inode } from '../fs/inode.ts'
import type { Namespace, NamespaceKind } from '../process/namespaces.ts'

/** nsfs: the filesystem of namespace files. */
class NamespaceFs implements FileSystem {
  readonly type = 'nsfs'
  readonly source = 'nsfs'
  readonly options = ''
  readonly device = 4
  get root(): Inode {
    throw new Error('nsfs has no root')
  }
  usage() {
    return { total: 0, used: 0, available: 0 }
  }
}

const FS = new NamespaceFs()

/** The file behind /proc/PID/ns/KIND; its inode number identifies the namespace. */
export class NamespaceInode extends GeneratedFile {
  readonly kind: NamespaceKind
  readonly namespace: Namespace

  private constructor(kind: NamespaceKind, namespace: Namespace) {
    super({ fs: FS, number: namespace.id, mode: 0o444, time: 0 }, {})
    this.kind = kind
    this.namespace = namespace
  }

  static of(kind: NamespaceKind, namespace: Namespace): NamespaceInode {
    return new NamespaceInode(kind, namespace)
  }
}
