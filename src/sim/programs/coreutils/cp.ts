import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, quoteAlways, say, words } from '../applet/applet.ts'
import { isDirectory } from '../applet/input.ts'
import { missingOperand, type Options, parseOptions, tryHelp } from '../applet/options.ts'

export const cp: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'aRrpfinuvdPLHlsTt:xZ',
    long: {
      archive: 'a',
      recursive: 'r',
      force: 'f',
      interactive: 'i',
      'no-clobber': 'n',
      update: 'u',
      verbose: 'v',
      'target-directory=': 't',
      'no-target-directory': 'T',
      dereference: 'L',
      'no-dereference': 'P',
      link: 'l',
      'symbolic-link': 's',
      'preserve=?': 'p',
      parents: 'parents',
      'backup=?': 'b',
      'reflink=?': 'reflink',
    },
  })
  const copier = new Copier(call, options)
  for (const [from, to] of targets(call, options)) await copier.copy(from, to, true)
  return copier.failed ? 1 : 0
}

/** Pairs of source and destination of cp, mv, ln. */
export function targets(call: AppletCall, options: Options): [string, string][] {
  const { process } = call
  const operands = [...options.operands]
  let target = options.get('t')
  if (target === undefined) {
    if (operands.length === 0)
      throw call.flavour === 'gnu' ? new AppletError('missing file operand', 1, tryHelp(call)) : missingOperand(call)
    if (operands.length === 1) {
      throw call.flavour === 'gnu'
        ? new AppletError(`missing destination file operand after ${quoteAlways(operands[0]!)}`, 1, tryHelp(call))
        : missingOperand(call)
    }
    target = operands.pop()!
  }
  const folder = isDirectory(process, target) && !options.has('T')
  if (!folder && operands.length > 1)
    throw new AppletError(
      say(
        call,
        `target ${quoteAlways(target)}: ${process.files.exists(target) ? 'Not a directory' : 'No such file or directory'}`,
        `target '${target}' is not a directory`,
      ),
    )
  return operands.map((from) => [from, folder ? `${target.replace(/\/+$/, '')}/${baseName(from)}` : target!])
}

export function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, '')
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1)
}

class Copier {
  failed = false
  readonly #call: AppletCall
  readonly #options: Options

  constructor(call: AppletCall, options: Options) {
    this.#call = call
    this.#options = options
  }

  async #fail(gnu: string, busybox = gnu): Promise<void> {
    this.failed = true
    await complain(this.#call, say(this.#call, gnu, busybox))
  }

  async copy(from: string, to: string, top = false): Promise<void> {
    const { process } = this.#call
    const { files } = process
    const options = this.#options
    const recursive = options.has('r') || options.has('R') || options.has('a')
    const keep = options.has('p') || options.has('a')
    const follow =
      options.has('L') ||
      (!(options.has('d') || options.has('a') || options.has('P')) &&
        !(recursive && !options.has('H') && !options.has('L'))) ||
      (top && options.has('H'))
    try {
      const stat =
        follow || (top && !recursive && !options.has('d') && !options.has('P')) ? files.stat(from) : files.lstat(from)
      if (stat.type === 'directory') {
        if (!recursive) {
          await this.#fail(`-r not specified; omitting directory ${quoteAlways(from)}`, `omitting directory '${from}'`)
          return
        }
        if (
          `${files.exists(to) ? files.realpath(to) : to}/`.startsWith(`${files.realpath(from)}/`) &&
          files.exists(to) === false
        ) {
          await this.#fail(`cannot copy a directory, ${quoteAlways(from)}, into itself, ${quoteAlways(to)}`)
          return
        }
        if (!files.exists(to)) files.mkdir(to, { mode: stat.mode | 0o700 })
        else if (files.stat(to).type !== 'directory') {
          await this.#fail(
            `cannot overwrite non-directory ${quoteAlways(to)} with directory ${quoteAlways(from)}`,
            `target '${to}' is not a directory`,
          )
          return
        }
        if (options.has('v')) await process.print(`'${from}' -> '${to}'\n`)
        for (const entry of files.list(from))
          await this.copy(`${from.replace(/\/$/, '')}/${entry.name}`, `${to}/${entry.name}`)
        if (keep) this.#keep(stat, to)
        return
      }
      await this.#file(from, to, stat, keep)
    } catch (error) {
      await this.#fail(`cannot stat ${quoteAlways(from)}: ${words(error)}`, `can't stat '${from}': ${words(error)}`)
    }
  }

  async #file(
    from: string,
    to: string,
    stat: ReturnType<AppletCall['process']['files']['stat']>,
    keep: boolean,
  ): Promise<void> {
    const { process } = this.#call
    const { files } = process
    const options = this.#options
    const exists = files.exists(to)
    if (exists && options.has('n')) return
    if (exists && isDirectory(process, to)) {
      await this.#fail(
        `cannot overwrite directory ${quoteAlways(to)} with non-directory`,
        `can't create '${to}': Is a directory`,
      )
      return
    }
    if (
      exists &&
      files.stat(to).inode === stat.inode &&
      files.stat(to).device === stat.device &&
      stat.type === 'file'
    ) {
      await this.#fail(
        `${quoteAlways(from)} and ${quoteAlways(to)} are the same file`,
        `'${from}' and '${to}' are the same file`,
      )
      return
    }
    if (exists && options.has('u') && files.stat(to).modified >= stat.modified) return
    try {
      if (options.has('l')) files.link(from, to)
      else if (options.has('s')) files.symlink(from, to)
      else if (stat.type === 'symlink') {
        if (exists) files.unlink(to)
        files.symlink(files.readlink(from), to)
      } else if (stat.type === 'fifo') files.mknod(to, 'fifo', { mode: stat.mode })
      else if ((stat.type === 'character' || stat.type === 'block') && options.has('a'))
        files.mknod(to, stat.type, { mode: stat.mode, major: stat.major ?? 0, minor: stat.minor ?? 0 })
      else if (stat.type === 'character' || stat.type === 'block') await this.#copyStream(from, to)
      else {
        const bytes = files.readBytes(from)
        if (exists && options.has('f') && !files.access(to, { write: true })) files.unlink(to)
        files.write(to, bytes, { mode: stat.mode })
        await process.compute(bytes.length / 2_000_000)
      }
    } catch (error) {
      const text = words(error)
      if (!files.access(from, { read: true }))
        await this.#fail(`cannot open ${quoteAlways(from)} for reading: ${text}`, `can't open '${from}': ${text}`)
      else await this.#fail(`cannot create regular file ${quoteAlways(to)}: ${text}`, `can't create '${to}': ${text}`)
      return
    }
    if (keep && stat.type !== 'symlink') this.#keep(stat, to)
    if (options.has('v')) await process.print(`'${from}' -> '${to}'\n`)
  }

  /** What a device gives, which may have no end. */
  async #copyStream(from: string, to: string): Promise<void> {
    const { process } = this.#call
    const { files } = process
    const input = files.open(from, { read: true })
    const output = files.open(to, { write: true, create: true, truncate: true })
    try {
      for (let bytes = await input.read(131_072); bytes.length > 0; bytes = await input.read(131_072)) {
        await output.write(bytes)
        await process.compute(bytes.length / 500_000)
      }
    } finally {
      input.release()
      output.release()
    }
  }

  #keep(stat: { mode: number; uid: number; gid: number; accessed: number; modified: number }, to: string): void {
    const { files } = this.#call.process
    try {
      files.chown(to, stat.uid, stat.gid)
    } catch {
      // Only root may give files away.
    }
    files.chmod(to, stat.mode)
    files.utimes(to, stat.accessed, stat.modified)
  }
}

/** Copies a tree where a rename cannot (another filesystem). */
export async function copyTree(call: AppletCall, from: string, to: string): Promise<boolean> {
  const options = parseOptions({ ...call, args: ['-a'] }, { short: 'a' })
  const copier = new Copier(call, options)
  await copier.copy(from, to, true)
  return !copier.failed
}
