import type { Applet } from '../applet/applet.ts'
import { AppletError, complain, curly, quoteAlways, say, words } from '../applet/applet.ts'
import { parseDate } from '../applet/date-parser.ts'
import { missingOperand, parseOptions } from '../applet/options.ts'

export const touch: Applet = async (call) => {
  const { process } = call
  const { files } = process
  const options = parseOptions(call, {
    short: 'acmfhd:t:r:',
    long: { 'no-create': 'c', 'date=': 'd', 'reference=': 'r', 'time=': 'time', 'no-dereference': 'h' },
  })
  if (options.operands.length === 0)
    throw call.flavour === 'gnu'
      ? new AppletError('missing file operand', 1, "Try 'touch --help' for more information.\n")
      : missingOperand(call)
  const now = process.wallClock()
  let when = now
  const asked = options.get('d') ?? options.get('t')
  if (asked !== undefined) {
    const parsed = options.has('d') ? parseDate(asked, now) : parseStamp(asked, now)
    if (parsed === undefined)
      throw new AppletError(say(call, `invalid date format ${curly(asked)}`, `invalid date '${asked}'`))
    when = parsed
  }
  let accessed = when
  if (options.has('r')) {
    const stat = files.stat(options.get('r')!)
    when = stat.modified
    accessed = stat.accessed
  }
  let status = 0
  for (const path of options.operands) {
    try {
      if (!files.exists(path)) {
        if (options.has('c')) continue
        files.open(path, { write: true, create: true, mode: 0o666 }).release()
      }
      const stat = files.stat(path)
      files.utimes(
        path,
        options.has('m') && !options.has('a') ? stat.accessed : accessed,
        options.has('a') && !options.has('m') ? stat.modified : when,
      )
    } catch (error) {
      await complain(call, say(call, `cannot touch ${quoteAlways(path)}: ${words(error)}`, `${path}: ${words(error)}`))
      status = 1
    }
  }
  return status
}

/** `[[CC]YY]MMDDhhmm[.ss]` */
function parseStamp(text: string, now: number): number | undefined {
  const match = /^(\d\d)?(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(text)
  if (!match) return undefined
  const year = match[2]
    ? `${match[1]}${match[2]}`
    : match[1]
      ? `20${match[1]}`
      : String(1970 + Math.floor(now / 31_556_952_000))
  return parseDate(`${year}-${match[3]}-${match[4]} ${match[5]}:${match[6]}:${match[7] ?? '00'}`, now)
}
