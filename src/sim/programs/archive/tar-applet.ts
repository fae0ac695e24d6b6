import { gunzip, isGzip } from '../../containers/archive/gzip.ts'
import { readTar, type TarEntry, writeTar } from '../../containers/archive/tar.ts'
import { patternMatcher } from '../../linux/shell/pattern.ts'
import { dateText } from '../../linux/shell/strftime.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, say, words } from '../applet/applet.ts'
import { readInput, writeBytes } from '../applet/input.ts'
import { modeText } from '../applet/mode.ts'
import { type Options, parseOptions, tryHelp } from '../applet/options.ts'
import { Names } from '../applet/users.ts'
import { pack } from './gzip-applets.ts'

export const tar: Applet = async (call) => {
  // The first word may lack its dash: `tar czf x.tgz d`; its letters take their values in order.
  const [first = '', ...rest] = call.args
  const args = first.startsWith('-') || first === '' ? call.args : oldStyle(first, rest)
  const options = parseOptions(
    call,
    {
      short: 'cxtrvf:C:zjJapkmOhT:X:oP',
      long: {
        create: 'c',
        extract: 'x',
        get: 'x',
        list: 't',
        verbose: 'v',
        'file=': 'f',
        'directory=': 'C',
        gzip: 'z',
        'exclude=': 'exclude',
        'strip-components=': 'strip',
        'to-stdout': 'O',
        'preserve-permissions': 'p',
        'same-owner': 'sameOwner',
        'no-same-owner': 'o',
        'numeric-owner': 'numeric',
        dereference: 'h',
        'absolute-names': 'P',
        overwrite: 'overwrite',
        'transform=': 'transform',
        'auto-compress': 'a',
        'files-from=': 'T',
        append: 'r',
      },
      status: 2,
    },
    args,
  )
  const action = ['c', 'x', 't'].find((key) => options.has(key))
  if (!action)
    throw new AppletError(
      say(
        call,
        "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options",
        'must specify one of -c, -x or -t',
      ),
      call.flavour === 'gnu' ? 2 : 1,
      call.flavour === 'gnu' ? "Try 'tar --help' or 'tar --usage' for more information.\n" : tryHelp(call),
    )
  const file = options.get('f') ?? '-'
  if (action === 'c') return create(call, options, file)
  let bytes: Uint8Array
  try {
    bytes = await readInput(call.process, file)
  } catch (error) {
    throw new AppletError(
      say(
        call,
        `${file}: Cannot open: ${words(error)}\ntar: Error is not recoverable: exiting now`,
        `can't open '${file}': ${words(error)}`,
      ),
      call.flavour === 'gnu' ? 2 : 1,
    )
  }
  if (isGzip(bytes)) bytes = gunzip(bytes)
  else if (options.has('z'))
    throw new AppletError(
      say(
        call,
        '\ngzip: stdin: not in gzip format\ntar: Child returned status 1\ntar: Error is not recoverable: exiting now',
        'invalid magic',
      ),
      call.flavour === 'gnu' ? 2 : 1,
    )
  let entries: TarEntry[]
  try {
    entries = readTar(bytes)
  } catch {
    throw new AppletError(
      say(
        call,
        'This does not look like a tar archive\ntar: Exiting with failure status due to previous errors',
        'invalid tar magic',
      ),
      call.flavour === 'gnu' ? 2 : 1,
    )
  }
  await call.process.compute(bytes.length / 1_000_000)
  return action === 't' ? list(call, options, entries) : extract(call, options, entries)
}

function oldStyle(first: string, rest: readonly string[]): string[] {
  const queue = [...rest]
  const out: string[] = []
  for (const letter of first) {
    out.push(`-${letter}`)
    if ('fCTX'.includes(letter)) out.push(queue.shift() ?? '')
  }
  return [...out, ...queue]
}

const excluded = (options: Options, name: string) =>
  options
    .all('exclude')
    .some(
      (glob) =>
        patternMatcher(glob.replace(/\/$/, '')).test(name.replace(/\/$/, '')) ||
        patternMatcher(glob).test(name.replace(/\/$/, '').replace(/^.*\//, '')),
    )

async function create(call: AppletCall, options: Options, file: string): Promise<number> {
  const { process } = call
  const folder = options.get('C')
  if (options.operands.length === 0 && !options.has('T'))
    throw new AppletError(
      say(call, 'Cowardly refusing to create an empty archive', 'empty archive'),
      call.flavour === 'gnu' ? 2 : 1,
      call.flavour === 'gnu' ? "Try 'tar --help' or 'tar --usage' for more information.\n" : '',
    )
  const before = process.cwd
  const entries: TarEntry[] = []
  let status = 0
  const names: string[] = []
  let warned = false
  const add = async (path: string) => {
    try {
      const stat = options.has('h') ? process.files.stat(path) : process.files.lstat(path)
      if (excluded(options, path)) return
      let name = path
      if (name.startsWith('/') && !options.has('P')) {
        if (!warned)
          await process.printError(
            say(call, "tar: Removing leading `/' from member names\n", "tar: removing leading '/' from member names\n"),
          )
        warned = true
        name = name.replace(/^\/+/, '') || './'
      }
      const common = { mode: stat.mode, uid: stat.uid, gid: stat.gid, modified: stat.modified }
      if (stat.type === 'directory') {
        const shown = `${name.replace(/\/+$/, '')}/`
        entries.push({ ...common, name: shown, type: 'directory' })
        names.push(shown)
        for (const entry of process.files.list(path).map((each) => each.name))
          await add(`${path.replace(/\/+$/, '')}/${entry}`)
        return
      }
      names.push(name)
      if (stat.type === 'file') entries.push({ ...common, name, type: 'file', content: process.files.readBytes(path) })
      else if (stat.type === 'symlink')
        entries.push({ ...common, name, type: 'symlink', target: process.files.readlink(path) })
      else if (stat.type === 'fifo') entries.push({ ...common, name, type: 'fifo' })
      else if (stat.type === 'character' || stat.type === 'block')
        entries.push({ ...common, name, type: stat.type, major: stat.major ?? 0, minor: stat.minor ?? 0 })
    } catch (error) {
      await complain(call, say(call, `${path}: Cannot stat: ${words(error)}`, `${path}: ${words(error)}`))
      status = call.flavour === 'gnu' ? 2 : 1
    }
  }
  try {
    if (folder !== undefined) process.cwd = folder
    for (const path of options.operands) await add(path)
  } finally {
    if (folder !== undefined) process.cwd = before
  }
  let bytes = writeTar(entries)
  if (options.has('z') || (options.has('a') && /\.t?gz$/.test(file))) bytes = await pack(process, bytes)
  await process.compute(bytes.length / 500_000)
  if (options.has('v')) {
    const text = names.map((name) => `${name}\n`).join('')
    if (file === '-') await process.printError(text)
    else await process.print(text)
  }
  if (file === '-') await writeBytes(process, bytes)
  else {
    try {
      process.files.write(file, bytes)
    } catch (error) {
      throw new AppletError(
        say(
          call,
          `${file}: Cannot open: ${words(error)}\ntar: Error is not recoverable: exiting now`,
          `can't open '${file}': ${words(error)}`,
        ),
        call.flavour === 'gnu' ? 2 : 1,
      )
    }
  }
  if (status !== 0)
    await complain(
      call,
      say(call, 'Exiting with failure status due to previous errors', 'error exit delayed from previous errors'),
    )
  return status
}

const wanted = (options: Options, name: string) =>
  options.operands.length === 0 ||
  options.operands.some(
    (each) => name === each || name === `${each}/` || name.startsWith(`${each.replace(/\/$/, '')}/`),
  )

async function list(call: AppletCall, options: Options, entries: readonly TarEntry[]): Promise<number> {
  const names = new Names(call.process)
  for (const entry of entries) {
    if (!wanted(options, entry.name)) continue
    if (!options.has('v')) {
      await call.process.print(`${entry.name}\n`)
      continue
    }
    const gnu = call.flavour === 'gnu'
    const plain = modeText({ type: entry.type === 'link' ? 'file' : entry.type, mode: entry.mode })
    const mode = entry.type === 'link' && gnu ? `h${plain.slice(1)}` : plain
    const arrow = entry.type === 'link' && gnu ? ' link to ' : ' -> '
    const owner = `${names.user(entry.uid)}/${names.group(entry.gid)}`
    const size = String(entry.content?.length ?? 0)
    await call.process.print(
      `${mode} ${owner} ${size.padStart(Math.max(0, 19 - owner.length - 1))} ${dateText(gnu ? '%Y-%m-%d %H:%M' : '%Y-%m-%d %H:%M:%S', entry.modified)} ${entry.name}${entry.target ? arrow + entry.target : ''}\n`,
    )
  }
  return 0
}

async function extract(call: AppletCall, options: Options, entries: readonly TarEntry[]): Promise<number> {
  const { process } = call
  const { files } = process
  const folder = options.get('C')
  const strip = Number(options.get('strip') ?? 0)
  if (folder !== undefined) {
    try {
      process.cwd = folder
    } catch (error) {
      throw new AppletError(
        say(
          call,
          `${folder}: Cannot open: ${words(error)}\ntar: Error is not recoverable: exiting now`,
          `can't change directory to '${folder}': ${words(error)}`,
        ),
        call.flavour === 'gnu' ? 2 : 1,
      )
    }
  }
  let status = 0
  for (const entry of entries) {
    if (!wanted(options, entry.name) || excluded(options, entry.name)) continue
    let name = entry.name.replace(/^\/+/, '').replace(/\/$/, '')
    if (strip > 0) name = name.split('/').slice(strip).join('/')
    if (name === '' || name === '.') continue
    if (options.has('v')) await process.print(`${entry.name}\n`)
    if (options.has('O')) {
      if (entry.content) await writeBytes(process, entry.content)
      continue
    }
    try {
      const stripped =
        entry.type === 'link' && strip > 0 ? entry.target!.split('/').slice(strip).join('/') : entry.target
      unpack(call, options, { ...entry, ...(stripped === undefined ? {} : { target: stripped }) }, name)
    } catch (error) {
      await complain(call, say(call, `${name}: Cannot open: ${words(error)}`, `can't open '${name}': ${words(error)}`))
      status = call.flavour === 'gnu' ? 2 : 1
    }
  }
  for (const path of options.operands) {
    if (entries.some((entry) => wanted({ ...options, operands: [path] } as Options, entry.name))) continue
    await complain(call, say(call, `${path}: Not found in archive`, `${path}: not found in archive`))
    status = call.flavour === 'gnu' ? 2 : 1
  }
  void files
  if (status !== 0 && call.flavour === 'gnu') await complain(call, 'Exiting with failure status due to previous errors')
  return status
}

function unpack({ process }: AppletCall, options: Options, entry: TarEntry, name: string): void {
  const { files } = process
  const slash = name.lastIndexOf('/')
  if (slash > 0) files.mkdir(name.slice(0, slash), { parents: true })
  if (entry.type === 'directory') {
    if (!files.exists(name)) files.mkdir(name)
  } else {
    if (exists(name)) files.unlink(name)
    if (entry.type === 'file') files.write(name, entry.content ?? new Uint8Array())
    else if (entry.type === 'symlink') files.symlink(entry.target!, name)
    else if (entry.type === 'link') files.link(entry.target!, name)
    else files.mknod(name, entry.type, { major: entry.major ?? 0, minor: entry.minor ?? 0 })
  }
  if (entry.type === 'symlink' || entry.type === 'link') return
  if (process.credentials.uid === 0 && !options.has('o')) files.chown(name, entry.uid, entry.gid)
  files.chmod(name, process.credentials.uid === 0 || options.has('p') ? entry.mode : entry.mode & ~process.umask)
  if (!options.has('m')) files.utimes(name, entry.modified, entry.modified)

  function exists(path: string): boolean {
    try {
      files.lstat(path)
      return true
    } catch {
      return false
    }
  }
}
