import type { Files } from '../../linux/file.ts'
import { gunzip, isGzip } from '../archive/gzip.ts'
import { readTar, type TarEntry } from '../archive/tar.ts'
import { Sha256 } from '../images/sha256.ts'

/** A tree that COPY takes from: the uploaded context, or another stage's filesystem. */
export interface Source {
  /** Entries at and below a path (`sub/a`), names relative to it; undefined when there is nothing. */
  take(path: string): { directory: boolean; entries: TarEntry[] } | undefined
  names(): readonly string[]
}

export class BuildContext implements Source {
  readonly #entries = new Map<string, TarEntry>()

  constructor(bytes: Uint8Array) {
    for (const entry of readTar(isGzip(bytes) ? gunzip(bytes) : bytes)) {
      const name = entry.name.replace(/^(\.?\/)+/, '').replace(/\/$/, '')
      if (name !== '' && name !== '.') this.#entries.set(name, { ...entry, name })
    }
  }

  text(path: string): string | undefined {
    const content = this.#entries.get(path.replace(/^(\.?\/)+/, ''))?.content
    return content && new TextDecoder().decode(content)
  }

  names(): readonly string[] {
    return [...this.#entries.keys()]
  }

  take(path: string): { directory: boolean; entries: TarEntry[] } | undefined {
    const clean = normal(path)
    if (clean === '') return { directory: true, entries: [...this.#entries.values()] }
    const own = this.#entries.get(clean)
    const below = [...this.#entries.values()].filter((entry) => entry.name.startsWith(`${clean}/`))
    if (!own && below.length === 0) return undefined
    if (own && own.type !== 'directory')
      return path.endsWith('/')
        ? undefined
        : { directory: false, entries: [{ ...own, name: clean.split('/').at(-1)! }] }
    return { directory: true, entries: below.map((entry) => ({ ...entry, name: entry.name.slice(clean.length + 1) })) }
  }
}

/** The files of a stage or image. */
export class FilesSource implements Source {
  readonly #files: Files

  constructor(files: Files) {
    this.#files = files
  }

  names(): readonly string[] {
    return this.#files.list('/').map((entry) => entry.name)
  }

  take(path: string): { directory: boolean; entries: TarEntry[] } | undefined {
    const from = `/${normal(path)}`
    if (!this.#files.exists(from)) return undefined
    const directory = this.#files.stat(from).type === 'directory'
    return { directory, entries: directory ? [...this.#walk(from, '')] : [this.#entry(from, from.split('/').at(-1)!)] }
  }

  *#walk(folder: string, prefix: string): Generator<TarEntry> {
    for (const { name, type } of this.#files.list(folder)) {
      const path = `${folder === '/' ? '' : folder}/${name}`
      yield this.#entry(path, prefix + name)
      if (type === 'directory') yield* this.#walk(path, `${prefix}${name}/`)
    }
  }

  #entry(path: string, name: string): TarEntry {
    const { type, mode, uid, gid, modified } = this.#files.lstat(path)
    const common = { name, mode, uid, gid, modified }
    if (type === 'directory') return { ...common, type: 'directory' }
    if (type === 'symlink') return { ...common, type: 'symlink', target: this.#files.readlink(path) }
    return { ...common, type: 'file', content: type === 'file' ? this.#files.readBytes(path) : new Uint8Array(0) }
  }
}

function normal(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
}

/** Identity of what is copied: names, kinds, modes and contents, but no times. */
export function hashOf(entries: readonly TarEntry[]): string {
  const hash = new Sha256()
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`${entry.name}\0${entry.type}\0${entry.mode}\0${entry.target ?? ''}\0${entry.content?.length ?? 0}\0`)
    if (entry.content) hash.update(entry.content)
  }
  return hash.hex()
}
