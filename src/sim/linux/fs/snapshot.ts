import { FileContent } from './content.ts'
import type { Inode } from './inode.ts'
import { isWhiteout, type LayerDirectory, type LayerNode } from './layer.ts'
import { MemoryInode } from './memory.ts'
import { OverlayInode } from './overlay.ts'

/** An immutable copy of a tree (an overlay's upper directory), sharing file contents until they are written to. */
export function snapshot(directory: Inode): LayerDirectory {
  const node = snapshotNode(directory)
  if (node.type !== 'directory') throw new TypeError('snapshot wants a directory')
  return node
}

function snapshotNode(inode: Inode): LayerNode {
  const base = { mode: inode.mode, uid: inode.uid, gid: inode.gid, modified: inode.modified }
  if (inode.type === 'directory') {
    const entries = new Map<string, LayerNode>()
    if (inode instanceof MemoryInode) {
      for (const name of inode.layerNames()) {
        const same = inode.layerEntry(name)
        if (same) entries.set(name, same)
      }
      for (const [name, child] of inode.changedEntries()) entries.set(name, snapshotNode(child))
    } else for (const [name] of inode.entries()) entries.set(name, snapshotNode(inode.lookup(name)!))
    const opaque = inode.getXattr('trusted.overlay.opaque') === 'y'
    return { ...base, type: 'directory', entries, ...(opaque ? { opaque } : {}) }
  }
  if (inode.type === 'file') return { ...base, type: 'file', content: contentOf(inode) }
  if (inode.type === 'symlink') return { ...base, type: 'symlink', target: inode.readlink() }
  return {
    ...base,
    type: inode.type,
    ...(inode.major === undefined ? {} : { major: inode.major, minor: inode.minor ?? 0 }),
  }
}

function contentOf(inode: Inode): FileContent {
  if (inode instanceof MemoryInode) return inode.content
  if (inode instanceof OverlayInode) return contentOf(inode.real)
  return FileContent.of(inode.readAt(0, inode.size))
}

export interface Change {
  /** `/etc/passwd` */
  path: string
  kind: 'A' | 'C' | 'D'
}

/** What `docker diff` shows: the upper directory against the lower layers (the topmost first). */
export function changes(upper: Inode, lowers: readonly Inode[]): Change[] {
  const found: Change[] = []
  visit(upper, lowers, '', found)
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
}

function visit(upper: Inode, lowers: readonly Inode[], prefix: string, found: Change[]): void {
  for (const [name] of upper.entries()) {
    const inode = upper.lookup(name)!
    const path = `${prefix}/${name}`
    const below = lowers.map((lower) => lower.lookup(name)).filter((lower) => lower !== undefined)
    const existed = below.length > 0 && !isWhiteout(below[0]!)
    if (isWhiteout(inode)) {
      found.push({ path, kind: 'D' })
      continue
    }
    found.push({ path, kind: existed ? 'C' : 'A' })
    if (inode.type !== 'directory') continue
    const opaque = inode.getXattr('trusted.overlay.opaque') === 'y'
    const directories: Inode[] = []
    if (existed && !opaque)
      for (const lower of below) {
        if (lower.type !== 'directory') break
        directories.push(lower)
      }
    visit(inode, directories, path, found)
  }
}
