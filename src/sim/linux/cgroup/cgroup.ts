/** v1 hierarchies in the order of /proc/PID/cgroup (numbered from 1), then the unified one (0). */
export const CONTROLLERS = [
  'cpu',
  'cpuacct',
  'cpuset',
  'memory',
  'devices',
  'freezer',
  'blkio',
  'pids',
  'systemd',
] as const

export type Controller = (typeof CONTROLLERS)[number]

/** No limit, as memory.limit_in_bytes shows it. */
export const NO_MEMORY_LIMIT = 2 ** 63 - 4096

/**
 * A control group. One tree serves all v1 hierarchies and v2: a group may be present in only some hierarchies
 * (`mkdir /sys/fs/cgroup/cpu/x`), which costs nothing for the usual case of all.
 */
export class Cgroup {
  readonly name: string
  readonly parent: Cgroup | undefined
  /** Hierarchies in which its folder exists; undefined: all of them. */
  present: Set<Controller> | undefined
  children: Map<string, Cgroup> | undefined

  cpuShares = 1024
  /** Microseconds per period; -1 is unlimited. */
  cpuQuota = -1
  cpuPeriod = 100_000
  /** CPU ms used by all processes at and below, ever. */
  cpuUsage = 0
  periods = 0
  throttledPeriods = 0
  /** ms */
  throttledTime = 0

  /** Bytes. */
  memoryLimit = NO_MEMORY_LIMIT
  /** Memory and swap. */
  memorySwapLimit = NO_MEMORY_LIMIT
  memoryReservation = NO_MEMORY_LIMIT
  memoryUsage = 0
  memoryPeak = 0
  memoryFailures = 0
  oomKills = 0
  /** The OOM killer takes all of the group with the one it chose. */
  oomGroup = false
  /** Told when the OOM killer chose a process of this group. */
  onOom: (() => void) | undefined

  pidsMax = Number.POSITIVE_INFINITY
  pidsCurrent = 0
  frozen = false
  /** Other files that were written, kept as written: `cpuset.cpus`, `devices.allow`. */
  values: Map<string, string> | undefined

  constructor(name: string, parent: Cgroup | undefined, present?: Set<Controller>) {
    this.name = name
    this.parent = parent
    this.present = present
  }

  /** `/docker/5737…`; `/` for the root. */
  get path(): string {
    if (!this.parent) return '/'
    const above = this.parent.path
    return above === '/' ? `/${this.name}` : `${above}/${this.name}`
  }

  isIn(controller: Controller): boolean {
    return this.present === undefined || this.present.has(controller)
  }

  /** Whether it or one above is frozen. */
  get frozenNow(): boolean {
    return this.frozen || (this.parent?.frozenNow ?? false)
  }

  child(name: string): Cgroup | undefined {
    return this.children?.get(name)
  }

  /** Finds or makes the group of a path in all hierarchies. */
  ensure(path: string): Cgroup {
    let at: Cgroup = this
    for (const name of path.split('/')) {
      if (name === '') continue
      let next = at.child(name)
      if (!next) {
        next = new Cgroup(name, at)
        at.children ??= new Map()
        at.children.set(name, next)
      }
      next.present = undefined
      at = next
    }
    return at
  }

  find(path: string): Cgroup | undefined {
    let at: Cgroup | undefined = this
    for (const name of path.split('/')) if (name !== '') at = at?.child(name)
    return at
  }

  /** rmdir in one hierarchy, or in all. */
  remove(controller?: Controller): void {
    if (controller) {
      this.present ??= new Set(CONTROLLERS)
      this.present.delete(controller)
      if (this.present.size > 0) return
    }
    this.parent?.children?.delete(this.name)
  }

  /** It and its ancestors, itself first. */
  *lineage(): Generator<Cgroup> {
    let at: Cgroup | undefined = this
    while (at) {
      yield at
      at = at.parent
    }
  }
}
