import type { ContainerHandle, LogLine } from '../../../containers/engine.ts'
import type { Process } from '../../../linux/process.ts'
import { rfc3339Micro } from '../../../time/date.ts'
import type { Pod } from '../pod.ts'

/** `/var/log/pods/NAMESPACE_POD_UID` */
export const podLogFolder = ({ metadata }: Pod): string =>
  `/var/log/pods/${metadata.namespace}_${metadata.name}_${metadata.uid}`

/** Keeps a container's log as a file of the node, in the runtime interface's format, with its link in /var/log/containers. */
export function keepLogFile(host: Process, pod: Pod, name: string, attempt: number, handle: ContainerHandle): void {
  const { files } = host
  const folder = `${podLogFolder(pod)}/${name}`
  const path = `${folder}/${attempt}.log`
  files.mkdir(folder, { parents: true })
  files.write(path, handle.logs().map(format).join(''), { mode: 0o640 })
  handle.onLog((line) => {
    if (files.exists(path)) files.write(path, format(line), { append: true })
  })
  files.mkdir('/var/log/containers', { parents: true })
  const link = linkOf(pod, name, handle)
  if (!files.exists(link)) files.symlink(path, link)
}

const linkOf = ({ metadata }: Pod, name: string, handle: ContainerHandle) =>
  `/var/log/containers/${metadata.name}_${metadata.namespace}_${name}-${handle.id}.log`

/** Takes the files of a Pod that is gone away. */
export function removeLogFiles(host: Process, pod: Pod): void {
  const { files } = host
  const folder = podLogFolder(pod)
  if (!files.exists(folder)) return
  files.removeTree(folder)
  const prefix = `${pod.metadata.name}_${pod.metadata.namespace}_`
  for (const { name } of files.list('/var/log/containers')) {
    const link = `/var/log/containers/${name}`
    if (name.startsWith(prefix) && files.readlink(link).startsWith(`${folder}/`)) files.unlink(link)
  }
}

const format = ({ time, stream, text, partial }: LogLine): string =>
  `${rfc3339Micro(time).replace(/Z$/, '000Z')} ${stream} ${partial ? 'P' : 'F'} ${text}\n`
