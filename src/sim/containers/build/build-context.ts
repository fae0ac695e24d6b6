import type { Files } from '../../linux/file.ts'
import { gunzip, isGzip } from '../archive/gzip.ts'
import { readTar, type TarEntry } from '../archive/tar.ts'
import { Sha256 } from '../images/sha256.ts'

/** A tree that COPY takes from: the uploaded context, or another stage's filesystem. */
export interface Source {
  /** Entries at and below a path (`sub/a`), names relative to it; undefined when there is nothing. */
  take(path: string): { directory: boolean; entries: TarEntry[]; sums: string[] } | undefined
  names(): readonly string[]
}

export class BuildContext implements Source {
  readonly #entries = new Map<string, TarEntry>()
  readonly #sums = new Map<string, string>()

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

  /** Each entry with its sum and the bytes of its content. */
  *sums(): Generator<{ name: string; sum: string; bytes: number }> {
    for (const entry of this.#entries.values())
      yield { name: entry.name, sum: this.#sum(entry), bytes: entry.content?.length ?? 0 }
  }

  take(path: string): { directory: boolean; entries: TarEntry[]; sums: string[] } | undefined {
    const clean = normal(path)
    const sums = (list: readonly TarEntry[]) => list.map((entry) => this.#sum(entry)).sort()
    if (clean === '') {
      const all = [...this.#entries.values()]
      return { directory: true, entries: all, sums: sums(all) }
    }
    const own = this.#entries.get(clean)
    const below = [...this.#entries.values()].filter((entry) => entry.name.startsWith(`${clean}/`))
    if (!own && below.length === 0) return undefined
    if (own && own.type !== 'directory')
      return path.endsWith('/')
        ? undefined
        : { directory: false, entries: [{ ...own, name: clean.split('/').at(-1)! }], sums: sums([own]) }
    return {
      directory: true,
      entries: below.map((entry) => ({ ...entry, name: entry.name.slice(clean.length + 1) })),
      sums: sums(own ? [own, ...below] : below),
    }
  }

  #sum(entry: TarEntry): string {
    let sum = this.#sums.get(entry.name)
    if (sum === undefined) {
      sum = sumOf(entry)
      this.#sums.set(entry.name, sum)
    }
    return sum
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

  take(path: string): { directory: boolean; entries: TarEntry[]; sums: string[] } | undefined {
    const from = `/${normal(path)}`
    if (!this.#files.exists(from)) return undefined
    const directory = this.#files.stat(from).type === 'directory'
    const entries = directory ? [...this.#walk(from, '')] : [this.#entry(from, from.split('/').at(-1)!)]
    return { directory, entries, sums: entries.map(sumOf).sort() }
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

/** The sum of one entry of a context as Docker's builder makes it (tarsum version 1): header without times, and content. */
export function sumOf({ name, type, mode, uid, gid, target, content }: TarEntry): string {
  const flag = { file: '0', directory: '5', symlink: '2' }[type as string] ?? '0'
  const full = type === 'directory' && !name.endsWith('/') ? `${name}/` : name
  const size = content?.length ?? 0
  return new Sha256()
    .update(`name${full}mode${mode & 0o7777}uid${uid}gid${gid}size${size}typeflag${flag}`)
    .update(`linkname${target ?? ''}unamegnamedevmajor0devminor0`)
    .update(content ?? new Uint8Array(0))
    .hex()
}

/** The sum of several: of their sums, sorted for what lies in a folder. */
export function sumOfSums(sums: readonly string[]): string {
  return new Sha256().update(sums.join(',')).hex()
}
