import type { Cgroup } from './cgroup/cgroup.ts'
import type { OpenFile } from './file.ts'
import type { FileSystem } from './fs/inode.ts'
import type { Location, Mount } from './fs/mount.ts'
import type { NetworkNamespace } from './net/network-namespace.ts'
import type { NamespaceKind, NamespaceSet } from './process/namespaces.ts'
import type { Credentials, Process } from './process.ts'
import type { Pty } from './tty/pty.ts'

export interface MountCall {
  /** `tmpfs`, `proc`, `overlay`, `sysfs`, `cgroup`, `nfs`, …; ignored for bind and remount. ENODEV when unknown. */
  type?: string
  /** Device, server path or bound path. */
  source: string
  target: string
  bind?: boolean
  /** With everything mounted below the source. */
  recursive?: boolean
  remount?: boolean
  readonly?: boolean
  /** `-o`, without what the fields above say: `size=10m`, `lowerdir=…`. */
  options?: readonly string[]
}

/** A service that the machine's init keeps: what systemctl starts and stops. */
export interface ServiceUnit {
  readonly description: string
  /** Started when the machine is. */
  enabled: boolean
  readonly running: boolean
  /** `activating (auto-restart)`, when it is neither running nor dead. */
  readonly state?: string
  /** Number of its main process while it runs. */
  readonly mainPid?: number
  /** What it wrote, for systemctl status and journalctl: ms since 1970 and the line. */
  readonly log: readonly { time: number; text: string }[]
  start(): void
  stop(): void
}

/** What a process may ask of the kernel beyond files, sockets and processes; each needs its capability (EPERM). */
export interface SystemCalls {
  readonly namespaces: Readonly<NamespaceSet>
  /** unshare(2). `pid` takes effect for the children (the first becomes process 1). */
  unshare(kinds: readonly NamespaceKind[], options?: { mapRoot?: boolean }): void
  /** setns(2) to a namespace of another process. ESRCH, EPERM. */
  joinProcess(pid: number, kinds: readonly NamespaceKind[]): void
  /** setns(2) by a namespace file: /proc/PID/ns/net, /run/netns/blue. EINVAL when it is none. */
  joinFile(path: string, kind?: NamespaceKind): void
  /** Keeps a namespace alive under a name: `ip netns add`. */
  bindNamespace(kind: NamespaceKind, path: string): void
  setHostname(name: string): void
  setDomainname(name: string): void
  /** ms since 1970: moves the machine's clock. Needs CAP_SYS_TIME. */
  setTime(ms: number): void
  chroot(path: string): void
  pivotRoot(newRoot: string, putOld: string): void
  mount(call: MountCall): void
  /** EINVAL when nothing is mounted there, EBUSY when in use. */
  unmount(path: string, options?: { recursive?: boolean; lazy?: boolean }): void
  /** Mounts of this namespace that are visible from its root, with their paths. */
  mounts(): { mount: Mount; path: string }[]
  /** dmesg: ms since boot and the line. */
  kernelLog(): readonly { time: number; text: string }[]
  /** Loaded kernel modules; modprobe adds to it. */
  readonly modules: Set<string>
  /** Swap areas; swapoff empties it. */
  readonly swaps: { path: string; kind: 'partition' | 'file'; size: number }[]
  /** Services of this machine by name, without `.service`. */
  readonly units: Map<string, ServiceUnit>
  locate(path: string, followLinks?: boolean): Location
  /** statfs(2). */
  usage(path: string): { fs: FileSystem; mount: Mount; total: number; used: number; available: number }
  getXattrs(path: string): ReadonlyMap<string, string>
  setXattr(path: string, name: string, value: string): void
  /** Who started a set-uid program (sudo, su); its own credentials otherwise. */
  readonly invoker: Credentials
  /** setuid(2) and friends. EPERM without the capability. */
  setCredentials(credentials: Credentials): void
  setCwdTo(location: Location): void
  /** setrlimit(2); undefined is unlimited. */
  setLimit(name: 'fileSize' | 'processes' | 'openFiles' | 'cpu', value: number | undefined): void
  limit(name: 'fileSize' | 'processes' | 'openFiles' | 'cpu'): number | undefined
  /** A new pseudo terminal (posix_openpt). */
  openPty(): { pty: Pty; master: OpenFile; slave: OpenFile }
  /** The process's own terminal, whatever its descriptors are. */
  readonly terminal: Pty | undefined
  /** Processes of the own PID namespace (for pgrep and the like; ps reads /proc). */
  processes(): readonly Process[]
  /** prctl(PR_SET_CHILD_SUBREAPER), and ends orphans by itself as an init does. */
  reapOrphans(): void
  readonly network: NetworkNamespace
  /** The group of a hierarchy (`cpu`, `memory`, …) the process is in. */
  cgroup(controller?: string): Cgroup
  /** What ps shows instead of the arguments: `nginx: worker process`. */
  setTitle(title: string): void
  /** nice(1) and renice: -20 to 19. */
  nice: number
}
