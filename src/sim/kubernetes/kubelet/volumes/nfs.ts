import { SystemError } from '../../../linux/errors.ts'
import { unmountIfMounted } from './mounts.ts'
import type { VolumeContext, VolumePlugin } from './plugin.ts'

/** Mounts an export of an NFS server on the node, with mount.nfs's words when that fails. */
export function mountNfs(
  context: VolumeContext,
  nfs: { server: string; path: string; readOnly?: boolean },
  options: readonly string[] = [],
): string {
  const { node, files, directory } = context
  files.mkdir(directory, { parents: true })
  const source = `${nfs.server}:${nfs.path}`
  try {
    node.host?.system.mount({ type: 'nfs', source, target: directory, readonly: nfs.readOnly ?? false, options })
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    const args = `-t nfs ${options.length > 0 ? `-o ${options.join(',')} ` : ''}${source} ${directory}`
    throw new Error(
      `mount failed: exit status 32\nMounting command: mount\nMounting arguments: ${args}\nOutput: ${mountWords(error, source, directory)}`,
    )
  }
  return directory
}

function mountWords(error: SystemError, source: string, directory: string): string {
  if (error.code === 'ENODEV') {
    return `mount: ${directory}: bad option; for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program.\n`
  }
  if (error.code === 'EACCES') return `mount.nfs: access denied by server while mounting ${source}\n`
  if (error.code === 'ENOENT')
    return `mount.nfs: mounting ${source} failed, reason given by server: No such file or directory\n`
  return `mount.nfs: ${error.message}\n`
}

export const nfs: VolumePlugin = {
  source: 'nfs',
  folder: 'kubernetes.io~nfs',
  setUp: (context) => mountNfs(context, context.volume.nfs!),
  tearDown: ({ node, directory }) => unmountIfMounted(node, directory),
}
