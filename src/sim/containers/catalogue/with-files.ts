import { type LayerDirectory, type LayerNode, makeLayer } from '../../linux/fs/layer.ts'

/** A tree with files of its own in place of those it had: another release of the same userland. */
export function withFiles(tree: LayerDirectory, files: Readonly<Record<string, string>>): LayerDirectory {
  return merge(tree, makeLayer(Object.entries(files), tree.modified))
}

function merge(lower: LayerDirectory, upper: LayerDirectory): LayerDirectory {
  const entries = new Map<string, LayerNode>(lower.entries)
  for (const [name, node] of upper.entries) {
    const old = entries.get(name)
    entries.set(name, node.type === 'directory' && old?.type === 'directory' ? merge(old, node) : node)
  }
  return { ...lower, entries }
}
