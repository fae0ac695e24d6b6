import type { Files } from '../../../linux/file.ts'
import { dateFields } from '../../../time/date.ts'
import type { Random } from '../../../time/random.ts'

export interface Payload {
  bytes: Uint8Array
  mode: number
  /** Its owner; root unless given. */
  uid?: number | undefined
}

/** File by path below the volume. */
export type Payloads = ReadonlyMap<string, Payload>

interface Target {
  files: Files
  directory: string
  random: Random
  /** ms since 1970 */
  now: number
  /** Group that owns the files and may read them. */
  fsGroup?: number
  uid?: number
}

/**
 * Writes a set of files so that readers see all of the old or all of the new: a time-stamped folder, the link `..data`
 * to it, and links to `..data/NAME`. False when nothing had changed.
 */
export function writeAtomically(target: Target, payloads: Payloads): boolean {
  const { files, directory } = target
  const data = `${directory}/..data`
  const old = files.exists(data) ? files.readlink(data) : undefined
  if (old !== undefined && same(files, `${directory}/${old}`, payloads)) return false
  const stamp = stampName(target)
  const folder = `${directory}/${stamp}`
  files.mkdir(folder)
  files.chmod(folder, 0o755)
  for (const [path, { bytes, mode, uid = target.uid }] of payloads) {
    const slash = path.lastIndexOf('/')
    if (slash > 0) files.mkdir(`${folder}/${path.slice(0, slash)}`, { parents: true, mode: 0o755 })
    const file = `${folder}/${path}`
    files.write(file, bytes)
    files.chmod(file, target.fsGroup === undefined ? mode : mode | 0o040)
    if (target.fsGroup !== undefined || uid !== undefined) files.chown(file, uid ?? 0, target.fsGroup ?? 0)
  }
  if (target.fsGroup !== undefined) files.chown(folder, 0, target.fsGroup)
  files.symlink(stamp, `${directory}/..data_tmp`)
  files.rename(`${directory}/..data_tmp`, data)
  const names = new Set([...payloads.keys()].map((path) => path.split('/')[0]!))
  for (const name of names) {
    const link = `${directory}/${name}`
    if (!linkExists(files, link)) files.symlink(`..data/${name}`, link)
  }
  for (const { name, type } of files.list(directory)) {
    // Folders are the mount points of volumes that lie below this one.
    if (type !== 'directory' && !name.startsWith('..') && !names.has(name)) files.unlink(`${directory}/${name}`)
  }
  if (old !== undefined) files.removeTree(`${directory}/${old}`)
  return true
}

function linkExists(files: Files, path: string): boolean {
  try {
    files.lstat(path)
    return true
  } catch {
    return false
  }
}

function same(files: Files, folder: string, payloads: Payloads): boolean {
  let count = 0
  const walk = (path: string): boolean => {
    for (const entry of files.list(path === '' ? folder : `${folder}/${path}`)) {
      const child = path === '' ? entry.name : `${path}/${entry.name}`
      if (entry.type === 'directory') {
        if (!walk(child)) return false
        continue
      }
      const payload = payloads.get(child)
      if (!payload || !equal(files.readBytes(`${folder}/${child}`), payload.bytes)) return false
      count++
    }
    return true
  }
  return walk('') && count === payloads.size
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** `..2026_11_21_03_18_22.3525077343` */
function stampName({ now, random }: Target): string {
  const d = dateFields(now)
  const two = (n: number) => String(n).padStart(2, '0')
  const time = [d.year, two(d.month), two(d.day), two(d.hour), two(d.minute), two(d.second)].join('_')
  return `..${time}.${random.int(1_000_000_000, 4_294_967_295)}`
}
