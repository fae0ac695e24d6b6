import { SystemError } from '../../linux/errors.ts'
import type { Applet } from '../applet/applet.ts'
import { complain, quoteAlways, say, words } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { copyTree, targets } from './cp.ts'

export const mv: Applet = async (call) => {
  const { process } = call
  const { files } = process
  const options = parseOptions(call, {
    short: 'finuvTt:b',
    long: {
      force: 'f',
      interactive: 'i',
      'no-clobber': 'n',
      update: 'u',
      verbose: 'v',
      'target-directory=': 't',
      'no-target-directory': 'T',
    },
  })
  let status = 0
  const fail = async (gnu: string, busybox: string) => {
    await complain(call, say(call, gnu, busybox))
    status = 1
  }
  for (const [from, to] of targets(call, options)) {
    try {
      const stat = files.lstat(from)
      if (options.has('n') && files.exists(to)) continue
      if (options.has('u') && files.exists(to) && files.stat(to).modified >= stat.modified) continue
      const there = files.exists(to) ? files.lstat(to) : undefined
      if (there && there.inode === stat.inode && there.device === stat.device) {
        await fail(
          `${quoteAlways(from)} and ${quoteAlways(to)} are the same file`,
          `'${from}' and '${to}' are the same file`,
        )
        continue
      }
    } catch (error) {
      await fail(`cannot stat ${quoteAlways(from)}: ${words(error)}`, `can't rename '${from}': ${words(error)}`)
      continue
    }
    try {
      files.rename(from, to)
    } catch (error) {
      if (error instanceof SystemError && error.code === 'EXDEV') {
        if (await copyTree(call, from, to)) files.removeTree(from)
        else status = 1
      } else if (error instanceof SystemError && error.code === 'EINVAL')
        await fail(
          `cannot move ${quoteAlways(from)} to a subdirectory of itself, ${quoteAlways(to)}`,
          `can't rename '${from}': Invalid argument`,
        )
      else
        await fail(
          `cannot move ${quoteAlways(from)} to ${quoteAlways(to)}: ${words(error)}`,
          `can't rename '${from}': ${words(error)}`,
        )
      continue
    }
    if (options.has('v')) await process.print(say(call, `renamed '${from}' -> '${to}'\n`, `'${from}' -> '${to}'\n`))
  }
  return status
}
