import type { Kernel } from '../kernel.ts'

const FILESYSTEMS = [
  'sysfs',
  'tmpfs',
  'bdev',
  'proc',
  'cgroup',
  'cgroup2',
  'devtmpfs',
  'pipefs',
  'devpts',
  'mqueue',
  'overlay',
  'nfs',
  'nfs4',
  'ext4',
]

/** Text files of /proc that tell of the whole machine: no namespace hides them. */
export const SYSTEM_ENTRIES: Readonly<Record<string, (kernel: Kernel) => string>> = {
  cgroups: () =>
    `#subsys_name\thierarchy\tnum_cgroups\tenabled\n${['cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'freezer', 'blkio', 'pids'].map((name, i) => `${name}\t${i + 1}\t1\t1\n`).join('')}`,
  cmdline: () => 'BOOT_IMAGE=/boot/vmlinuz root=/dev/vda ro quiet\n',
  cpuinfo: cpuinfoText,
  devices: () =>
    'Character devices:\n  1 mem\n  5 /dev/tty\n  5 /dev/console\n136 pts\n\nBlock devices:\n254 virtblk\n',
  diskstats: () => ' 254       0 vda 1000 0 8000 100 500 0 4000 50 0 100 150\n',
  filesystems: () => FILESYSTEMS.map((name) => (name === 'ext4' ? '\text4\n' : `nodev\t${name}\n`)).join(''),
  interrupts: (kernel) => `${Array.from({ length: kernel.cores }, (_, i) => `CPU${i}`.padStart(16)).join('')}\n`,
  keys: () => '',
  loadavg: loadavgText,
  meminfo: meminfoText,
  modules: (kernel) => [...kernel.modules].map((name) => `${name} 32768 0 - Live 0x0000000000000000\n`).join(''),
  partitions: () => 'major minor  #blocks  name\n\n 254        0   41943040 vda\n',
  stat: statText,
  swaps: (kernel) =>
    `Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n${kernel.swaps.map((swap) => `${swap.path.padEnd(40)}${swap.kind.padEnd(16)}${Math.floor(swap.size / 1024)}\t\t0\t\t-2\n`).join('')}`,
  timer_list: () => '',
  uptime: (kernel) => {
    const seconds = (kernel.world.clock.now - kernel.bootedAt + kernel.uptimeAtBoot) / 1000
    const idle = Math.max(0, seconds * kernel.cores - kernel.scheduler.busy / 1000)
    return `${seconds.toFixed(2)} ${idle.toFixed(2)}\n`
  },
  version: (kernel) =>
    `Linux version ${kernel.kernelRelease} (builder@kubebook) (gcc (Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) ${kernel.kernelVersion}\n`,
}

function cpuinfoText({ cores }: Kernel): string {
  return Array.from(
    { length: cores },
    (_, index) =>
      `${[
        `processor\t: ${index}`,
        'vendor_id\t: GenuineIntel',
        'cpu family\t: 6',
        'model\t\t: 143',
        'model name\t: Kubebook Virtual CPU @ 2.60GHz',
        'stepping\t: 8',
        'microcode\t: 0x1',
        'cpu MHz\t\t: 2600.000',
        'cache size\t: 16384 KB',
        'physical id\t: 0',
        `siblings\t: ${cores}`,
        `core id\t\t: ${index}`,
        `cpu cores\t: ${cores}`,
        'fpu\t\t: yes',
        'flags\t\t: fpu vme de pse tsc msr pae cx8 apic sep pge cmov pat mmx sse sse2 ht syscall nx lm avx avx2',
        'bogomips\t: 5200.00',
        'address sizes\t: 46 bits physical, 48 bits virtual',
      ].join('\n')}\n\n`,
  ).join('')
}

/** Bytes that the kernel itself and caches take, so that a machine never looks empty. */
function memoryOf(kernel: Kernel) {
  const used = kernel.cgroups.memoryUsage + Math.floor(kernel.memory * 0.03)
  const cached = Math.floor(kernel.memory * 0.05)
  const free = Math.max(0, kernel.memory - used - cached)
  return { used, cached, free }
}

function meminfoText(kernel: Kernel): string {
  const { cached, free } = memoryOf(kernel)
  const swap = kernel.swaps.reduce((sum, { size }) => sum + size, 0)
  const row = (name: string, bytes: number) =>
    `${`${name}:`.padEnd(16)}${String(Math.floor(bytes / 1024)).padStart(8)} kB\n`
  return [
    row('MemTotal', kernel.memory),
    row('MemFree', free),
    row('MemAvailable', free + cached * 0.8),
    row('Buffers', cached * 0.1),
    row('Cached', cached * 0.8),
    row('SwapCached', 0),
    row('Active', cached * 0.4),
    row('Inactive', cached * 0.4),
    row('SwapTotal', swap),
    row('SwapFree', swap),
    row('Dirty', 0),
    row('Writeback', 0),
    row('AnonPages', kernel.cgroups.memoryUsage),
    row('Mapped', cached * 0.1),
    row('Shmem', 0),
    row('KReclaimable', cached * 0.1),
    row('Slab', cached * 0.15),
    row('SReclaimable', cached * 0.1),
    row('SUnreclaim', cached * 0.05),
  ].join('')
}

function loadavgText(kernel: Kernel): string {
  const load = kernel.scheduler.load.map((value) => value.toFixed(2)).join(' ')
  let total = 0
  for (const _ of kernel.processes) total++
  return `${load} ${Math.max(1, kernel.scheduler.running)}/${total + 90} ${kernel.namespaces.pid.lastPid}\n`
}

function statText(kernel: Kernel): string {
  const { cores, scheduler } = kernel
  const busy = Math.floor(scheduler.busy / 10)
  const total = Math.floor(((kernel.world.clock.now - kernel.bootedAt + kernel.uptimeAtBoot) / 10) * cores)
  const line = (name: string, used: number, all: number) => {
    const user = Math.floor(used * 0.9)
    return `${name} ${user} 0 ${used - user} ${Math.max(0, all - used)} 0 0 0 0 0 0\n`
  }
  const each = Array.from({ length: cores }, (_, index) =>
    line(`cpu${index}`, Math.floor(busy / cores), Math.floor(total / cores)),
  )
  const boot = Math.floor((kernel.world.epoch + kernel.bootedAt + kernel.clockOffset - kernel.uptimeAtBoot) / 1000)
  return `${line('cpu ', busy, total)}${each.join('')}intr 0\nctxt 100000\nbtime ${boot}\nprocesses ${kernel.namespaces.pid.lastPid}\nprocs_running ${Math.max(1, scheduler.running)}\nprocs_blocked 0\n`
}
