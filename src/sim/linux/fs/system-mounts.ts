import { deviceFiles } from '../base-files.ts'
import { CONTROLLERS } from '../cgroup/cgroup.ts'
import type { Kernel } from '../kernel.ts'
import type { FileSystem } from './inode.ts'
import { type LayerEntry, makeLayer } from './layer.ts'
import type { MountOptions } from './mount.ts'
import { tryResolve } from './walk.ts'

const DEVICES = makeLayer(deviceFiles())
const RUN = makeLayer(['lock', 'user'].map((name): [string, LayerEntry] => [name, { directory: true }]))
const CGROUP_FOLDERS = makeLayer(CONTROLLERS.map((name): [string, LayerEntry] => [name, { directory: true }]))

/** What a machine mounts at boot, where its disk has the folders for it. */
export function mountSystem(kernel: Kernel): void {
  const { mnt } = kernel.namespaces
  const mountAt = (path: string, fs: FileSystem, options: MountOptions = {}) => {
    const at = tryResolve(kernel.init, path)
    if (at) mnt.mount(at, { fs, options })
  }
  mountAt('/proc', kernel.procFs(), { nosuid: true, nodev: true, noexec: true })
  mountAt('/sys', kernel.sysFs(), { nosuid: true, nodev: true, noexec: true })
  mountAt('/dev', kernel.memoryFs({ type: 'devtmpfs', source: 'udev', shown: 'mode=755', layer: DEVICES }), {
    nosuid: true,
  })
  mountAt('/dev/pts', kernel.devPts, { nosuid: true, noexec: true })
  mountAt('/dev/shm', kernel.tmpfs(), { nosuid: true, nodev: true })
  mountAt('/run', kernel.memoryFs({ type: 'tmpfs', source: 'tmpfs', shown: 'mode=755', layer: RUN }), {
    nosuid: true,
    nodev: true,
  })
  const secure = { nosuid: true, nodev: true, noexec: true }
  if (kernel.cgroupVersion === 2) {
    mountAt('/sys/fs/cgroup', kernel.cgroupFs('unified'), secure)
    return
  }
  mountAt(
    '/sys/fs/cgroup',
    kernel.memoryFs({ type: 'tmpfs', source: 'tmpfs', shown: 'mode=755', layer: CGROUP_FOLDERS }),
    secure,
  )
  for (const controller of CONTROLLERS) mountAt(`/sys/fs/cgroup/${controller}`, kernel.cgroupFs(controller), secure)
}
