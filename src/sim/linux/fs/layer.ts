import type { FileContent } from './content.ts'
import { FileContent as Content } from './content.ts'

interface Attributes {
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Milliseconds since 1970. */
  readonly modified: number
}

export interface LayerDirectory extends Attributes {
  readonly type: 'directory'
  readonly entries: ReadonlyMap<string, LayerNode>
  /** Hides the directories of the same path in the layers below. */
  readonly opaque?: boolean
}

export interface LayerFile extends Attributes {
  readonly type: 'file'
  /** Never written to: users share() it. */
  readonly content: FileContent
}

export interface LayerLink extends Attributes {
  readonly type: 'symlink'
  readonly target: string
}

/** A character device 0:0 is a whiteout: the path does not exist in spite of the layers below. */
export interface LayerSpecial extends Attributes {
  readonly type: 'character' | 'block' | 'fifo' | 'socket'
  readonly major?: number
  readonly minor?: number
}

/** An immutable file tree, shared by all machines and containers that use it: an image's layer, a base filesystem. */
export type LayerNode = LayerDirectory | LayerFile | LayerLink | LayerSpecial

export interface LayerEntry {
  mode?: number
  uid?: number
  gid?: number
  modified?: number
  /** A regular file. */
  content?: string | Uint8Array | FileContent
  /** A symbolic link. */
  target?: string
  directory?: boolean
  opaque?: boolean
  whiteout?: boolean
  device?: { type: 'character' | 'block'; major: number; minor: number }
}

interface Builder {
  node: LayerNode | undefined
  children: Map<string, Builder>
}

/** Builds a layer from paths; a text stands for a file 0644. Parents that are not named are root's, 0755. */
export function makeLayer(files: Iterable<readonly [string, string | LayerEntry]>, modified = 0): LayerDirectory {
  const root: Builder = { node: undefined, children: new Map() }
  for (const [path, value] of files) {
    let at = root
    for (const part of path.split('/')) {
      if (part === '') continue
      let next = at.children.get(part)
      if (!next) {
        next = { node: undefined, children: new Map() }
        at.children.set(part, next)
      }
      at = next
    }
    at.node = typeof value === 'string' ? newNode({ content: value }, modified) : nodeOf(value, modified)
  }
  return finish(root, modified) as LayerDirectory
}

/** Entries that many layers have in common are made into nodes once. */
const NODES = new WeakMap<LayerEntry, LayerNode>()

function nodeOf(entry: LayerEntry, time: number): LayerNode {
  const known = NODES.get(entry)
  if (known?.modified === (entry.modified ?? time)) return known
  const node = newNode(entry, time)
  NODES.set(entry, node)
  return node
}

function newNode(entry: LayerEntry, time: number): LayerNode {
  const base = { uid: entry.uid ?? 0, gid: entry.gid ?? 0, modified: entry.modified ?? time }
  if (entry.whiteout) return { ...base, type: 'character', mode: 0, major: 0, minor: 0 }
  if (entry.target !== undefined) return { ...base, type: 'symlink', mode: 0o777, target: entry.target }
  if (entry.device) return { ...base, ...entry.device, mode: entry.mode ?? 0o666 }
  if (entry.content !== undefined) {
    const content = entry.content instanceof Content ? entry.content : Content.of(entry.content)
    return { ...base, type: 'file', mode: entry.mode ?? 0o644, content }
  }
  return {
    ...base,
    type: 'directory',
    mode: entry.mode ?? 0o755,
    entries: new Map(),
    ...(entry.opaque ? { opaque: true } : {}),
  }
}

function finish(builder: Builder, time: number): LayerNode {
  const node = builder.node ?? newNode({ directory: true }, time)
  if (builder.children.size === 0 || node.type !== 'directory') return node
  const entries = new Map<string, LayerNode>()
  for (const [name, child] of builder.children) entries.set(name, finish(child, time))
  return { ...node, entries }
}

export const EMPTY_LAYER: LayerDirectory = {
  type: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  modified: 0,
  entries: new Map(),
}

export function isWhiteout(node: { type: string; major?: number; minor?: number }): boolean {
  return node.type === 'character' && node.major === 0 && node.minor === 0
}

/** All nodes below, with paths like `etc/passwd`, parents first, in directory order. */
export function* walkLayer(layer: LayerDirectory, prefix = ''): Generator<[string, LayerNode]> {
  for (const [name, node] of layer.entries) {
    const path = prefix + name
    yield [path, node]
    if (node.type === 'directory') yield* walkLayer(node, `${path}/`)
  }
}

/** Bytes of all regular files, as an image's layer size counts them: what has several names (hard links) once. */
export function layerSize(layer: LayerDirectory): number {
  const contents = new Set<FileContent>()
  for (const [, node] of walkLayer(layer)) if (node.type === 'file') contents.add(node.content)
  let sum = 0
  for (const content of contents) sum += content.size
  return sum
}

/** One tree out of several layers, the lowest first, with whiteouts applied (docker export, flattened images). */
export function mergeLayers(layers: readonly LayerDirectory[]): LayerDirectory {
  return layers.reduce((below, above) => mergeTwo(below, above), EMPTY_LAYER)
}

function mergeTwo(below: LayerDirectory, above: LayerDirectory): LayerDirectory {
  const entries = new Map(above.opaque ? [] : below.entries)
  for (const [name, node] of above.entries) {
    const old = entries.get(name)
    if (isWhiteout(node)) entries.delete(name)
    else if (node.type === 'directory' && old?.type === 'directory') entries.set(name, mergeTwo(old, node))
    else entries.set(name, node.type === 'directory' ? mergeTwo(EMPTY_LAYER, node) : node)
  }
  return { type: 'directory', mode: above.mode, uid: above.uid, gid: above.gid, modified: above.modified, entries }
}
