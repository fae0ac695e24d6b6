import { encodeText } from '../../linux/shell/bytes.ts'
import type { Applet } from '../applet/applet.ts'
import { AppletError, complain, curly, quoteAlways, say, words } from '../applet/applet.ts'
import { isDirectory, linesOf, openInput, readToEnd } from '../applet/input.ts'
import { parseOptions } from '../applet/options.ts'
import { parseSize } from '../applet/sizes.ts'

export const head: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'n:c:qvz',
    long: { 'lines=': 'n', 'bytes=': 'c', quiet: 'q', silent: 'q', verbose: 'v' },
    digits: 'n',
  })
  const bytes = options.get('c')
  const asked = bytes ?? options.get('n') ?? '10'
  const allBut = asked.startsWith('-')
  const count = parseSize(asked.replace(/^[-+]/, ''))
  if (count === undefined) {
    throw new AppletError(
      say(
        call,
        `invalid number of ${bytes === undefined ? 'lines' : 'bytes'}: ${curly(asked)}`,
        `invalid number '${asked}'`,
      ),
    )
  }
  const paths = options.operands.length > 0 ? options.operands : ['-']
  const titled = options.has('v') || (paths.length > 1 && !options.has('q'))
  let status = 0
  let first = true
  for (const path of paths) {
    try {
      const { file, close } = openInput(process, path)
      try {
        if (titled) await process.print(`${first ? '' : '\n'}==> ${path === '-' ? 'standard input' : path} <==\n`)
        first = false
        if (path !== '-' && isDirectory(process, path)) {
          await complain(
            call,
            say(call, `error reading ${quoteAlways(path)}: Is a directory`, `${path}: Is a directory`),
          )
          status = 1
        } else if (bytes !== undefined && !allBut) {
          for (let left = count; left > 0; ) {
            const chunk = await file.read(Math.min(left, 65_536))
            if (chunk.length === 0) break
            await process.stdout.write(chunk)
            left -= chunk.length
          }
        } else if (bytes !== undefined || allBut) {
          const all = await readToEnd(file)
          await process.stdout.write(
            bytes !== undefined
              ? all.subarray(0, allBut ? Math.max(0, all.length - count) : count)
              : beforeLast(all, count),
          )
        } else {
          let left = count
          if (left === 0) continue
          for await (const line of linesOf(file, options.has('z') ? '\0' : '\n', process)) {
            await process.stdout.write(encodeText(line))
            if (--left === 0) break
          }
        }
      } finally {
        close()
      }
    } catch (error) {
      const text = words(error)
      await complain(call, say(call, `cannot open ${quoteAlways(path)} for reading: ${text}`, `${path}: ${text}`))
      status = 1
    }
  }
  return status
}

function beforeLast(all: Uint8Array, lines: number): Uint8Array {
  let end = all.length
  let left = lines
  if (all.at(-1) === 10) end--
  if (left === 0) return all
  for (; end > 0; end--) if (all[end - 1] === 10 && --left === 0) break
  return all.subarray(0, end)
}
