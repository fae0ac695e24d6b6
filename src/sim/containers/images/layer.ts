import type { FileContent } from '../../linux/fs/content.ts'
import type { LayerDirectory } from '../../linux/fs/layer.ts'
import { layerSize, walkLayer } from '../../linux/fs/layer.ts'
import { digestOf, Sha256 } from './sha256.ts'

/** One layer of an image. Immutable, shared by every machine and container of a world. */
export interface Layer {
  /** Digest of the uncompressed archive: `sha256:…`. */
  readonly diffId: string
  /** Digest of the archive as a registry keeps it. */
  readonly digest: string
  /** Bytes of its files. */
  readonly size: number
  /** Bytes as a registry keeps it. */
  readonly compressedSize: number
  readonly tree: LayerDirectory
}

/** What gzip makes of a base image, measured on alpine. */
const COMPRESSION = 0.612_598

/** A layer of the catalogue: known by name, its tree made when first needed. */
export function namedLayer(name: string, size: number, tree: () => LayerDirectory): Layer {
  const diffId = digestOf(`layer ${name}`)
  let made: LayerDirectory | undefined
  return {
    diffId,
    digest: digestOf(`blob ${name}`),
    size,
    compressedSize: Math.max(32, Math.round(size * COMPRESSION)),
    get tree() {
      made ??= tree()
      return made
    },
  }
}

/** A layer made here (commit, build, load): its identity follows from its contents. */
export function layerOf(tree: LayerDirectory): Layer {
  const hash = new Sha256()
  const first = new Map<FileContent, string>()
  for (const [path, node] of walkLayer(tree)) {
    hash.update(`${path}\0${node.type}\0${node.mode}\0${node.uid}\0${node.gid}\0${node.modified}\0`)
    if (node.type === 'symlink') hash.update(node.target)
    if (node.type === 'directory' && node.opaque) hash.update('opaque')
    // Beyond a megabyte the size stands for the rest: hashing a learner's 10 GB of zeros helps nobody.
    if (node.type !== 'file') continue
    const other = node.content.size > 4096 ? first.get(node.content) : undefined
    if (other !== undefined) hash.update(`link to ${other}`)
    else {
      first.set(node.content, path)
      hash.update(`${node.content.size}\0`).update(node.content.read(0, 1_048_576))
    }
  }
  const hex = hash.hex()
  const size = layerSize(tree)
  return {
    diffId: `sha256:${hex}`,
    digest: digestOf(`blob ${hex}`),
    size,
    compressedSize: 108 + Math.round(size * COMPRESSION),
    tree,
  }
}

const CHAINS = new WeakMap<readonly Layer[], string[]>()

/** Digest of each layer with all below it, as Docker names layers on disk. */
export function chainIds(layers: readonly Layer[]): readonly string[] {
  let chain = CHAINS.get(layers)
  if (!chain) {
    chain = makeChain(layers)
    CHAINS.set(layers, chain)
  }
  return chain
}

function makeChain(layers: readonly Layer[]): string[] {
  const chain: string[] = []
  for (const layer of layers) {
    const below = chain.at(-1)
    chain.push(below ? digestOf(`${below} ${layer.diffId}`) : layer.diffId)
  }
  return chain
}
