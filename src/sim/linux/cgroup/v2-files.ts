import { SystemError } from '../errors.ts'
import { type Cgroup, NO_MEMORY_LIMIT } from './cgroup.ts'
import { allCpus, type CgroupFile, type CgroupMachine } from './v1-files.ts'
import { parseBytes, parseInteger } from './write-error.ts'

type Files = Readonly<Record<string, (group: Cgroup, machine: CgroupMachine) => CgroupFile>>

const limit = (value: number) => (value >= NO_MEMORY_LIMIT ? 'max\n' : `${value}\n`)
const bytesOrMax = (text: string) => (text.trim() === 'max' ? NO_MEMORY_LIMIT : parseBytes(text, NO_MEMORY_LIMIT))

/** cpu.weight from cpu.shares, as container runtimes convert them. */
export function weightOf(shares: number): number {
  return Math.floor(1 + ((shares - 2) * 9999) / 262_142)
}

/** Files of the unified hierarchy. */
export const V2_FILES: Files = {
  'cgroup.controllers': () => ({ read: () => 'cpuset cpu io memory pids\n' }),
  'cgroup.events': (group) => ({
    notInRoot: true,
    read: () => `populated ${group.pidsCurrent > 0 ? 1 : 0}\nfrozen ${group.frozenNow ? 1 : 0}\n`,
  }),
  'cgroup.freeze': (group, machine) => ({
    notInRoot: true,
    read: () => `${group.frozen ? 1 : 0}\n`,
    write: (text) => {
      machine.settle()
      group.frozen = parseInteger(text) === 1
      machine.changed(group)
    },
  }),
  'cgroup.stat': (group) => ({ read: () => `nr_descendants ${group.children?.size ?? 0}\nnr_dying_descendants 0\n` }),
  'cgroup.subtree_control': (group) => ({
    read: () => `${group.values?.get('subtree') ?? 'cpuset cpu io memory pids'}\n`,
    write: () => {},
  }),
  'cgroup.type': () => ({ notInRoot: true, read: () => 'domain\n', write: () => {} }),
  'cpu.max': (group, machine) => ({
    notInRoot: true,
    read: () => `${group.cpuQuota < 0 ? 'max' : group.cpuQuota} ${group.cpuPeriod}\n`,
    write: (text) => {
      const [quota = '', period] = text.trim().split(/\s+/)
      const every = period === undefined ? group.cpuPeriod : parseInteger(period)
      const value = quota === 'max' ? -1 : parseInteger(quota)
      if (every < 1000 || every > 1_000_000 || (quota !== 'max' && value < 1000)) throw new SystemError('EINVAL')
      machine.settle()
      group.cpuQuota = value
      group.cpuPeriod = every
      machine.changed(group)
    },
  }),
  'cpu.stat': (group, machine) => ({
    read: () => {
      machine.settle()
      const used = Math.round(group.cpuUsage * 1000)
      const user = Math.round(used * 0.9)
      const { periods, throttledPeriods, throttledTime } = group
      return `usage_usec ${used}\nuser_usec ${user}\nsystem_usec ${used - user}\nnr_periods ${Math.floor(periods)}\nnr_throttled ${Math.floor(throttledPeriods)}\nthrottled_usec ${Math.round(throttledTime * 1000)}\nnr_bursts 0\nburst_usec 0\n`
    },
  }),
  'cpu.weight': (group, machine) => ({
    notInRoot: true,
    read: () => `${weightOf(group.cpuShares)}\n`,
    write: (text) => {
      const value = parseInteger(text)
      if (value < 1 || value > 10_000) throw new SystemError('ERANGE')
      machine.settle()
      group.cpuShares = Math.round(2 + ((value - 1) * 262_142) / 9999)
      machine.changed(group)
    },
  }),
  'cpuset.cpus': (group) => ({
    notInRoot: true,
    read: () => `${group.values?.get('cpuset.cpus') ?? ''}\n`,
    write: (text) => {
      group.values ??= new Map()
      group.values.set('cpuset.cpus', text.trim())
    },
  }),
  'cpuset.cpus.effective': (group, machine) => ({
    read: () => `${group.values?.get('cpuset.cpus') || allCpus(machine)}\n`,
  }),
  'io.stat': () => ({ read: () => '' }),
  'memory.current': (group) => ({ notInRoot: true, read: () => `${group.memoryUsage}\n` }),
  'memory.events': (group) => ({
    notInRoot: true,
    read: () =>
      `low 0\nhigh 0\nmax ${group.memoryFailures}\noom ${group.memoryFailures}\noom_kill ${group.oomKills}\noom_group_kill 0\n`,
  }),
  'memory.oom.group': (group) => ({
    notInRoot: true,
    read: () => `${group.oomGroup ? 1 : 0}\n`,
    write: (text) => {
      group.oomGroup = parseInteger(text) !== 0
    },
  }),
  'memory.high': () => ({ notInRoot: true, read: () => 'max\n', write: () => {} }),
  'memory.low': () => ({ notInRoot: true, read: () => '0\n', write: () => {} }),
  'memory.max': (group) => ({
    notInRoot: true,
    read: () => limit(group.memoryLimit),
    write: (text) => {
      group.memoryLimit = bytesOrMax(text)
    },
  }),
  'memory.min': () => ({ notInRoot: true, read: () => '0\n', write: () => {} }),
  'memory.peak': (group) => ({ notInRoot: true, read: () => `${group.memoryPeak}\n` }),
  'memory.stat': (group) => ({ read: () => `anon ${group.memoryUsage}\nfile 0\nkernel 0\n` }),
  'memory.swap.current': () => ({ notInRoot: true, read: () => '0\n' }),
  'memory.swap.max': (group) => ({
    notInRoot: true,
    read: () =>
      limit(
        group.memorySwapLimit >= NO_MEMORY_LIMIT
          ? NO_MEMORY_LIMIT
          : Math.max(0, group.memorySwapLimit - group.memoryLimit),
      ),
    write: (text) => {
      const value = bytesOrMax(text)
      group.memorySwapLimit = value >= NO_MEMORY_LIMIT ? NO_MEMORY_LIMIT : group.memoryLimit + value
    },
  }),
  'pids.current': (group) => ({ notInRoot: true, read: () => `${group.pidsCurrent}\n` }),
  'pids.events': () => ({ notInRoot: true, read: () => 'max 0\n' }),
  'pids.max': (group) => ({
    notInRoot: true,
    read: () => (group.pidsMax === Number.POSITIVE_INFINITY ? 'max\n' : `${group.pidsMax}\n`),
    write: (text) => {
      group.pidsMax = text.trim() === 'max' ? Number.POSITIVE_INFINITY : parseInteger(text)
    },
  }),
}
