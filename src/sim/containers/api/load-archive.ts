import { gunzip, isGzip } from '../archive/gzip.ts'
import { layerFromTar, readTar, type TarEntry } from '../archive/tar.ts'
import { ApiError } from '../docker/api-error.ts'
import type { ImageFile } from '../images/config.ts'
import { Image } from '../images/image.ts'
import { type Layer, layerOf } from '../images/layer.ts'
import { layerPool } from '../images/layer-pool.ts'
import { parseReference, withDefaultTag } from '../images/reference.ts'
import type { Engine } from '../runtime/create-engine.ts'

/** The bytes are no archive that docker save could have written. */
export class ArchiveError extends Error {}

interface LoadedImage {
  id: string
  /** As the archive names it. */
  tags: readonly string[]
}

/** Takes the images of an archive as docker save writes it. Throws ArchiveError, or ApiError when layers are missing. */
export function loadArchive(engine: Engine, bytes: Uint8Array, now: number): LoadedImage[] {
  let entries: TarEntry[]
  try {
    entries = readTar(isGzip(bytes) ? gunzip(bytes) : bytes)
  } catch (error) {
    throw new ArchiveError(`Error processing tar file(exit status 1): ${(error as Error).message}`)
  }
  const files = new Map(entries.map((entry) => [entry.name.replace(/^\.\//, ''), entry]))
  const text = (name: string) => new TextDecoder().decode(files.get(name)?.content ?? new Uint8Array(0))
  if (!files.has('manifest.json'))
    throw new ArchiveError(
      `open /var/lib/docker/tmp/docker-import-${engine.random.int(100_000_000, 999_999_999)}/repositories: no such file or directory`,
    )
  const manifest = JSON.parse(text('manifest.json')) as {
    Config: string
    RepoTags: string[] | null
    Layers: string[]
  }[]
  return manifest.map(({ Config, RepoTags, Layers }) => {
    const { rootfs, ...rest } = JSON.parse(text(Config)) as ImageFile
    const layers = Layers.map((path, i): Layer => {
      const diffId = rootfs.diff_ids[i]!
      const known = layerPool(engine.options.registries).get(diffId)
      if (known) return known
      const data = files.get(path)?.content
      if (!data)
        throw new ApiError(
          500,
          `invalid manifest, layers length mismatch: expected ${rootfs.diff_ids.length}, got ${i}`,
        )
      return { ...layerOf(layerFromTar(readTar(isGzip(data) ? gunzip(data) : data))), diffId }
    })
    const image = new Image(rest, layers)
    engine.addImage(image)
    for (const tag of RepoTags ?? []) engine.store.name(image.id, withDefaultTag(parseReference(tag)), now)
    return { id: image.id, tags: RepoTags ?? [] }
  })
}
