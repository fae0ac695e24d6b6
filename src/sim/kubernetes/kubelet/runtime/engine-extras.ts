import type { ContainerHandle, ContainerSpec } from '../../../containers/engine.ts'
import type { Files } from '../../../linux/file.ts'

/** What the engine of a real node offers beyond the common contract. */
interface Extended extends ContainerHandle {
  resources?: ContainerSpec['resources']
  applyResources?(): void
  root?: { folder: string }
}

/** Changes the limits of a running container. */
export function updateResources(handle: ContainerHandle, resources: NonNullable<ContainerSpec['resources']>): void {
  const extended = handle as Extended
  if (!extended.applyResources) return
  extended.resources = resources
  extended.applyResources()
}

/** Bytes of the container's writable layer. */
export function writableLayerSize(handle: ContainerHandle, files: Files): number {
  const folder = (handle as Extended).root?.folder
  return folder === undefined ? 0 : folderSize(files, `${folder}/diff`)
}

/** Bytes of all files below a folder. */
export function folderSize(files: Files, folder: string): number {
  if (!files.exists(folder)) return 0
  let sum = 0
  for (const entry of files.list(folder)) {
    const path = `${folder}/${entry.name}`
    if (entry.type === 'directory') sum += folderSize(files, path)
    else if (entry.type === 'file') sum += files.lstat(path).size
  }
  return sum
}
