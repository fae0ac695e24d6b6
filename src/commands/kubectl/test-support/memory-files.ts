import { SystemError } from '../../../sim/linux/errors.ts'
import type { Files, Stat } from '../../../sim/linux/file.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Files of a test process: absolute or relative to `/root`, all readable. */
export function memoryFiles(initial: Readonly<Record<string, string>>): Files {
  const files = new Map<string, Uint8Array>()
  const folders = new Set(['/', '/root', '/tmp'])
  const absolute = (path: string) => {
    const parts: string[] = []
    for (const part of (path.startsWith('/') ? path : `/root/${path}`).split('/')) {
      if (part === '..') parts.pop()
      else if (part !== '' && part !== '.') parts.push(part)
    }
    return `/${parts.join('/')}`
  }
  const write = (path: string, content: string | Uint8Array) => {
    const full = absolute(path)
    for (let at = full.lastIndexOf('/'); at > 0; at = full.lastIndexOf('/', at - 1)) folders.add(full.slice(0, at))
    files.set(full, typeof content === 'string' ? encoder.encode(content) : content)
  }
  const read = (path: string) => {
    const found = files.get(absolute(path))
    if (!found) throw new SystemError(folders.has(absolute(path)) ? 'EISDIR' : 'ENOENT', path)
    return found
  }
  for (const [path, text] of Object.entries(initial)) write(path, text)
  const stat = (path: string) => {
    const full = absolute(path)
    const type = files.has(full) ? 'file' : folders.has(full) ? 'directory' : undefined
    if (!type) throw new SystemError('ENOENT', path)
    return { type, mode: 0o644, size: files.get(full)?.length ?? 0, modified: 0 } as Stat
  }
  return {
    readBytes: read,
    readText: (path: string) => decoder.decode(read(path)),
    write,
    stat,
    lstat: stat,
    exists: (path: string) => files.has(absolute(path)) || folders.has(absolute(path)),
    access: () => true,
    list: (path: string) => {
      const prefix = absolute(path) === '/' ? '/' : `${absolute(path)}/`
      const names = new Set(
        [...files.keys(), ...folders]
          .filter((f) => f.startsWith(prefix))
          .map((f) => f.slice(prefix.length).split('/')[0]!),
      )
      names.delete('')
      return [...names].map((name) => ({ name, type: stat(prefix + name).type, inode: 0 }))
    },
    mkdir: (path: string) => void folders.add(absolute(path)),
    unlink: (path: string) => void files.delete(absolute(path)),
    removeTree: (path: string) => {
      for (const f of [...files.keys()]) if (f === absolute(path) || f.startsWith(`${absolute(path)}/`)) files.delete(f)
    },
    realpath: absolute,
  } as unknown as Files
}
