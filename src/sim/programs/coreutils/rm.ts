import { SystemError } from '../../linux/errors.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, quoteAlways, say, words } from '../applet/applet.ts'
import { missingOperand, type Options, parseOptions, tryHelp } from '../applet/options.ts'

export const rm: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'rRfivdI',
    long: {
      recursive: 'r',
      force: 'f',
      'interactive=?': 'i',
      verbose: 'v',
      dir: 'd',
      'preserve-root=?': 'preserve',
      'no-preserve-root': 'noPreserve',
      'one-file-system': 'x',
    },
  })
  if (options.operands.length === 0) {
    if (options.has('f')) return 0
    throw call.flavour === 'gnu' ? new AppletError('missing operand', 1, tryHelp(call)) : missingOperand(call)
  }
  let status = 0
  for (const path of options.operands) if (!(await remove(call, options, path, true))) status = 1
  return status
}

async function remove(call: AppletCall, options: Options, path: string, top: boolean): Promise<boolean> {
  const { process } = call
  const { files } = process
  const recursive = options.has('r') || options.has('R')
  const fail = async (gnu: string, busybox: string) => {
    await complain(call, say(call, gnu, busybox))
    return false
  }
  const name = path.replace(/\/+$/, '').replace(/^.*\//, '')
  if (top && (name === '.' || name === '..'))
    return fail(`refusing to remove '.' or '..' directory: skipping ${quoteAlways(path)}`, "can't remove '.' or '..'")
  if (top && recursive && /^\/+$/.test(path) && call.flavour === 'gnu' && !options.has('noPreserve')) {
    await complain(call, "it is dangerous to operate recursively on '/'")
    await complain(call, 'use --no-preserve-root to override this failsafe')
    return false
  }
  let stat: ReturnType<typeof files.lstat>
  try {
    stat = files.lstat(path)
  } catch (error) {
    const missing = error instanceof SystemError && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    if (missing && options.has('f')) return true
    return fail(`cannot remove ${quoteAlways(path)}: ${words(error)}`, `can't remove '${path}': ${words(error)}`)
  }
  if (stat.type === 'directory' && !recursive && !options.has('d')) {
    return fail(`cannot remove ${quoteAlways(path)}: Is a directory`, `'${path}' is a directory`)
  }
  if (options.has('i') && process.stdin.tty) {
    await process.printError(
      `${call.name}: remove ${stat.type === 'directory' ? 'directory' : stat.size === 0 ? 'regular empty file' : 'regular file'} '${path}'? `,
    )
    const answer = new TextDecoder().decode(await process.stdin.read(1024))
    if (!/^y/i.test(answer)) return true
  }
  try {
    if (stat.type === 'directory') {
      let clean = true
      if (recursive)
        for (const entry of files.list(path))
          clean = (await remove(call, options, `${path.replace(/\/+$/, '')}/${entry.name}`, false)) && clean
      if (!clean) return false
      files.rmdir(path)
    } else files.unlink(path)
    if (options.has('v'))
      await process.print(
        say(call, `removed ${stat.type === 'directory' ? 'directory ' : ''}'${path}'\n`, `removed '${path}'\n`),
      )
    return true
  } catch (error) {
    return fail(`cannot remove ${quoteAlways(path)}: ${words(error)}`, `can't remove '${path}': ${words(error)}`)
  }
}
