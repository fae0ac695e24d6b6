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
let devLayer: LayerDirectory | undefined

/** A container's /dev, as runc makes it. */
function dev(): LayerDirectory {
  devLayer ??= makeLayer([...deviceFiles().filter(([name]) => !DEV_FILES.has(name)), ['ptmx', { target: 'pts/ptmx' }]])
  return devLayer
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

/** Mounts everything a container sees besides its root, in runc's order. Gives its devpts. */
export function mountRoot(kernel: Kernel, namespace: MountNamespace, options: RootMountOptions): DevPts {
  const files = kernel.filesIn(namespace)
  const extras = kernel as Kernel & SystemFileSystems
  const at = (path: string, fs: FileSystem | undefined, mountOptions: MountOptions = {}) => {
    if (!fs) return
    if (!files.exists(path)) files.mkdir(path, { parents: true })
    kernel.mountIn(namespace, path, { fs, options: mountOptions })
  }
  const tmpfs = (init: Parameters<Kernel['tmpfs']>[0]) => kernel.tmpfs(init)
  const proc = extras.procFs?.(options.namespaces.pid)
  at('/proc', proc, NO)
  at(
    '/dev',
    kernel.memoryFs({ type: 'tmpfs', source: 'tmpfs', shown: 'size=65536k,mode=755', layer: dev(), size: 67_108_864 }),
    { nosuid: true, flags: 'rw,nosuid' },
  )
  const devPts = kernel.newDevPts()
  at('/dev/pts', devPts, { nosuid: true, noexec: true })
  const sys = { ...NO, readonly: !options.privileged }
  at('/sys', extras.sysFs?.(options.namespaces.net), sys)
  if (files.exists('/sys/fs/cgroup')) {
    if (kernel.cgroupVersion === 1) {
      const layer = makeLayer(CONTROLLERS.map((name) => [name, { directory: true }]))
      at('/sys/fs/cgroup', kernel.memoryFs({ type: 'tmpfs', source: 'tmpfs', shown: 'mode=755', layer }), NO)
      for (const name of [...CONTROLLERS])
        at(`/sys/fs/cgroup/${name}`, extras.cgroupFs?.(name, options.cgroupPath), sys)
    } else at('/sys/fs/cgroup', extras.cgroupFs?.(undefined, options.cgroupPath), sys)
  }
  at('/dev/mqueue', extras.mqueueFs?.(), NO)
  if (!options.mounts.some((mount) => mount.target === '/dev/shm'))
    at('/dev/shm', tmpfs({ source: 'shm', size: options.shmSize, shown: `size=${options.shmSize / 1024}k` }), NO)
  for (const mount of options.files) bind(kernel, namespace, mount, options)
  const sorted = options.mounts.toSorted((a, b) => a.target.split('/').length - b.target.split('/').length)
  for (const mount of sorted) bind(kernel, namespace, mount, options)
  if (!options.privileged && proc) {
    for (const path of READ_ONLY_PROC) {
      if (!files.exists(path)) continue
      const { inode } = { inode: kernelLookup(kernel, namespace, path) }
      if (inode)
        kernel.mountIn(namespace, path, {
          fs: proc,
          root: inode,
          rootPath: path.slice(5),
          options: { ...NO, readonly: true },
        })
    }
    for (const path of MASKED_FILES) {
      if (!files.exists(path)) continue
      if (files.stat(path).type === 'directory') at(path, tmpfs({}), { readonly: true })
      else {
        const hidden = kernelLookup(kernel, namespace, '/dev/null')
        const device = [...namespace.mounts].find((mount) => mount.fs.type === 'tmpfs')
        if (hidden && device)
          kernel.mountIn(namespace, path, {
            fs: device.fs,
            root: hidden,
            rootPath: '/null',
            options: { nosuid: true, flags: 'rw,nosuid' },
          })
      }
    }
  }
  return devPts
}

function kernelLookup(kernel: Kernel, namespace: MountNamespace, path: string) {
  const host = kernel as Kernel & { locateIn?(namespace: MountNamespace, path: string): { inode: FileSystem['root'] } }
  if (host.locateIn) return host.locateIn(namespace, path).inode
  let inode: FileSystem['root'] | undefined = namespace.root.inode
  let mount = namespace.root.mount
  for (const part of path.split('/')) {
    if (part === '' || !inode) continue
    inode = inode.lookup(part)
    for (let over = inode && mount.over(inode); over; over = over.over(over.root)) {
      mount = over
      inode = over.root
    }
  }
  return inode
}

function bind(kernel: Kernel, namespace: MountNamespace, mount: MountSpec, options: RootMountOptions): void {
  const files = kernel.filesIn(namespace)
  try {
    if (mount.source === undefined) {
      if (!files.exists(mount.target)) files.mkdir(mount.target, { parents: true })
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
      files.mkdir(isDirectory ? mount.target : parent, { parents: true })
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

/** Filesystems that show the kernel's state. */
interface SystemFileSystems {
  procFs?(namespace: NamespaceSet['pid']): FileSystem
  sysFs?(namespace: NamespaceSet['net']): FileSystem
  cgroupFs?(controller: string | undefined, root: string): FileSystem
  mqueueFs?(): FileSystem
}
