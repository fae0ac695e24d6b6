import { SystemError } from '../../linux/errors.ts'
import { FileContent } from '../../linux/fs/content.ts'
import {
  isWhiteout,
  type LayerDirectory,
  type LayerEntry,
  type LayerNode,
  makeLayer,
  walkLayer,
} from '../../linux/fs/layer.ts'

/** An entry of a tar archive (ustar, with GNU long names and pax paths when reading). */
export interface TarEntry {
  name: string
  type: 'file' | 'directory' | 'symlink' | 'link' | 'character' | 'block' | 'fifo'
  mode: number
  uid: number
  gid: number
  /** Milliseconds since 1970. */
  modified: number
  target?: string
  content?: Uint8Array
  major?: number
  minor?: number
}

const TYPES: Record<string, TarEntry['type']> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'link',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
}
const FLAGS: Record<TarEntry['type'], string> = {
  file: '0',
  link: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
}

export function writeTar(entries: Iterable<TarEntry>): Uint8Array {
  const parts: Uint8Array[] = []
  let total = 0
  const add = (part: Uint8Array) => {
    parts.push(part)
    total += part.length
  }
  const addData = (data: Uint8Array) => {
    add(data)
    if (data.length % 512 !== 0) add(new Uint8Array(512 - (data.length % 512)))
  }
  for (const entry of entries) {
    for (const [value, flag] of [
      [entry.target ?? '', 'K'],
      [entry.name, 'L'],
    ] as const) {
      const long = new TextEncoder().encode(`${value}\0`)
      if (long.length <= 101) continue
      add(header({ ...entry, name: '././@LongLink', target: '', type: 'file', mode: 0 }, long.length, flag))
      addData(long)
    }
    const size = entry.type === 'file' ? (entry.content?.length ?? 0) : 0
    add(header(entry, size, FLAGS[entry.type]))
    if (size > 0) addData(entry.content!)
  }
  add(new Uint8Array(1024))
  const out = new Uint8Array(total)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

function header(entry: TarEntry, size: number, flag: string): Uint8Array {
  const block = new Uint8Array(512)
  const text = (value: string, at: number, length: number) =>
    block.set(new TextEncoder().encode(value).subarray(0, length), at)
  const octal = (value: number, at: number, length: number) =>
    text(
      `${Math.max(0, Math.trunc(value))
        .toString(8)
        .padStart(length - 1, '0')}\0`,
      at,
      length,
    )
  text(entry.name, 0, 100)
  octal(entry.mode & 0o7777, 100, 8)
  octal(entry.uid, 108, 8)
  octal(entry.gid, 116, 8)
  octal(size, 124, 12)
  octal(entry.modified / 1000, 136, 12)
  text('        ', 148, 8)
  text(flag, 156, 1)
  text(entry.target ?? '', 157, 100)
  text('ustar\0' + '00', 257, 8)
  if (entry.major !== undefined) {
    octal(entry.major, 329, 8)
    octal(entry.minor ?? 0, 337, 8)
  }
  const sum = block.reduce((total, byte) => total + byte, 0)
  text(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 8)
  return block
}

/** Reads an archive. Throws `unexpected EOF` or `archive/tar: invalid tar header` as Go's reader does. */
export function readTar(bytes: Uint8Array): TarEntry[] {
  const entries: TarEntry[] = []
  let at = 0
  let longName: string | undefined
  let longTarget: string | undefined
  if (bytes.length > 0 && bytes.length < 512) throw new Error('unexpected EOF')
  while (at + 512 <= bytes.length) {
    const block = bytes.subarray(at, at + 512)
    if (block.every((byte) => byte === 0)) break
    const text = (from: number, length: number) => {
      const field = block.subarray(from, from + length)
      const end = field.indexOf(0)
      return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end))
    }
    const octal = (from: number, length: number) => Number.parseInt(text(from, length).trim() || '0', 8)
    if (block.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 32 : byte), 0) !== octal(148, 8))
      throw new Error('archive/tar: invalid tar header')
    const size = octal(124, 12)
    const content = bytes.subarray(at + 512, at + 512 + size)
    if (content.length < size) throw new Error('unexpected EOF')
    at += 512 + Math.ceil(size / 512) * 512
    const flag = String.fromCharCode(block[156]!)
    if (flag === 'L' || flag === 'K') {
      const value = new TextDecoder().decode(content).replace(/\0.*$/s, '')
      if (flag === 'L') longName = value
      else longTarget = value
      continue
    }
    if (flag === 'x' || flag === 'g') {
      const pax = new TextDecoder().decode(content)
      if (flag === 'x') {
        longName = /^\d+ path=(.*)$/m.exec(pax)?.[1] ?? longName
        longTarget = /^\d+ linkpath=(.*)$/m.exec(pax)?.[1] ?? longTarget
      }
      continue
    }
    const type = TYPES[flag]
    if (!type) continue
    const prefix = text(345, 155)
    entries.push({
      name: longName ?? (prefix ? `${prefix}/${text(0, 100)}` : text(0, 100)),
      type,
      mode: octal(100, 8) & 0o7777,
      uid: octal(108, 8),
      gid: octal(116, 8),
      modified: octal(136, 12) * 1000,
      ...(type === 'symlink' || type === 'link' ? { target: longTarget ?? text(157, 100) } : {}),
      ...(type === 'file' ? { content: content.slice() } : {}),
      ...(type === 'character' || type === 'block' ? { major: octal(329, 8), minor: octal(337, 8) } : {}),
    })
    longName = undefined
    longTarget = undefined
  }
  return entries
}

/**
 * A layer as an archive; whiteouts become `.wh.NAME`, as image layers carry them. One content under several names is
 * written once, its other names as hard links: BusyBox has hundreds.
 */
export function* layerEntries(layer: LayerDirectory, whiteouts = true): Generator<TarEntry> {
  const first = new Map<FileContent, { path: string; node: LayerNode }>()
  for (const [path, node] of walkLayer(layer)) {
    const { mode, uid, gid, modified } = node
    const slash = path.lastIndexOf('/') + 1
    const common = { name: path, mode, uid, gid, modified }
    if (isWhiteout(node)) {
      if (whiteouts)
        yield {
          ...common,
          name: `${path.slice(0, slash)}.wh.${path.slice(slash)}`,
          type: 'file',
          content: new Uint8Array(0),
        }
    } else if (node.type === 'directory') {
      yield { ...common, name: `${path}/`, type: 'directory' }
      if (node.opaque && whiteouts)
        yield { ...common, name: `${path}/.wh..wh..opq`, type: 'file', mode: 0o644, content: new Uint8Array(0) }
    } else if (node.type === 'file') {
      const other = first.get(node.content)
      if (other && sameAttributes(other.node, node)) yield { ...common, type: 'link', target: other.path }
      else {
        if (node.content.size > 0) first.set(node.content, { path, node })
        yield { ...common, type: 'file', content: node.content.read(0, node.content.size) }
      }
    } else if (node.type === 'symlink') yield { ...common, type: 'symlink', target: node.target }
    else if (node.type !== 'socket')
      yield { ...common, type: node.type, major: node.major ?? 0, minor: node.minor ?? 0 }
  }
}

const sameAttributes = (a: LayerNode, b: LayerNode) =>
  a.mode === b.mode && a.uid === b.uid && a.gid === b.gid && a.modified === b.modified

/** The layer an archive holds; `.wh.` names become whiteouts, hard links copies that share their content. */
export function layerFromTar(entries: readonly TarEntry[]): LayerDirectory {
  const files = new Map<string, LayerEntry>()
  const opaque = new Set<string>()
  for (const entry of entries) {
    const path = entry.name.replace(/^(\.?\/)+/, '').replace(/\/$/, '')
    if (path === '' || path === '.') continue
    if (path.split('/').includes('..')) throw new SystemError('EPERM')
    const slash = path.lastIndexOf('/') + 1
    const base = path.slice(slash)
    const { mode, uid, gid, modified } = entry
    if (base === '.wh..wh..opq') opaque.add(path.slice(0, Math.max(0, slash - 1)))
    else if (base.startsWith('.wh.')) files.set(path.slice(0, slash) + base.slice(4), { whiteout: true, modified })
    else if (entry.type === 'directory') files.set(path, { directory: true, mode, uid, gid, modified })
    else if (entry.type === 'symlink') files.set(path, { target: entry.target ?? '', uid, gid, modified })
    else if (entry.type === 'link') {
      const source = files.get((entry.target ?? '').replace(/^(\.?\/)+/, ''))
      if (source) files.set(path, source)
    } else if (entry.type === 'file')
      files.set(path, { content: FileContent.of(entry.content ?? new Uint8Array(0)), mode, uid, gid, modified })
    else if (entry.type !== 'fifo')
      files.set(path, {
        device: { type: entry.type, major: entry.major ?? 0, minor: entry.minor ?? 0 },
        mode,
        uid,
        gid,
        modified,
      })
  }
  for (const path of opaque) files.set(path, { ...(files.get(path) ?? { directory: true }), opaque: true })
  return makeLayer(files)
}
