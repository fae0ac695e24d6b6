import { readTar, type TarEntry, writeTar } from '../../containers/archive/tar.ts'
import type { Process } from '../../linux/process.ts'
import { type Applet, AppletError, words } from '../applet/applet.ts'
import { isDirectory } from '../applet/input.ts'
import { parseOptions } from '../applet/options.ts'
import { runOver } from './connect.ts'
import { type Destination, parseDestination } from './destination.ts'

const USAGE = `usage: scp [-346ABCOpqRrsTv] [-c cipher] [-D sftp_server_path] [-F ssh_config]
           [-i identity_file] [-J destination] [-l limit] [-o ssh_option]
           [-P port] [-S program] [-X sftp_option] source ... target
`

interface Place {
  on: Destination | undefined
  path: string
}

const quote = (text: string) => (text.startsWith('~') ? text : `'${text.replace(/'/g, "'\\''")}'`)
const lastPart = (path: string) => path.replace(/\/+$/, '').replace(/^.*\//, '')

/** Copies files between machines: a tar of the source is unpacked at the target. */
export const scp: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: '346ABCOpqRrsTvc:D:F:i:J:l:o:P:S:X:' })
  const places = options.operands.map((text) => place(process, text, Number(options.get('P') ?? 22)))
  const target = places.pop()
  if (!target || places.length === 0) throw new AppletError('', 1, USAGE)
  for (const source of places) {
    const entries = await read(process, source, options.has('r'))
    await write(process, target, entries, lastPart(source.path), places.length > 1)
  }
  return 0
}

function place(process: Process, text: string, port: number): Place {
  const match = /^([^/:]+):(.*)$/.exec(text)
  if (!match) return { on: undefined, path: text }
  return { on: parseDestination(process, match[1]!, undefined, port), path: match[2] === '' ? '.' : match[2]! }
}

/** The entries of a file or folder, named relative to it (`.` is itself). */
async function read(process: Process, { on, path }: Place, recursive: boolean): Promise<TarEntry[]> {
  if (!on) return readLocal(process, path, recursive)
  const p = quote(path)
  const test = `if [ ! -e ${p} ]; then echo ${quote(`${path}: No such file or directory`)} >&2; exit 1; fi`
  const folder = recursive ? `tar cf - -C ${p} .; exit` : `echo ${quote(`${path}: not a regular file`)} >&2; exit 1`
  const pack = `tar cf - -C "$(dirname ${p})" "$(basename ${p})"`
  const done = await runOver(process, on, `${test}; if [ -d ${p} ]; then ${folder}; fi; ${pack}`)
  if (done.status !== 0) throw new AppletError(done.error.replace(/^tar: /, '').trimEnd(), 1)
  const entries = readTar(done.output)
  const single = entries.length === 1 && entries[0]!.type === 'file'
  return single ? [{ ...entries[0]!, name: '.' }] : entries.map((entry) => ({ ...entry, name: tidy(entry.name) }))
}

const tidy = (name: string) => name.replace(/^\.\//, '').replace(/\/$/, '') || '.'

function readLocal(process: Process, path: string, recursive: boolean): TarEntry[] {
  const entries: TarEntry[] = []
  const add = (from: string, name: string) => {
    const stat = process.files.stat(from)
    const common = { mode: stat.mode, uid: stat.uid, gid: stat.gid, modified: stat.modified, name }
    if (stat.type === 'directory') {
      entries.push({ ...common, type: 'directory' })
      for (const each of process.files.list(from))
        add(`${from}/${each.name}`, name === '.' ? each.name : `${name}/${each.name}`)
    } else entries.push({ ...common, type: 'file', content: process.files.readBytes(from) })
  }
  if (isDirectory(process, path) && !recursive)
    throw new AppletError(`local ${JSON.stringify(path)} is not a regular file`, 1)
  try {
    add(path, '.')
  } catch (error) {
    throw new AppletError(`stat local ${JSON.stringify(path)}: ${words(error)}`, 1)
  }
  return entries
}

async function write(
  process: Process,
  { on, path }: Place,
  entries: readonly TarEntry[],
  name: string,
  several: boolean,
): Promise<void> {
  const folder = entries[0]?.type === 'directory'
  if (!on) {
    const root = isDirectory(process, path) ? `${path.replace(/\/+$/, '')}/${name}` : path
    for (const entry of entries) {
      const at = entry.name === '.' ? root : `${root}/${entry.name}`
      try {
        if (entry.type !== 'directory')
          process.files.write(at, entry.content ?? new Uint8Array(0), { mode: entry.mode })
        else if (!process.files.exists(at)) process.files.mkdir(at)
      } catch (error) {
        throw new AppletError(`open local ${JSON.stringify(at)}: ${words(error)}`, 1)
      }
    }
    return
  }
  const p = quote(path)
  const root = `if [ -d ${p} ]; then t=${p}/${quote(name)}; else t=${p}; fi`
  const single = entries[0]
  const done =
    !folder && single
      ? await runOver(process, on, `${root}; cat > "$t"`, single.content ?? new Uint8Array(0))
      : await runOver(process, on, `${root}; mkdir -p "$t" && tar xf - -C "$t"`, writeTar([...entries]))
  if (done.status !== 0) {
    const reason = /: ([^:]+)$/.exec(done.error.trimEnd())?.[1] ?? 'Failure'
    throw new AppletError(`dest open ${JSON.stringify(several ? `${path}/${name}` : path)}: ${reason}`, 1)
  }
}
