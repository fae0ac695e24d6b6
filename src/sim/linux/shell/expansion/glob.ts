import type { Files } from '../../file.ts'
import { hasWildcard, patternMatcher, removeEscapes } from '../pattern.ts'

export interface GlobOptions {
  cwd: string
  extended: boolean
  dotglob?: boolean
  globstar?: boolean
  ignoreCase?: boolean
  /** `.*` matches `.` and `..` too, as it does outside bash. */
  dots?: boolean
}

/** Matching paths, sorted by bytes; empty when none. The pattern's quoted characters are backslashed. */
export function expandGlob(files: Files, pattern: string, options: GlobOptions): string[] {
  const absolute = pattern.startsWith('/')
  const parts = pattern.split('/')
  let paths = [absolute ? '/' : '']
  for (const [index, part] of parts.entries()) {
    if (part === '') {
      if (index === parts.length - 1 && index > 0)
        paths = paths
          .filter((path) => isDirectory(files, options, path))
          .map((path) => (path.endsWith('/') ? path : `${path}/`))
      continue
    }
    const last = index === parts.length - 1
    paths = paths.flatMap((path) => matchPart(files, path, part, last, options))
    if (paths.length === 0) return []
  }
  return paths.sort(compareBytes)
}

function matchPart(files: Files, base: string, part: string, last: boolean, options: GlobOptions): string[] {
  const join = (name: string) => (base === '' || base.endsWith('/') ? base + name : `${base}/${name}`)
  if (!hasWildcard(part, options.extended)) {
    const path = join(removeEscapes(part))
    return exists(files, resolve(options.cwd, path)) ? [path] : []
  }
  if (options.globstar && part === '**') return descend(files, base, last, options)
  const matcher = patternMatcher(part, { extended: options.extended, ignoreCase: options.ignoreCase ?? false })
  const hidden = options.dotglob || part.startsWith('.') || part.startsWith('\\.')
  const names = listNames(files, resolve(options.cwd, base))
  return [...(options.dots && hidden ? ['.', '..'] : []), ...names]
    .filter((name) => (hidden || !name.startsWith('.')) && matcher.test(name))
    .map(join)
    .filter((path) => last || isDirectory(files, options, path))
}

function descend(files: Files, base: string, last: boolean, options: GlobOptions): string[] {
  const out: string[] = last ? [] : [base]
  const visit = (path: string) => {
    for (const name of listNames(files, resolve(options.cwd, path))) {
      if (name.startsWith('.') && !options.dotglob) continue
      const child = path === '' || path.endsWith('/') ? path + name : `${path}/${name}`
      const directory = isDirectory(files, options, child, false)
      if (last || directory) out.push(child)
      if (directory) visit(child)
    }
  }
  visit(base)
  return out
}

function listNames(files: Files, path: string): string[] {
  try {
    return files.list(path).map((entry) => entry.name)
  } catch {
    // An unreadable or missing folder matches nothing.
    return []
  }
}

function isDirectory(files: Files, options: GlobOptions, path: string, follow = true): boolean {
  try {
    const full = resolve(options.cwd, path)
    return (follow ? files.stat(full) : files.lstat(full)).type === 'directory'
  } catch {
    return false
  }
}

function exists(files: Files, path: string): boolean {
  try {
    files.lstat(path)
    return true
  } catch {
    return false
  }
}

function resolve(cwd: string, path: string): string {
  if (path.startsWith('/')) return path
  return path === '' ? cwd : `${cwd === '/' ? '' : cwd}/${path}`
}

/** As strcmp in the C locale would order UTF-8 texts. */
export function compareBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
