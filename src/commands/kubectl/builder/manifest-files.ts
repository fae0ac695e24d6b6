import type { Process } from '../../../sim/linux/process.ts'
import { CliError } from '../errors/errors.ts'
import { goFileError } from '../errors/report.ts'
import { fetchUrl } from './url.ts'

export interface ManifestFile {
  /** As messages name it: the path, the URL, `STDIN`. */
  source: string
  text: string
}

const EXTENSIONS = /\.(json|ya?ml)$/

/** Reads what `-f` names: files, folders (with `-R` all the way down), URLs, patterns, `-` for standard input. */
export async function readManifestFiles(
  process: Process,
  names: readonly string[],
  recursive: boolean,
): Promise<ManifestFile[]> {
  const files: ManifestFile[] = []
  for (const name of names) {
    if (name === '-') files.push({ source: 'STDIN', text: await readAll(process) })
    else if (/^https?:\/\//.test(name)) files.push({ source: name, text: await fetchUrl(process, name) })
    else files.push(...expand(process, name).flatMap((path) => readPath(process, path, recursive)))
  }
  return files
}

function expand(process: Process, name: string): string[] {
  if (process.files.exists(name)) return [name]
  if (/[*?[]/.test(name)) {
    const slash = name.lastIndexOf('/')
    const folder = slash < 0 ? '.' : name.slice(0, slash) || '/'
    const pattern = new RegExp(
      `^${name
        .slice(slash + 1)
        .replace(/[.+^${}()|\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    )
    const matches = process.files.exists(folder)
      ? process.files
          .list(folder)
          .map((entry) => entry.name)
          .filter((entry) => pattern.test(entry))
          .sort()
      : []
    if (matches.length > 0) return matches.map((entry) => (slash < 0 ? entry : `${name.slice(0, slash)}/${entry}`))
  }
  throw new CliError(`the path ${JSON.stringify(name)} does not exist`)
}

function readPath(process: Process, path: string, recursive: boolean): ManifestFile[] {
  if (process.files.stat(path).type !== 'directory') return [{ source: path, text: readText(process, path) }]
  const files = folderFiles(process, path.replace(/\/+$/, ''), recursive)
  if (files.length === 0)
    throw new CliError(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`)
  return files.map((file) => ({ source: file, text: readText(process, file) }))
}

function readText(process: Process, path: string): string {
  try {
    return process.files.readText(path)
  } catch (error) {
    throw new CliError(goFileError('open', path, error))
  }
}

function folderFiles(process: Process, folder: string, recursive: boolean): string[] {
  const entries = [...process.files.list(folder)].sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (process.files.stat(path).type === 'directory') return recursive ? folderFiles(process, path, recursive) : []
    return EXTENSIONS.test(entry.name) ? [path] : []
  })
}

/** All of standard input. */
export async function readAll(process: Process): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const bytes = await process.stdin.read()
    if (bytes.length === 0) return text
    text += decoder.decode(bytes, { stream: true })
  }
}
