import { type Mount, pathOf } from '../fs/mount.ts'
import type { KernelProcess } from '../process/kernel-process.ts'

/** The mounts a process sees from its root, with their paths, in the order they were made. */
export function visibleMounts(process: KernelProcess): { mount: Mount; path: string }[] {
  const { root } = process
  const visible: { mount: Mount; path: string }[] = []
  for (const mount of process.namespaces.mnt.mounts) {
    if (mount === root.mount) {
      if (root.inode === mount.root) visible.push({ mount, path: '/' })
    } else if (mount.at) {
      const path = pathOf(mount.at, root)
      if (!path.startsWith('(unreachable)')) visible.push({ mount, path })
    }
  }
  return visible
}

const octal = (text: string) => text.replace(/[ \t\n\\]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`)

export function mountsText(process: KernelProcess): string {
  return visibleMounts(process)
    .map(({ mount, path }) => {
      const options = mount.fs.options ? `${mount.flags},${mount.fs.options}` : mount.flags
      return `${octal(mount.source)} ${octal(path)} ${mount.fs.type} ${options} 0 0\n`
    })
    .join('')
}

export function mountinfoText(process: KernelProcess): string {
  return visibleMounts(process)
    .map(({ mount, path }) => {
      const { fs } = mount
      const device = `${fs.device >> 8}:${fs.device & 255}`
      const above = mount.at?.mount.id ?? 1
      const access = fs.readonly ? 'ro' : 'rw'
      const options = fs.options ? `${access},${fs.options}` : access
      return `${mount.id} ${above} ${device} ${octal(mount.rootPath)} ${octal(path)} ${mount.flags} - ${fs.type} ${octal(mount.source)} ${options}\n`
    })
    .join('')
}
