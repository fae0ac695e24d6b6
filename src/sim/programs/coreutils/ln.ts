import type { Applet } from '../applet/applet.ts'
import { complain, quoteAlways, say, words } from '../applet/applet.ts'
import { isDirectory } from '../applet/input.ts'
import { parseOptions } from '../applet/options.ts'
import { baseName, targets } from './cp.ts'

export const ln: Applet = async (call) => {
  const { process } = call
  const { files } = process
  const options = parseOptions(call, {
    short: 'sfnvTt:rbi',
    long: {
      symbolic: 's',
      force: 'f',
      'no-dereference': 'n',
      verbose: 'v',
      relative: 'r',
      'target-directory=': 't',
      'no-target-directory': 'T',
    },
  })
  if (options.operands.length === 1 && !options.has('t')) options.operands.push(`./${baseName(options.operands[0]!)}`)
  const last = options.operands.at(-1)
  if (options.has('n') && last !== undefined && isLink(last)) options.add('T', undefined)
  let status = 0
  for (const [target, path] of targets(call, options)) {
    const kind = options.has('s') ? 'symbolic link' : 'hard link'
    try {
      if (options.has('f') && (files.exists(path) || isLink(path))) files.unlink(path)
      if (options.has('s')) files.symlink(target, path)
      else {
        if (isDirectory(process, target)) {
          await complain(
            call,
            say(call, `${target}: hard link not allowed for directory`, `${target}: Operation not permitted`),
          )
          status = 1
          continue
        }
        if (!files.exists(target)) {
          await complain(
            call,
            say(
              call,
              `failed to access ${quoteAlways(target)}: No such file or directory`,
              `${path}: No such file or directory`,
            ),
          )
          status = 1
          continue
        }
        files.link(target, path)
      }
      if (options.has('v')) await process.print(`'${path}' ${options.has('s') ? '->' : '=>'} '${target}'\n`)
    } catch (error) {
      await complain(
        call,
        say(call, `failed to create ${kind} ${quoteAlways(path)}: ${words(error)}`, `${path}: ${words(error)}`),
      )
      status = 1
    }
  }
  return status

  function isLink(path: string): boolean {
    try {
      return files.lstat(path).type === 'symlink'
    } catch {
      return false
    }
  }
}
