import { deviceFiles } from '../../linux/base-files.ts'
import { CONTROLLERS } from '../../linux/cgroup/cgroup.ts'
import { SystemError } from '../../linux/errors.ts'
import type { FileSystem } from '../../linux/fs/inode.ts'
import { type LayerDirectory, makeLayer } from '../../linux/fs/layer.ts'
import type { MountOptions } from '../../linux/fs/mount.ts'
import type { MountNamespace } from '../../linux/fs/mount-namespace.ts'
import type { Kernel } from '../../linux/kernel.ts'
import type { NamespaceSet } from '../../linux/process/namespaces.ts'
import type { DevPts } from '../../linux/tty/devpts.ts'
import type { MountSpec } from '../engine.ts'

const DEV_FILES = new Set(['console', 'ptmx'])
const DEV_LAYERS = new WeakMap<Kernel, LayerDirectory>()

/** A container's /dev, as runc makes it. */
function dev(kernel: Kernel): LayerDirectory {
  let layer = DEV_LAYERS.get(kernel)
  if (!layer) {
    const files = deviceFiles().filter(([name]) => !DEV_FILES.has(name))
    layer = makeLayer([...files, ['ptmx', { target: 'pts/ptmx' }]], kernel.wallClock())
    DEV_LAYERS.set(kernel, layer)
  }
  return layer
}

const NO = { nosuid: true, nodev: true, noexec: true }
const READ_ONLY_PROC = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys']
const MASKED_FILES = ['/proc/acpi', '/proc/keys', '/proc/timer_list', '/sys/firmware']

export interface RootMountOptions {
  namespaces: NamespaceSet
  mounts: readonly MountSpec[]
  /** Files that the engine keeps for the container, by target. */
  files: readonly MountSpec[]
  privileged: boolean
  readonlyRootfs: boolean
  shmSize: number
  /** cgroup path of the container, for its view of /sys/fs/cgroup. */
  cgroupPath: string
  onBadMount(mount: MountSpec, error: SystemError): Error
}

/**
 * Mounts everything a container sees besides its root, in runc's order. Gives its devpts. What lies below /proc, /dev
 * and /sys is mounted when somebody first looks there: most containers of a big cluster never do.
 */
export function mountRoot(kernel: Kernel, namespace: MountNamespace, options: RootMountOptions): DevPts {
  const files = kernel.filesIn(namespace)
  for (const path of SYSTEM_FOLDERS) if (!files.exists(`/${path}`)) files.mkdir(`/${path}`)
  const devPts = kernel.newDevPts()
  const proc = kernel.procFs(options.namespaces.pid)
  const sorted = options.mounts.toSorted((a, b) => a.target.split('/').length - b.target.split('/').length)
  const isSystem = ({ target }: MountSpec) => SYSTEM_FOLDERS.includes(target.split('/')[1] ?? '')
  for (const mount of [...options.files, ...sorted]) {
    if (isSystem(mount)) check(kernel, mount, options)
    else bind(kernel, namespace, mount, options)
  }
  namespace.mountLater(SYSTEM_FOLDERS, 'first', () => mountSystem(kernel, namespace, options, proc, devPts))
  namespace.mountLater(SYSTEM_FOLDERS, 'last', () => {
    for (const mount of [...options.files, ...sorted]) if (isSystem(mount)) bind(kernel, namespace, mount, options)
    if (!options.privileged) mask(kernel, namespace, proc)
  })
  return devPts
}

const SYSTEM_FOLDERS = ['proc', 'dev', 'sys']

type At = (path: string, fs: FileSystem, mountOptions?: MountOptions) => void

function mounter(kernel: Kernel, namespace: MountNamespace): At {
  const files = kernel.filesIn(namespace)
  return (path, fs, mountOptions = {}) => {
    if (!files.exists(path)) files.mkdir(path, { parents: true, mode: 0o755 })
    kernel.mountIn(namespace, path, { fs, options: mountOptions })
  }
}

function mountSystem(
  kernel: Kernel,
  namespace: MountNamespace,
  options: RootMountOptions,
  proc: FileSystem,
  devPts: DevPts,
): void {
  const at = mounter(kernel, namespace)
  at('/proc', proc, NO)
  at(
    '/dev',
    kernel.memoryFs({
      type: 'tmpfs',
      source: 'tmpfs',
      shown: 'size=65536k,mode=755',
      layer: dev(kernel),
      size: 67_108_864,
    }),
    { nosuid: true, flags: 'rw,nosuid' },
  )
  at('/dev/pts', devPts, { nosuid: true, noexec: true })
  const sys = { ...NO, readonly: !options.privileged }
  at('/sys', kernel.sysFs(options.namespaces.net), sys)
  if (kernel.cgroupVersion === 1) {
    const layer = makeLayer(CONTROLLERS.map((name) => [name, { directory: true }]))
    at('/sys/fs/cgroup', kernel.memoryFs({ type: 'tmpfs', source: 'tmpfs', shown: 'mode=755', layer }), NO)
    for (const name of CONTROLLERS) at(`/sys/fs/cgroup/${name}`, kernel.cgroupFs(name, options.cgroupPath), sys)
  } else at('/sys/fs/cgroup', kernel.cgroupFs('unified', options.cgroupPath), sys)
  at('/dev/mqueue', kernel.mqueueFs(), NO)
  if (options.mounts.some((mount) => mount.target === '/dev/shm')) return
  const { shmSize } = options
  at('/dev/shm', kernel.tmpfs({ source: 'shm', size: shmSize, shown: `size=${shmSize / 1024}k` }), NO)
}

/** What an unprivileged container must not change or see. */
function mask(kernel: Kernel, namespace: MountNamespace, proc: FileSystem): void {
  const files = kernel.filesIn(namespace)
  const at = mounter(kernel, namespace)
  for (const path of READ_ONLY_PROC) {
    if (!files.exists(path)) continue
    const { inode } = kernel.locateIn(namespace, path)
    kernel.mountIn(namespace, path, {
      fs: proc,
      root: inode,
      rootPath: path.slice(5),
      options: { ...NO, readonly: true },
    })
  }
  for (const path of MASKED_FILES) {
    if (!files.exists(path)) continue
    if (files.stat(path).type === 'directory') {
      at(path, kernel.tmpfs(), { readonly: true })
      continue
    }
    const hidden = kernel.locateIn(namespace, '/dev/null')
    kernel.mountIn(namespace, path, {
      fs: hidden.mount.fs,
      root: hidden.inode,
      rootPath: '/null',
      options: { nosuid: true, flags: 'rw,nosuid' },
    })
  }
}

/** A bind mount that is made later must fail now. */
function check(kernel: Kernel, mount: MountSpec, options: RootMountOptions): void {
  try {
    if (mount.source !== undefined) kernel.locate(mount.source)
  } catch (error) {
    if (error instanceof SystemError) throw options.onBadMount(mount, error)
    throw error
  }
}

function bind(kernel: Kernel, namespace: MountNamespace, mount: MountSpec, options: RootMountOptions): void {
  const files = kernel.filesIn(namespace)
  try {
    if (mount.source === undefined) {
      if (!files.exists(mount.target)) files.mkdir(mount.target, { parents: true, mode: 0o755 })
      const { size, mode } = mount.tmpfs ?? {}
      const shown = [
        ...(size === undefined ? [] : [`size=${Math.ceil(size / 1024)}k`]),
        ...(mode === undefined ? [] : [`mode=${mode.toString(8)}`]),
      ]
      kernel.mountIn(namespace, mount.target, {
        fs: kernel.tmpfs({
          ...(size === undefined ? {} : { size }),
          ...(mode === undefined ? {} : { mode }),
          shown: shown.join(','),
        }),
        options: { ...NO, ...(mount.readonly ? { readonly: true } : {}) },
      })
      return
    }
    const source = kernel.bindSource(mount.source)
    const isDirectory = (source.root ?? source.fs.root).type === 'directory'
    if (!files.exists(mount.target)) {
      const parent = mount.target.slice(0, mount.target.lastIndexOf('/')) || '/'
      files.mkdir(isDirectory ? mount.target : parent, { parents: true, mode: 0o755 })
      if (!isDirectory) files.write(mount.target, '', { mode: 0o755 })
    } else if ((files.stat(mount.target).type === 'directory') !== isDirectory)
      throw new SystemError('ENOTDIR', mount.target)
    kernel.mountIn(namespace, mount.target, {
      ...source,
      options: { ...source.options, ...(mount.readonly ? { readonly: true } : {}) },
    })
  } catch (error) {
    if (error instanceof SystemError) throw options.onBadMount(mount, error)
    throw error
  }
}
