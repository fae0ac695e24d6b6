import { CONTROLLERS } from '../cgroup/cgroup.ts'
import { SystemError } from '../errors.ts'
import type { Kernel } from '../kernel.ts'
import type { KernelProcess } from '../process/kernel-process.ts'
import type { MountCall } from '../system-calls.ts'
import type { FileSystem } from './inode.ts'
import { resolve } from './walk.ts'

type Maker = (kernel: Kernel, process: KernelProcess, call: MountCall) => FileSystem

/** Filesystem types that mount(2) knows, as /proc/filesystems lists them. */
const TYPES: ReadonlyMap<string, Maker> = new Map<string, Maker>([
  ['tmpfs', makeTmpfs],
  ['overlay', makeOverlay],
  ['devpts', (kernel) => kernel.newDevPts()],
  ['proc', (kernel, process) => kernel.procFs(process.namespaces.pid)],
  ['sysfs', (kernel, process) => kernel.sysFs(process.namespaces.net)],
  ['cgroup', makeCgroup],
  ['cgroup2', (kernel) => kernel.cgroupFs('unified')],
  ['mqueue', (kernel) => kernel.mqueueFs()],
])

/** The filesystem of a mount call. ENODEV for an unknown type, EINVAL for bad options. */
export function fileSystemFor(kernel: Kernel, process: KernelProcess, call: MountCall): FileSystem {
  const added = kernel.fileSystemTypes.get(call.type ?? '')
  if (added) return added(process, call)
  const maker = TYPES.get(call.type ?? '')
  if (!maker) throw new SystemError('ENODEV', call.source)
  return maker(kernel, process, call)
}

function makeCgroup(kernel: Kernel, _process: KernelProcess, call: MountCall): FileSystem {
  const options = (call.options ?? []).map((option) => (option === 'name=systemd' ? 'systemd' : option))
  const controller = CONTROLLERS.find((name) => options.includes(name))
  if (!controller) throw new SystemError('EINVAL', call.source)
  return kernel.cgroupFs(controller)
}

function optionMap(call: MountCall): Map<string, string> {
  return new Map(
    (call.options ?? []).map((option): [string, string] => {
      const equals = option.indexOf('=')
      return equals < 0 ? [option, ''] : [option.slice(0, equals), option.slice(equals + 1)]
    }),
  )
}

function makeTmpfs(kernel: Kernel, _process: KernelProcess, call: MountCall): FileSystem {
  const options = optionMap(call)
  const size = parseSize(options.get('size'), kernel.memory)
  const mode = options.get('mode')
  const shown = [
    ...(size === undefined ? [] : [`size=${Math.ceil(size / 1024)}k`]),
    ...(mode === undefined ? [] : [`mode=${mode.replace(/^0/, '')}`]),
  ]
  return kernel.tmpfs({
    source: call.source,
    shown: shown.join(','),
    ...(size === undefined ? {} : { size }),
    ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
  })
}

function parseSize(text: string | undefined, memory: number): number | undefined {
  const match = /^(\d+)([kKmMgG%]?)$/.exec(text ?? '')
  if (!match) return undefined
  const number = Number(match[1])
  const unit = match[2]!.toLowerCase()
  if (unit === '%') return Math.floor((memory * number) / 100)
  return number * (unit === 'k' ? 1024 : unit === 'm' ? 1024 ** 2 : unit === 'g' ? 1024 ** 3 : 1)
}

function makeOverlay(kernel: Kernel, process: KernelProcess, call: MountCall): FileSystem {
  const options = optionMap(call)
  const lowerdir = options.get('lowerdir')
  if (!lowerdir) throw new SystemError('EINVAL', call.source)
  const directory = (path: string) => {
    const { inode } = resolve(process, path)
    if (inode.type !== 'directory') throw new SystemError('ENOTDIR', path)
    return inode
  }
  const lowers = lowerdir.split(':').map(directory)
  const upperdir = options.get('upperdir')
  const workdir = options.get('workdir')
  const shown = ['lowerdir', 'upperdir', 'workdir'].flatMap((name) =>
    options.has(name) ? [`${name}=${options.get(name)}`] : [],
  )
  if (upperdir === undefined) return kernel.overlay({ lowers, options: shown.join(',') })
  if (workdir === undefined) throw new SystemError('EINVAL', call.source)
  const work = directory(workdir)
  const upper = directory(upperdir)
  if (!work.lookup('work')) work.create('work', { type: 'directory', mode: 0, uid: 0, gid: 0 })
  return kernel.overlay({ lowers, upper, options: shown.join(',') })
}
