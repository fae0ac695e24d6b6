import type { Cgroup } from '../cgroup/cgroup.ts'
import type { MountNamespace } from '../fs/mount-namespace.ts'
import type { NetworkNamespace } from '../net/network-namespace.ts'
import type { KernelProcess } from './kernel-process.ts'

export const NAMESPACE_KINDS = ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'time', 'user', 'uts'] as const
export type NamespaceKind = (typeof NAMESPACE_KINDS)[number]

/** A namespace is known by the inode number that /proc/PID/ns shows. */
export interface Namespace {
  readonly id: number
}

export interface UtsNamespace extends Namespace {
  hostname: string
  domainname: string
}

export interface UserNamespace extends Namespace {
  readonly parent: UserNamespace | undefined
  /** Lines of /proc/PID/uid_map: inside, outside, count. */
  uidMap: [number, number, number][]
  gidMap: [number, number, number][]
}

export interface CgroupNamespace extends Namespace {
  /** What /proc/PID/cgroup shows as `/`. */
  readonly root: Cgroup
}

/** Process numbers of their own, counted from 1; its members are visible in all namespaces above. */
export class PidNamespace implements Namespace {
  readonly id: number
  readonly parent: PidNamespace | undefined
  readonly level: number
  readonly members = new Map<number, KernelProcess>()
  /** Process 1; once it has ended nothing can be started here any more. */
  init: KernelProcess | undefined
  dead = false
  #last = 0

  constructor(id: number, parent: PidNamespace | undefined) {
    this.id = id
    this.parent = parent
    this.level = parent ? parent.level + 1 : 0
  }

  allocate(): number {
    do this.#last = this.#last >= 4_194_303 ? 300 : this.#last + 1
    while (this.members.has(this.#last))
    return this.#last
  }

  /** Skips numbers, so that a machine that has run for a while looks like one. */
  skipTo(pid: number): void {
    this.#last = Math.max(this.#last, pid - 1)
  }

  get lastPid(): number {
    return this.#last
  }
}

export interface NamespaceSet {
  pid: PidNamespace
  mnt: MountNamespace
  uts: UtsNamespace
  ipc: Namespace
  net: NetworkNamespace
  user: UserNamespace
  cgroup: CgroupNamespace
  time: Namespace
}
