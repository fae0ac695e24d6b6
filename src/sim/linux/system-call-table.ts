import { type Cgroup, CONTROLLERS, type Controller } from './cgroup/cgroup.ts'
import { SystemError } from './errors.ts'
import type { OpenFile } from './file.ts'
import type { Inode } from './fs/inode.ts'
import type { Location, Mount } from './fs/mount.ts'
import { fileSystemFor } from './fs/types.ts'
import { resolve } from './fs/walk.ts'
import type { Kernel } from './kernel.ts'
import type { NetworkNamespace } from './net/network-namespace.ts'
import { visibleMounts } from './proc/mount-text.ts'
import { NamespaceInode } from './proc/namespace-file.ts'
import { ALL_CAPABILITIES, USER_NAMESPACE_CAPABILITIES } from './process/capabilities.ts'
import type { KernelProcess } from './process/kernel-process.ts'
import type { NamespaceKind, NamespaceSet } from './process/namespaces.ts'
import type { Credentials, Process } from './process.ts'
import type { MountCall, ServiceUnit, SystemCalls } from './system-calls.ts'
import type { Pty } from './tty/pty.ts'

/** The privileged calls of one process. */
export class KernelCalls implements SystemCalls {
  readonly #kernel: Kernel
  readonly #process: KernelProcess

  constructor(kernel: Kernel, process: KernelProcess) {
    this.#kernel = kernel
    this.#process = process
  }

  get namespaces(): Readonly<NamespaceSet> {
    return this.#process.namespaces
  }

  unshare(kinds: readonly NamespaceKind[], options: { mapRoot?: boolean } = {}): void {
    const kernel = this.#kernel
    const process = this.#process
    if (kinds.includes('user')) {
      const { uid, gid } = process.credentials
      const user = {
        id: kernel.nextNamespaceId(),
        parent: process.namespaces.user,
        uidMap: [],
        gidMap: [],
      } as NamespaceSet['user']
      if (options.mapRoot) {
        user.uidMap = [[0, uid, 1]]
        user.gidMap = [[0, gid, 1]]
      }
      const shown = options.mapRoot ? 0 : 65_534
      process.namespaces = { ...process.namespaces, user }
      const { capabilities } = process.credentials
      process.credentials = {
        uid: shown,
        gid: shown,
        groups: [shown],
        outside: process.credentials.outside ?? { uid, gid },
        capabilities: capabilities.has('CAP_SYS_ADMIN') ? ALL_CAPABILITIES : USER_NAMESPACE_CAPABILITIES,
      }
    } else if (kinds.length > 0) this.#need('CAP_SYS_ADMIN')
    for (const kind of kinds) {
      if (kind === 'user') continue
      if (kind === 'mnt') {
        const { namespace, translate } = process.namespaces.mnt.clone(kernel.nextNamespaceId())
        this.#join('mnt', namespace)
        process.root = translate(process.root)
        process.cwdLocation = translate(process.cwdLocation)
      } else {
        const made = kernel.newNamespaces([kind], process.namespaces, process.baseCgroup)
        if (kind === 'net') made.net.pins = 0
        this.#join(kind, made[kind])
      }
    }
  }

  joinProcess(pid: number, kinds: readonly NamespaceKind[]): void {
    const target = this.#process.namespaces.pid.members.get(pid)
    if (!target || target.exitStatus) throw new SystemError('ESRCH')
    this.#need('CAP_SYS_ADMIN')
    for (const kind of kinds) {
      if (kind === 'user' && target.namespaces.user === this.#process.namespaces.user) continue
      this.#join(kind, target.namespaces[kind])
      if (kind !== 'mnt') continue
      this.#process.root = target.root
      this.#process.cwdLocation = target.root
    }
  }

  joinFile(path: string, kind?: NamespaceKind): void {
    const { inode } = resolve(this.#process, path)
    if (!(inode instanceof NamespaceInode) || (kind && inode.kind !== kind)) throw new SystemError('EINVAL', path)
    this.#need('CAP_SYS_ADMIN')
    this.#join(inode.kind, inode.namespace as NamespaceSet[NamespaceKind])
    if (inode.kind !== 'mnt') return
    this.#process.root = this.#process.namespaces.mnt.root
    this.#process.cwdLocation = this.#process.root
  }

  bindNamespace(kind: NamespaceKind, path: string): void {
    this.#need('CAP_SYS_ADMIN')
    const at = resolve(this.#process, path)
    const inode = NamespaceInode.of(kind, this.namespaces[kind])
    if (kind === 'net') this.namespaces.net.pins++
    this.namespaces.mnt.mount(at, { fs: inode.fs, root: inode, rootPath: `${kind}:[${inode.number}]` })
  }

  setHostname(name: string): void {
    this.#need('CAP_SYS_ADMIN')
    if (name.length > 64) throw new SystemError('EINVAL')
    this.namespaces.uts.hostname = name
  }

  setDomainname(name: string): void {
    this.#need('CAP_SYS_ADMIN')
    this.namespaces.uts.domainname = name
  }

  setTime(ms: number): void {
    this.#need('CAP_SYS_TIME')
    this.#kernel.clockOffset += ms - this.#kernel.wallClock()
  }

  chroot(path: string): void {
    const location = this.#directory(path)
    this.#need('CAP_SYS_CHROOT')
    this.#process.root = location
  }

  pivotRoot(newRoot: string, putOld: string): void {
    this.#need('CAP_SYS_ADMIN')
    const to = this.#directory(newRoot)
    const old = this.#directory(putOld)
    const namespace = this.namespaces.mnt
    const before = this.#process.root
    namespace.pivot(to, old)
    for (const process of this.#kernel.processes) {
      if (process.namespaces.mnt !== namespace || process.root.inode !== before.inode) continue
      process.root = namespace.root
      process.cwdLocation = namespace.root
    }
  }

  mount(call: MountCall): void {
    this.#need('CAP_SYS_ADMIN')
    const at = resolve(this.#process, call.target)
    const flags = mountFlags(call)
    if (call.remount) {
      if (at.inode !== at.mount.root) throw new SystemError('EINVAL', call.target)
      at.mount.options = { ...at.mount.options, ...flags, readonly: flags.readonly ?? false }
      return
    }
    const namespace = this.namespaces.mnt
    if (call.bind) {
      const from = resolve(this.#process, call.source)
      if ((from.inode.type === 'directory') !== (at.inode.type === 'directory'))
        throw new SystemError('ENOTDIR', call.target)
      const below = call.recursive ? this.#below(from) : []
      namespace.mount(at, {
        fs: from.mount.fs,
        root: from.inode,
        rootPath: this.#pathInMount(from),
        source: from.mount.source,
        options: { ...from.mount.options, ...flags },
      })
      for (const { mount, path } of below)
        namespace.mount(resolve(this.#process, `${call.target}${path}`), {
          fs: mount.fs,
          root: mount.root,
          rootPath: mount.rootPath,
          source: mount.source,
          options: mount.options,
        })
      return
    }
    if (at.inode.type !== 'directory') throw new SystemError('ENOTDIR', call.target)
    const fs = fileSystemFor(this.#kernel, this.#process, call)
    namespace.mount(at, { fs, source: call.type === 'nfs' ? call.source : call.source || fs.source, options: flags })
  }

  unmount(path: string, options: { recursive?: boolean; lazy?: boolean } = {}): void {
    const at = resolve(this.#process, path)
    this.#need('CAP_SYS_ADMIN')
    if (at.inode !== at.mount.root || !at.mount.at) throw new SystemError('EINVAL', path)
    const namespace = this.namespaces.mnt
    if (options.recursive || options.lazy) {
      namespace.detach(at.mount)
      this.#unpin(at.mount.root)
      return
    }
    for (const process of this.#kernel.processes)
      if (!process.exitStatus && (process.cwdLocation.mount === at.mount || process.root.mount === at.mount))
        throw new SystemError('EBUSY', path)
    namespace.unmount(at.mount)
    this.#unpin(at.mount.root)
  }

  /** A network namespace that only a mount kept goes with it. */
  #unpin(root: Inode): void {
    if (!(root instanceof NamespaceInode) || root.kind !== 'net') return
    const net = root.namespace as NetworkNamespace
    net.pins--
    this.#kernel.releaseNetwork(net)
  }

  mounts(): { mount: Mount; path: string }[] {
    return visibleMounts(this.#process)
  }

  kernelLog(): readonly { time: number; text: string }[] {
    return this.#kernel.log
  }

  get modules(): Set<string> {
    return this.#kernel.modules
  }

  get swaps(): { path: string; kind: 'partition' | 'file'; size: number }[] {
    return this.#kernel.swaps
  }

  get units(): Map<string, ServiceUnit> {
    return this.#kernel.units
  }

  locate(path: string, followLinks = true): Location {
    return resolve(this.#process, path, followLinks)
  }

  usage(path: string) {
    const { mount } = resolve(this.#process, path)
    return { fs: mount.fs, mount, ...mount.fs.usage() }
  }

  getXattrs(path: string): ReadonlyMap<string, string> {
    const { inode } = resolve(this.#process, path)
    const trusted = this.#process.credentials.capabilities.has('CAP_SYS_ADMIN')
    const names = inode.xattrNames().filter((name) => trusted || !name.startsWith('trusted.'))
    return new Map(names.map((name) => [name, inode.getXattr(name) ?? '']))
  }

  setXattr(path: string, name: string, value: string): void {
    if (name.startsWith('trusted.')) this.#need('CAP_SYS_ADMIN')
    resolve(this.#process, path).inode.forChange().setXattr(name, value)
  }

  get invoker(): Credentials {
    return this.#process.invoker ?? this.#process.credentials
  }

  setCredentials(credentials: Credentials): void {
    const now = this.#process.credentials
    const raises = credentials.uid !== now.uid || credentials.gid !== now.gid
    if (raises && !now.capabilities.has('CAP_SETUID')) throw new SystemError('EPERM')
    this.#process.credentials = credentials
  }

  setCwdTo(location: Location): void {
    this.#process.cwdLocation = location
  }

  setLimit(name: 'fileSize' | 'processes' | 'openFiles' | 'cpu', value: number | undefined): void {
    const limits = { ...this.#process.limits }
    if (value === undefined) delete limits[name]
    else limits[name] = value
    this.#process.limits = limits
  }

  limit(name: 'fileSize' | 'processes' | 'openFiles' | 'cpu'): number | undefined {
    return this.#process.limits?.[name]
  }

  openPty(): { pty: Pty; master: OpenFile; slave: OpenFile } {
    const { pty, master, slave } = this.#kernel.openPty()
    return { pty, master: this.#process.bind(master), slave: this.#process.bind(slave) }
  }

  get terminal(): Pty | undefined {
    return this.#process.processGroup.session.tty
  }

  processes(): readonly Process[] {
    return [...this.namespaces.pid.members.values()]
  }

  reapOrphans(): void {
    this.#process.reapsOrphans = true
  }

  get network(): NetworkNamespace {
    return this.namespaces.net
  }

  cgroup(controller = 'systemd'): Cgroup {
    return this.#process.cgroup(
      (CONTROLLERS as readonly string[]).includes(controller) ? (controller as Controller) : 'systemd',
    )
  }

  setTitle(title: string): void {
    this.#process.argv = [title]
  }

  get nice(): number {
    return this.#process.nice
  }
  set nice(value: number) {
    if (value < this.#process.nice && !this.#process.credentials.capabilities.has('CAP_SYS_NICE'))
      throw new SystemError('EACCES')
    this.#process.nice = Math.max(-20, Math.min(19, value))
  }

  #join<K extends NamespaceKind>(kind: K, namespace: NamespaceSet[K]): void {
    if (kind === 'pid') this.#process.pidNamespaceForChildren = namespace as NamespaceSet['pid']
    else this.#process.namespaces = { ...this.#process.namespaces, [kind]: namespace }
    if (kind === 'net') this.#process.forgetNetwork()
  }

  #need(capability: string): void {
    if (!this.#process.credentials.capabilities.has(capability)) throw new SystemError('EPERM')
  }

  #directory(path: string): Location {
    const location = resolve(this.#process, path)
    if (location.inode.type !== 'directory') throw new SystemError('ENOTDIR', path)
    return location
  }

  /** The path of a location within its own filesystem. */
  #pathInMount(location: Location): string {
    const names: string[] = []
    for (let at: Location | undefined = location; at && at.inode !== location.mount.root; at = at.parent)
      names.unshift(at.name)
    const base = location.mount.rootPath === '/' ? '' : location.mount.rootPath
    return `${base}/${names.join('/')}`.replace(/(.)\/$/, '$1')
  }

  /** Mounts below a directory, with their paths from it. */
  #below(from: Location): { mount: Mount; path: string }[] {
    const found: { mount: Mount; path: string }[] = []
    for (const mount of this.namespaces.mnt.mounts) {
      if (!mount.at) continue
      const names = pathBetween(mount.at, from.inode)
      if (names) found.push({ mount, path: `/${names.join('/')}` })
    }
    return found
  }
}

function pathBetween(location: Location, top: Inode): string[] | undefined {
  const names: string[] = []
  for (let at: Location | undefined = location; at; at = at.parent) {
    if (at.inode === top) return names.length > 0 ? names : undefined
    names.unshift(at.name)
  }
  return undefined
}

function mountFlags(call: MountCall): { readonly?: boolean; nosuid?: boolean; nodev?: boolean; noexec?: boolean } {
  const options = new Set(call.options ?? [])
  return {
    ...(call.readonly || options.has('ro') ? { readonly: true } : options.has('rw') ? { readonly: false } : {}),
    ...(options.has('nosuid') ? { nosuid: true } : {}),
    ...(options.has('nodev') ? { nodev: true } : {}),
    ...(options.has('noexec') ? { noexec: true } : {}),
  }
}
