import type { ContainerEngine, ImageInfo } from '../../../containers/engine.ts'
import { canonical, parseReference, withDefaultTag } from '../../../containers/images/reference.ts'
import { unmountIfMounted } from './mounts.ts'
import type { VolumePlugin } from './plugin.ts'

/** An engine that can say where an image's layers lie on the disk, the topmost first. */
interface LayerFolders {
  storage?: { folders(image: unknown): string[] }
}

/** The file tree of an image, read-only. */
export const image: VolumePlugin = {
  source: 'image',
  folder: 'kubernetes.io~image',
  setUp({ node, volume, files, directory }) {
    const source = (volume as { image?: { reference?: string } }).image ?? {}
    const { reference = '' } = source
    // The sync of the Pod has seen to it that the image is there.
    const found = node.engine.image(canonical(withDefaultTag(parseReference(reference))))
    if (!found) throw new Error(`failed to get image ref: image ${JSON.stringify(reference)} not found`)
    files.mkdir(directory, { parents: true })
    const lowers = foldersOf(node.engine, found)
    node.host?.system.mount({
      type: 'overlay',
      source: 'overlay',
      target: directory,
      readonly: true,
      options: [`lowerdir=${lowers.join(':')}`],
    })
    return directory
  },
  tearDown({ node, directory }) {
    unmountIfMounted(node, directory)
  },
}

function foldersOf(engine: ContainerEngine, found: ImageInfo): string[] {
  const { storage } = engine as ContainerEngine & LayerFolders
  if (!storage) throw new Error('not simulated: image volumes on this node')
  return storage.folders((found as ImageInfo & { image: unknown }).image).map((folder) => `${folder}/diff`)
}
