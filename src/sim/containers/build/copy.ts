import type { Files } from '../../linux/file.ts'
import { BoundedRegExp } from '../../linux/regexp/bounded-regexp.ts'
import { extract } from '../api/container-files.ts'
import { gunzip, isGzip } from '../archive/gzip.ts'
import type { TarEntry } from '../archive/tar.ts'
import { readTar } from '../archive/tar.ts'
import { resolveUser } from '../runtime/user.ts'
import { type Source, sumOfSums } from './build-context.ts'
import { BuildError } from './build-error.ts'

export interface CopyRequest {
  kind: 'ADD' | 'COPY'
  sources: readonly string[]
  target: string
  from: Source
  chown?: string
  chmod?: string
  fromStage: boolean
}

interface Taken {
  name: string
  directory: boolean
  entries: TarEntry[]
  sums: string[]
}

/** Finds what is to be copied. Throws BuildError in the builder's words. */
export function takeSources(request: CopyRequest): { taken: Taken[]; label: string } {
  const { kind, from, fromStage } = request
  const taken: Taken[] = []
  for (const source of request.sources) {
    if (/^https?:\/\//.test(source)) throw new BuildError(`not simulated: ${kind} from a URL`)
    const path = source.replace(/^(\.?\/)+/, '')
    if (path.split('/').includes('..'))
      throw new BuildError(`${kind} failed: forbidden path outside the build context: ${source} ()`)
    if (/[*?[]/.test(path)) {
      const pattern = glob(path)
      const top = new Set<string>()
      for (const name of from.names()) if (pattern.test(name)) top.add(name)
      for (const name of [...top].sort()) {
        const found = from.take(name)
        if (found) taken.push({ name, ...found })
      }
      continue
    }
    const found = from.take(path)
    if (!found) {
      if (fromStage) throw new BuildError(`${kind} failed: stat ${path}: file does not exist`)
      throw new BuildError(
        `${kind} failed: file not found in build context or excluded by .dockerignore: stat ${path}: file does not exist`,
      )
    }
    taken.push({ name: path.replace(/\/$/, ''), ...found })
  }
  if (taken.length === 0) throw new BuildError(`${kind} failed: no source files were specified`)
  if (taken.length > 1 && !request.target.endsWith('/'))
    throw new BuildError(
      `When using ${kind} with more than one source file, the destination must be a directory and end with a /`,
    )
  const sums = taken.map(({ directory, sums }) => (directory ? `dir:${sumOfSums(sums)}` : `file:${sums[0]}`))
  const label = sums.length === 1 ? sums[0]! : `multi:${sumOfSums(sums)}`
  return { taken, label }
}

function glob(path: string): RegExp {
  const source = path
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]')
  return new BoundedRegExp(`^${source}$`)
}

/** Writes what was taken into a stage's files. */
export function placeFiles(files: Files, request: CopyRequest, taken: readonly Taken[]): void {
  const owner = request.chown === undefined ? undefined : resolveUser(files, request.chown)
  const mode = request.chmod === undefined ? undefined : Number.parseInt(request.chmod, 8)
  const own = (entry: TarEntry): TarEntry => ({
    ...entry,
    uid: owner?.uid ?? (request.fromStage ? entry.uid : 0),
    gid: owner?.gid ?? (request.fromStage ? entry.gid : 0),
    mode: mode ?? entry.mode,
  })
  const target = request.target.replace(/\/$/, '') || '/'
  const isDirectory = request.target.endsWith('/') || (files.exists(target) && files.stat(target).type === 'directory')
  for (const one of taken) {
    if (one.directory) {
      if (!files.exists(target)) files.mkdir(target, { parents: true, mode: 0o755 })
      extract(files, target, one.entries.map(own))
      continue
    }
    const [file] = one.entries
    if (!file) continue
    const archive = request.kind === 'ADD' ? unpack(file) : undefined
    if (archive) {
      if (!files.exists(target)) files.mkdir(target, { parents: true, mode: 0o755 })
      extract(files, target, archive)
      continue
    }
    const folder = isDirectory ? target : target.slice(0, target.lastIndexOf('/')) || '/'
    const name = isDirectory ? file.name : target.slice(target.lastIndexOf('/') + 1)
    if (!files.exists(folder)) files.mkdir(folder, { parents: true, mode: 0o755 })
    extract(files, folder, [{ ...own(file), name }])
  }
}

/** ADD unpacks archives of the context. */
function unpack(file: TarEntry): TarEntry[] | undefined {
  const { content } = file
  if (!content || content.length < 20) return undefined
  try {
    const bytes = isGzip(content) ? gunzip(content) : content
    const magic = new TextDecoder().decode(bytes.subarray(257, 262))
    return magic === 'ustar' ? readTar(bytes) : undefined
  } catch {
    return undefined
  }
}
