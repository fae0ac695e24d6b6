import { SystemError } from '../errors.ts'
import type { FileBehaviour } from '../fs/generated.ts'
import { type Cgroup, type Controller, NO_MEMORY_LIMIT } from './cgroup.ts'
import { parseBytes, parseInteger } from './write-error.ts'

/** What files need of the machine. */
export interface CgroupMachine {
  readonly cores: number
  readonly memory: number
  /** Books CPU time up to now. */
  settle(): void
  changed(group: Cgroup): void
}

export interface CgroupFile extends FileBehaviour {
  mode?: number
  /** The root group has no such file. */
  notInRoot?: boolean
}

type Files = Readonly<Record<string, (group: Cgroup, machine: CgroupMachine) => CgroupFile>>

const number = (value: number) => `${Math.round(value)}\n`

/** A file that keeps what was written. */
function kept(name: string, initial: string): (group: Cgroup) => CgroupFile {
  return (group) => ({
    read: () => `${group.values?.get(name) ?? initial}\n`,
    write: (text) => {
      group.values ??= new Map()
      group.values.set(name, text.trim())
    },
  })
}

const fixed = (content: string) => (): CgroupFile => ({ read: () => content })

function quotaOf(group: Cgroup, quota: number, period: number): void {
  const above = group.parent
  const share = quota / period
  if (quota > 0 && above && above.cpuQuota > 0 && share > above.cpuQuota / above.cpuPeriod)
    throw new SystemError('EINVAL')
}

const CPU: Files = {
  'cpu.cfs_burst_us': kept('cpu.cfs_burst_us', '0'),
  'cpu.cfs_period_us': (group, machine) => ({
    notInRoot: true,
    read: () => number(group.cpuPeriod),
    write: (text) => {
      const value = parseInteger(text)
      if (value < 1000 || value > 1_000_000) throw new SystemError('EINVAL')
      quotaOf(group, group.cpuQuota, value)
      machine.settle()
      group.cpuPeriod = value
      machine.changed(group)
    },
  }),
  'cpu.cfs_quota_us': (group, machine) => ({
    notInRoot: true,
    read: () => number(group.cpuQuota),
    write: (text) => {
      const value = parseInteger(text)
      if (value >= 0 && value < 1000) throw new SystemError('EINVAL')
      quotaOf(group, value, group.cpuPeriod)
      machine.settle()
      group.cpuQuota = value < 0 ? -1 : value
      machine.changed(group)
    },
  }),
  'cpu.idle': kept('cpu.idle', '0'),
  'cpu.rt_period_us': kept('cpu.rt_period_us', '1000000'),
  'cpu.rt_runtime_us': kept('cpu.rt_runtime_us', '0'),
  'cpu.shares': (group, machine) => ({
    read: () => number(group.cpuShares),
    write: (text) => {
      const value = parseInteger(text)
      if (value < 0 || !group.parent) throw new SystemError('EINVAL')
      machine.settle()
      group.cpuShares = Math.min(262_144, Math.max(2, value))
      machine.changed(group)
    },
  }),
  'cpu.stat': (group, machine) => ({
    read: () => {
      machine.settle()
      const { periods, throttledPeriods, throttledTime } = group
      return `nr_periods ${Math.floor(periods)}\nnr_throttled ${Math.floor(throttledPeriods)}\nthrottled_time ${Math.round(throttledTime * 1e6)}\nnr_bursts 0\nburst_time 0\n`
    },
  }),
  'cpu.stat.local': (group, machine) => ({
    read: () => {
      machine.settle()
      return `throttled_time ${Math.round(group.throttledTime * 1e6)}\n`
    },
  }),
}

const usage = (group: Cgroup, machine: CgroupMachine) => {
  machine.settle()
  return Math.round(group.cpuUsage * 1e6)
}

const CPUACCT: Files = {
  'cpuacct.stat': (group, machine) => ({
    read: () => {
      const ticks = Math.floor(usage(group, machine) / 1e7)
      return `user ${Math.floor(ticks * 0.9)}\nsystem ${ticks - Math.floor(ticks * 0.9)}\n`
    },
  }),
  'cpuacct.usage': (group, machine) => ({ read: () => `${usage(group, machine)}\n`, write: () => {} }),
  'cpuacct.usage_percpu': (group, machine) => ({
    read: () => {
      const each = Math.floor(usage(group, machine) / machine.cores)
      return `${Array(machine.cores).fill(each).join(' ')} \n`
    },
  }),
  'cpuacct.usage_sys': (group, machine) => ({ read: () => `${Math.floor(usage(group, machine) * 0.1)}\n` }),
  'cpuacct.usage_user': (group, machine) => ({ read: () => `${Math.ceil(usage(group, machine) * 0.9)}\n` }),
}

const MEMORY: Files = {
  'memory.failcnt': (group) => ({
    read: () => number(group.memoryFailures),
    write: () => {
      group.memoryFailures = 0
    },
  }),
  'memory.force_empty': () => ({ write: () => {}, mode: 0o200 }),
  'memory.kmem.limit_in_bytes': kept('memory.kmem.limit_in_bytes', String(NO_MEMORY_LIMIT)),
  'memory.kmem.usage_in_bytes': fixed('0\n'),
  'memory.limit_in_bytes': (group) => ({
    read: () => bytes(group.memoryLimit),
    write: (text) => {
      const value = parseBytes(text, NO_MEMORY_LIMIT)
      if (!group.parent || value > group.memorySwapLimit) throw new SystemError('EINVAL')
      if (value < group.memoryUsage) throw new SystemError('EBUSY')
      group.memoryLimit = value
    },
  }),
  'memory.max_usage_in_bytes': (group) => ({
    read: () => number(group.memoryPeak),
    write: () => {
      group.memoryPeak = group.memoryUsage
    },
  }),
  'memory.memsw.failcnt': fixed('0\n'),
  'memory.memsw.limit_in_bytes': (group) => ({
    read: () => bytes(group.memorySwapLimit),
    write: (text) => {
      const value = parseBytes(text, NO_MEMORY_LIMIT)
      if (!group.parent || value < group.memoryLimit) throw new SystemError('EINVAL')
      group.memorySwapLimit = value
    },
  }),
  'memory.memsw.max_usage_in_bytes': (group) => ({ read: () => number(group.memoryPeak) }),
  'memory.memsw.usage_in_bytes': (group) => ({ read: () => number(group.memoryUsage) }),
  'memory.oom_control': (group) => ({
    read: () => `oom_kill_disable 0\nunder_oom 0\noom_kill ${group.oomKills}\n`,
    write: () => {},
  }),
  'memory.soft_limit_in_bytes': (group) => ({
    read: () => bytes(group.memoryReservation),
    write: (text) => {
      group.memoryReservation = parseBytes(text, NO_MEMORY_LIMIT)
    },
  }),
  'memory.stat': (group) => ({
    read: () =>
      `cache 0\nrss ${group.memoryUsage}\nrss_huge 0\nshmem 0\nmapped_file 0\ndirty 0\nwriteback 0\nswap 0\npgpgin 0\npgpgout 0\npgfault 0\npgmajfault 0\ninactive_anon 0\nactive_anon ${group.memoryUsage}\ninactive_file 0\nactive_file 0\nunevictable 0\nhierarchical_memory_limit ${bytes(group.memoryLimit)}hierarchical_memsw_limit ${bytes(group.memorySwapLimit)}total_cache 0\ntotal_rss ${group.memoryUsage}\n`,
  }),
  'memory.swappiness': kept('memory.swappiness', '60'),
  'memory.usage_in_bytes': (group) => ({ read: () => number(group.memoryUsage) }),
  'memory.use_hierarchy': fixed('1\n'),
}

/** JavaScript can't hold the kernel's largest limit exactly. */
function bytes(value: number): string {
  return value >= NO_MEMORY_LIMIT ? '9223372036854771712\n' : `${value}\n`
}

const PIDS: Files = {
  'pids.current': (group) => ({ notInRoot: true, read: () => number(group.pidsCurrent) }),
  'pids.events': () => ({ notInRoot: true, read: () => 'max 0\n' }),
  'pids.max': (group) => ({
    notInRoot: true,
    read: () => (group.pidsMax === Number.POSITIVE_INFINITY ? 'max\n' : number(group.pidsMax)),
    write: (text) => {
      const value = text.trim() === 'max' ? Number.POSITIVE_INFINITY : parseInteger(text)
      if (value < 0) throw new SystemError('EINVAL')
      group.pidsMax = value
    },
  }),
}

const FREEZER: Files = {
  'freezer.parent_freezing': (group) => ({ notInRoot: true, read: () => number(group.parent?.frozenNow ? 1 : 0) }),
  'freezer.self_freezing': (group) => ({ notInRoot: true, read: () => number(group.frozen ? 1 : 0) }),
  'freezer.state': (group, machine) => ({
    notInRoot: true,
    read: () => (group.frozenNow ? 'FROZEN\n' : 'THAWED\n'),
    write: (text) => {
      const state = text.trim()
      if (state !== 'FROZEN' && state !== 'THAWED') throw new SystemError('EINVAL')
      machine.settle()
      group.frozen = state === 'FROZEN'
      machine.changed(group)
    },
  }),
}

const CPUSET: Files = {
  'cpuset.cpu_exclusive': kept('cpuset.cpu_exclusive', '0'),
  'cpuset.cpus': (group, machine) => kept('cpuset.cpus', group.parent?.parent ? '' : allCpus(machine))(group),
  'cpuset.effective_cpus': (group, machine) => ({
    read: () => `${group.values?.get('cpuset.cpus') ?? allCpus(machine)}\n`,
  }),
  'cpuset.effective_mems': fixed('0\n'),
  'cpuset.mem_exclusive': kept('cpuset.mem_exclusive', '0'),
  'cpuset.memory_migrate': kept('cpuset.memory_migrate', '0'),
  'cpuset.mems': kept('cpuset.mems', '0'),
  'cpuset.sched_load_balance': kept('cpuset.sched_load_balance', '1'),
}

export function allCpus({ cores }: { cores: number }): string {
  return cores === 1 ? '0' : `0-${cores - 1}`
}

const DEVICES: Files = {
  'devices.allow': () => ({ notInRoot: true, write: () => {}, mode: 0o200 }),
  'devices.deny': () => ({ notInRoot: true, write: () => {}, mode: 0o200 }),
  'devices.list': fixed('a *:* rwm\n'),
}

const BLKIO: Files = {
  'blkio.reset_stats': () => ({ write: () => {}, mode: 0o200 }),
  'blkio.throttle.io_service_bytes': fixed('Total 0\n'),
  'blkio.throttle.io_serviced': fixed('Total 0\n'),
  'blkio.throttle.read_bps_device': kept('blkio.throttle.read_bps_device', ''),
  'blkio.throttle.read_iops_device': kept('blkio.throttle.read_iops_device', ''),
  'blkio.throttle.write_bps_device': kept('blkio.throttle.write_bps_device', ''),
  'blkio.throttle.write_iops_device': kept('blkio.throttle.write_iops_device', ''),
}

/** Files of each hierarchy beside those that all have (tasks, cgroup.procs, …). */
export const V1_FILES: Readonly<Record<Controller, Files>> = {
  cpu: CPU,
  cpuacct: CPUACCT,
  cpuset: CPUSET,
  memory: MEMORY,
  devices: DEVICES,
  freezer: FREEZER,
  blkio: BLKIO,
  pids: PIDS,
  systemd: {},
}
