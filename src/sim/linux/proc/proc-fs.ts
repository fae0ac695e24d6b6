import { SystemError } from '../errors.ts'
import { DescriptorInode } from '../fs/descriptor-inode.ts'
import { GeneratedDirectory, GeneratedFile, GeneratedLink, MagicLink } from '../fs/generated.ts'
import { directory, file, link, TreeBuilder, type TreeNode } from '../fs/generated-tree.ts'
import type { FileSystem, Inode, Viewer } from '../fs/inode.ts'
import type { Location } from '../fs/mount.ts'
import { RegularFile } from '../fs/regular-file.ts'
import { walkerPath } from '../fs/walk.ts'
import type { Kernel } from '../kernel.ts'
import { unbound } from '../process/bound-file.ts'
import { KernelProcess } from '../process/kernel-process.ts'
import { NAMESPACE_KINDS, type PidNamespace } from '../process/namespaces.ts'
import { NamespaceInode } from './namespace-file.ts'
import { NET_ENTRIES } from './net-entries.ts'
import { PROCESS_ENTRIES, type ProcView, WRITABLE_ENTRIES } from './process-entries.ts'
import { sysctlTree } from './sysctl.ts'
import { SYSTEM_ENTRIES } from './system-entries.ts'

/** /proc as mounted from a PID namespace: its processes, and the whole machine's figures. */
export class ProcFs implements FileSystem {
  readonly type = 'proc'
  readonly source = 'proc'
  readonly options = ''
  readonly device: number
  readonly #kernel: Kernel
  readonly #pids: PidNamespace
  readonly #builder: TreeBuilder
  readonly #processes = new WeakMap<KernelProcess, Inode>()
  #root: Inode | undefined

  constructor(kernel: Kernel, pids: PidNamespace, device: number) {
    this.#kernel = kernel
    this.#pids = pids
    this.device = device
    this.#builder = new TreeBuilder(this, () => kernel.wallClock())
  }

  get root(): Inode {
    this.#root ??= this.#build()
    return this.#root
  }

  usage() {
    return { total: 0, used: 0, available: 0 }
  }

  #build(): Inode {
    let fixed: Inode | undefined
    const ofMachine = () => {
      fixed ??= this.#builder.build(this.#kernel.procTree)
      return fixed
    }
    const own = new GeneratedLink(this.#builder.init(0o777), (viewer) => String(this.#ownNumber(viewer)))
    const thread = new GeneratedLink(this.#builder.init(0o777), (viewer) => {
      const number = this.#ownNumber(viewer)
      return `${number}/task/${number}`
    })
    return new GeneratedDirectory(this.#builder.init(0o555), {
      names: (viewer) => [
        ...[...ofMachine().entries(viewer)].map(([name]) => name),
        'self',
        'thread-self',
        ...[...this.#pids.members.keys()].sort((a, b) => a - b).map(String),
      ],
      lookup: (name, viewer) => {
        if (name === 'self') return own
        if (name === 'thread-self') return thread
        if (/^[1-9]\d*$/.test(name)) {
          const process = this.#pids.members.get(Number(name))
          return process && this.#directoryOf(process)
        }
        return ofMachine().lookup(name, viewer)
      },
    })
  }

  #number(numbers: readonly number[] | undefined): number {
    return numbers?.[this.#pids.level] ?? 0
  }

  /** ENOENT for a reader that isn't in this PID namespace. */
  #ownNumber(viewer: Viewer | undefined): number {
    if (!(viewer instanceof KernelProcess)) throw new SystemError('ENOENT')
    const number = this.#number(viewer.numbers)
    if (number === 0 || this.#pids.members.get(number) !== viewer) throw new SystemError('ENOENT')
    return number
  }

  #view(viewer: Viewer | undefined): ProcView {
    return {
      number: (numbers) => this.#number(numbers),
      reader: viewer instanceof KernelProcess ? viewer : undefined,
      cgroupVersion: this.#kernel.cgroupVersion,
      cores: this.#kernel.cores,
    }
  }

  #directoryOf(process: KernelProcess): Inode {
    const known = this.#processes.get(process)
    if (known) return known
    const base = 100_000 + process.hostPid * 64
    const names = [...Object.keys(PROCESS_ENTRIES), 'cwd', 'exe', 'fd', 'net', 'ns', 'root', 'task'].sort()
    const init = (name: string, mode: number) => ({
      fs: this,
      number: base + names.indexOf(name) + 1,
      mode,
      time: this.#kernel.wallClock(),
      uid: process.credentials.uid,
      gid: process.credentials.gid,
    })
    const made = new Map<string, Inode>()
    const make = (name: string): Inode | undefined => {
      const entry = PROCESS_ENTRIES[name]
      if (entry) {
        const write = WRITABLE_ENTRIES[name]
        const mode = name === 'environ' ? 0o400 : write ? 0o644 : 0o444
        return new GeneratedFile(init(name, mode), {
          read: (viewer) => entry(process, this.#view(viewer)),
          ...(write ? { write: (text: string) => write(process, text) } : {}),
        })
      }
      switch (name) {
        case 'cwd':
          return placeLink(init(name, 0o777), process, () => process.cwdLocation)
        case 'root':
          return placeLink(init(name, 0o777), process, () => process.root)
        case 'exe':
          return placeLink(init(name, 0o777), process, () => {
            if (!process.exe || process.exitStatus) throw new SystemError('ENOENT')
            return process.exe
          })
        case 'fd':
          return this.#descriptors(process, init(name, 0o500))
        case 'net': {
          const tree: Record<string, TreeNode> = {}
          for (const [file_, read] of Object.entries(NET_ENTRIES))
            tree[file_] = file(() => read(process.namespaces.net))
          return this.#builder.build(directory(tree))
        }
        case 'ns':
          return namespaceDirectory(init, process)
        case 'task':
          return new GeneratedDirectory(init(name, 0o555), {
            names: () => [String(this.#number(process.numbers))],
            lookup: (task) => (task === String(this.#number(process.numbers)) ? thread : undefined),
          })
        default:
          return undefined
      }
    }
    // A thread's directory holds what its process's does, but no threads of its own.
    const thread = new GeneratedDirectory(
      { ...init('task', 0o555), number: base + 63 },
      {
        names: () => names.filter((name) => name !== 'task'),
        lookup: (name) => (name === 'task' ? undefined : directoryInode.lookup(name)),
      },
    )
    const directoryInode: GeneratedDirectory = new GeneratedDirectory(init('', 0o555), {
      names: () => names,
      lookup: (name) => {
        let inode = made.get(name)
        if (!inode) {
          inode = make(name)
          if (inode) made.set(name, inode)
        }
        return inode
      },
    })
    this.#processes.set(process, directoryInode)
    return directoryInode
  }

  #descriptors(process: KernelProcess, init: ConstructorParameters<typeof GeneratedDirectory>[0]): Inode {
    return new GeneratedDirectory(init, {
      names: () => [...process.fds.keys()].sort((a, b) => a - b).map(String),
      lookup: (name) => {
        const opened = process.fds.get(Number(name))
        if (!opened || !/^\d+$/.test(name)) return undefined
        const description = unbound(opened)
        const target = () => {
          if (description instanceof RegularFile) return walkerPath(process, description.location)
          if (description.path?.startsWith('/')) return description.path
          const { type, inode } = description.stat()
          return `${type === 'socket' ? 'socket' : 'pipe'}:[${inode}]`
        }
        return new MagicLink(
          { ...init, number: init.number + 1 + Number(name), mode: accessMode(description), size: 64 },
          target,
          (walker) => {
            if (description instanceof RegularFile) return description.location
            const path = description.path
            if (path?.startsWith('/')) return this.#kernel.locateFor(walker as KernelProcess, path)
            const inode = new DescriptorInode(description)
            return { mount: walker.root.mount, inode, parent: walker.root, name }
          },
        )
      },
    })
  }
}

/** The part of /proc that is the same from everywhere. */
export function machineTree(kernel: Kernel): TreeNode {
  const entries: Record<string, TreeNode> = {}
  for (const [name, read] of Object.entries(SYSTEM_ENTRIES)) entries[name] = file(() => read(kernel))
  for (const name of ['acpi', 'bus', 'driver', 'fs', 'irq', 'tty']) entries[name] = directory({})
  entries.mounts = link(() => 'self/mounts')
  entries.net = link(() => 'self/net')
  entries.sys = sysctlTree(kernel)
  return directory(entries)
}

/** The permissions /proc/PID/fd/N shows: how the file was opened. */
function accessMode(description: ReturnType<typeof unbound>): number {
  if (description instanceof RegularFile)
    return 0o100 | (description.readable ? 0o400 : 0) | (description.writable ? 0o200 : 0)
  if ('end' in description) return description.end === 'read' ? 0o500 : 0o300
  return 0o700
}

type Init = ConstructorParameters<typeof GeneratedDirectory>[0]

/** Reading another user's links takes ptrace's permission. */
function mayLook(viewer: Viewer | undefined, process: KernelProcess): void {
  if (!viewer) return
  const { uid, capabilities } = viewer.credentials
  if (uid !== process.credentials.uid && !capabilities.has('CAP_SYS_PTRACE')) throw new SystemError('EACCES')
}

function placeLink(init: Init, process: KernelProcess, place: () => Location): MagicLink {
  return new MagicLink(
    init,
    (viewer) => {
      mayLook(viewer, process)
      return viewer instanceof KernelProcess ? walkerPath(viewer, place()) : walkerPath(process, place())
    },
    (walker) => {
      mayLook(walker, process)
      return place()
    },
  )
}

function namespaceDirectory(init: (name: string, mode: number) => Init, process: KernelProcess): Inode {
  const names = [
    ...NAMESPACE_KINDS.flatMap((kind) => (kind === 'pid' || kind === 'time' ? [kind, `${kind}_for_children`] : [kind])),
  ]
  return new GeneratedDirectory(init('ns', 0o511), {
    names: () => names,
    lookup: (name) => {
      if (!names.includes(name)) return undefined
      const kind = name.replace('_for_children', '') as (typeof NAMESPACE_KINDS)[number]
      const namespace = () => (name === 'pid_for_children' ? process.pidNamespaceForChildren : process.namespaces[kind])
      return new MagicLink(
        { ...init('ns', 0o777), number: init('ns', 0).number * 64 + names.indexOf(name) },
        (viewer) => {
          mayLook(viewer, process)
          return `${kind}:[${namespace().id}]`
        },
        (walker) => {
          mayLook(walker, process)
          const inode = NamespaceInode.of(kind, namespace())
          return { mount: walker.root.mount, inode, parent: walker.root, name: `${kind}:[${namespace().id}]` }
        },
      )
    },
  })
}
