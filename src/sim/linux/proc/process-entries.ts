import { CONTROLLERS } from '../cgroup/cgroup.ts'
import { SystemError } from '../errors.ts'
import { capabilityMask } from '../process/capabilities.ts'
import type { KernelProcess } from '../process/kernel-process.ts'
import { SIGNALS, type Signal } from '../signals.ts'
import { mountinfoText, mountsText } from './mount-text.ts'

/** Who reads, and from which PID namespace the mount looks at processes. */
export interface ProcView {
  /** Number of a process as this /proc shows it; 0 when it is outside. */
  number(numbers: readonly number[] | undefined): number
  /** The reading process. */
  reader: KernelProcess | undefined
  cgroupVersion: 1 | 2
  cores: number
}

type Entry = (process: KernelProcess, view: ProcView) => string

const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1024)} kB`.padStart(11)

/** Text files of /proc/PID. */
export const PROCESS_ENTRIES: Readonly<Record<string, Entry>> = {
  cgroup: cgroupText,
  cmdline: (process) => (process.exitStatus || process.argv.length === 0 ? '' : `${process.argv.join('\0')}\0`),
  comm: (process) => `${process.comm}\n`,
  environ: (process) => [...process.env].map(([name, value]) => `${name}=${value}\0`).join(''),
  gid_map: (process) => mapText(process.namespaces.user.gidMap),
  limits: limitsText,
  loginuid: () => '4294967295',
  maps: () => '',
  mountinfo: (process) => mountinfoText(process),
  mounts: (process) => mountsText(process),
  oom_adj: (process) => `${Math.round((process.oomScoreAdjust * 17) / 1000)}\n`,
  oom_score: (process) => `${Math.max(0, 666 + process.oomScoreAdjust)}\n`,
  oom_score_adj: (process) => `${process.oomScoreAdjust}\n`,
  sessionid: () => '4294967295',
  setgroups: () => 'allow\n',
  stat: statText,
  statm: (process) =>
    `${pages(process.memory + 2_097_152)} ${pages(process.memory)} 300 1 0 ${pages(process.memory)} 0\n`,
  status: statusText,
  uid_map: (process) => mapText(process.namespaces.user.uidMap),
  wchan: () => '0',
}

export const WRITABLE_ENTRIES: Readonly<Record<string, (process: KernelProcess, text: string) => void>> = {
  comm: (process, text) => {
    process.comm = text.trim().slice(0, 15)
  },
  oom_score_adj: (process, text) => {
    const value = Number(text.trim())
    if (!Number.isInteger(value) || value < -1000 || value > 1000) throw new SystemError('EINVAL')
    process.oomScoreAdjust = value
  },
  uid_map: (process, text) => {
    process.namespaces.user.uidMap = parseMap(text, process.namespaces.user.uidMap)
  },
  gid_map: (process, text) => {
    process.namespaces.user.gidMap = parseMap(text, process.namespaces.user.gidMap)
  },
  setgroups: () => {},
}

function parseMap(text: string, old: readonly unknown[]): [number, number, number][] {
  if (old.length > 0) throw new SystemError('EPERM')
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [inside, outside, count] = line.trim().split(/\s+/).map(Number)
      if (inside === undefined || outside === undefined || count === undefined) throw new SystemError('EINVAL')
      return [inside, outside, count]
    })
}

function mapText(map: readonly (readonly number[])[]): string {
  return map.map((line) => `${line.map((n) => String(n).padStart(10)).join(' ')}\n`).join('')
}

const pages = (bytes: number) => Math.ceil(bytes / 4096)

function cgroupText(process: KernelProcess, view: ProcView): string {
  const root = view.reader?.namespaces.cgroup.root
  const base = root?.parent ? root.path : ''
  const shown = (path: string) => (base && path.startsWith(base) ? path.slice(base.length) || '/' : path)
  if (view.cgroupVersion === 2) return `0::${shown(process.cgroup('systemd').path)}\n`
  const lines = CONTROLLERS.map((controller, index) => {
    const name = controller === 'systemd' ? 'name=systemd' : controller
    return `${index + 1}:${name}:${shown(process.cgroup(controller).path)}\n`
  })
  return `${lines.reverse().join('')}0::/\n`
}

function ticks(ms: number): number {
  return Math.floor(ms / 10)
}

function statText(process: KernelProcess, view: ProcView): string {
  process.host.scheduler.settle()
  const { session } = process.processGroup
  const tty = session.tty
  const total = ticks(process.cpuTime)
  const user = Math.floor(total * 0.9)
  const children = ticks(process.childrenCpuTime)
  const numbers = [
    view.number(process.parent?.numbers),
    view.number(process.processGroup.numbers),
    view.number(session.numbers),
    tty ? (136 << 8) | tty.index : 0,
    tty?.foreground ? view.number(tty.foreground.numbers) : -1,
    4_194_304,
    120,
    0,
    0,
    0,
    user,
    total - user,
    Math.floor(children * 0.9),
    children - Math.floor(children * 0.9),
    20 + process.nice,
    process.nice,
    1,
    0,
    ticks(process.startedAt - process.host.bootedAt + process.host.uptimeAtBoot),
    process.exitStatus ? 0 : process.memory + 2_097_152,
    process.exitStatus ? 0 : pages(process.memory),
  ]
  const rest = '18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0'
  return `${view.number(process.numbers)} (${process.comm}) ${process.state} ${numbers.join(' ')} ${rest}\n`
}

const STATES = { R: 'running', S: 'sleeping', T: 'stopped', D: 'disk sleep', Z: 'zombie' } as const

function statusText(process: KernelProcess, view: ProcView): string {
  const { uid, gid, groups, capabilities } = process.credentials
  const inner = (numbers: readonly number[]) => {
    const level = view.reader ? view.reader.numbers.length - 1 : 0
    return numbers.slice(Math.min(level, numbers.length - 1)).join('\t')
  }
  const caps = capabilityMask(capabilities)
  const { state } = process
  const memory =
    state === 'Z'
      ? []
      : [
          `VmPeak:\t${kilobytes(process.memory + 2_097_152)}`,
          `VmSize:\t${kilobytes(process.memory + 2_097_152)}`,
          `VmHWM:\t${kilobytes(process.memory)}`,
          `VmRSS:\t${kilobytes(process.memory)}`,
          `VmSwap:\t${kilobytes(0)}`,
        ]
  return `${[
    `Name:\t${process.comm}`,
    `Umask:\t${process.umask.toString(8).padStart(4, '0')}`,
    `State:\t${state} (${STATES[state]})`,
    `Tgid:\t${view.number(process.numbers)}`,
    'Ngid:\t0',
    `Pid:\t${view.number(process.numbers)}`,
    `PPid:\t${view.number(process.parent?.numbers)}`,
    'TracerPid:\t0',
    `Uid:\t${uid}\t${uid}\t${uid}\t${uid}`,
    `Gid:\t${gid}\t${gid}\t${gid}\t${gid}`,
    'FDSize:\t64',
    `Groups:\t${groups.join(' ')} `,
    `NStgid:\t${inner(process.numbers)}`,
    `NSpid:\t${inner(process.numbers)}`,
    `NSpgid:\t${inner(process.processGroup.numbers)}`,
    `NSsid:\t${inner(process.processGroup.session.numbers)}`,
    ...memory,
    'Threads:\t1',
    'SigQ:\t0/31456',
    `SigPnd:\t${signalMask([])}`,
    `SigBlk:\t${signalMask([])}`,
    `SigIgn:\t${signalMask(process.ignoredSignals)}`,
    `SigCgt:\t${signalMask(process.caughtSignals)}`,
    `CapInh:\t${capabilityMask(new Set())}`,
    `CapPrm:\t${caps}`,
    `CapEff:\t${caps}`,
    `CapBnd:\t${caps}`,
    `CapAmb:\t${capabilityMask(new Set())}`,
    'NoNewPrivs:\t0',
    'Seccomp:\t0',
    `Cpus_allowed:\t${((1 << view.cores) - 1).toString(16)}`,
    `Cpus_allowed_list:\t${view.cores === 1 ? '0' : `0-${view.cores - 1}`}`,
    'voluntary_ctxt_switches:\t1',
    'nonvoluntary_ctxt_switches:\t0',
  ].join('\n')}\n`
}

function signalMask(signals: readonly Signal[]): string {
  let mask = 0n
  for (const signal of signals) mask |= 1n << BigInt(SIGNALS[signal] - 1)
  return mask.toString(16).padStart(16, '0')
}

function limitsText(process: KernelProcess): string {
  const row = (name: string, soft: string, hard: string, unit: string) =>
    `${name.padEnd(26)}${soft.padEnd(21)}${hard.padEnd(21)}${unit.padEnd(10)}\n`
  const shown = (value: number | undefined, otherwise = 'unlimited') =>
    value === undefined ? otherwise : String(value)
  const { limits } = process
  return [
    row('Limit', 'Soft Limit', 'Hard Limit', 'Units'),
    row('Max cpu time', shown(limits?.cpu), 'unlimited', 'seconds'),
    row('Max file size', shown(limits?.fileSize), 'unlimited', 'bytes'),
    row('Max data size', 'unlimited', 'unlimited', 'bytes'),
    row('Max stack size', '8388608', 'unlimited', 'bytes'),
    row('Max core file size', '0', 'unlimited', 'bytes'),
    row('Max resident set', 'unlimited', 'unlimited', 'bytes'),
    row('Max processes', shown(limits?.processes, '31456'), '31456', 'processes'),
    row('Max open files', shown(limits?.openFiles, '1024'), '1048576', 'files'),
    row('Max locked memory', '8388608', '8388608', 'bytes'),
    row('Max address space', 'unlimited', 'unlimited', 'bytes'),
    row('Max file locks', 'unlimited', 'unlimited', 'locks'),
    row('Max pending signals', '31456', '31456', 'signals'),
    row('Max msgqueue size', '819200', '819200', 'bytes'),
    row('Max nice priority', '0', '0', ''),
    row('Max realtime priority', '0', '0', ''),
    row('Max realtime timeout', 'unlimited', 'unlimited', 'us'),
  ].join('')
}
