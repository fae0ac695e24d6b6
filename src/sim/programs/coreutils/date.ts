import { dateText } from '../../linux/shell/strftime.ts'
import type { Applet } from '../applet/applet.ts'
import { AppletError, complain, curly, say, words } from '../applet/applet.ts'
import { parseDate } from '../applet/date-parser.ts'
import { parseOptions } from '../applet/options.ts'

const ISO: Readonly<Record<string, string>> = {
  date: '%Y-%m-%d',
  hours: '%Y-%m-%dT%H%:z',
  minutes: '%Y-%m-%dT%H:%M%:z',
  seconds: '%Y-%m-%dT%H:%M:%S%:z',
  ns: '%Y-%m-%dT%H:%M:%S,%N%:z',
}

export const date: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'uRd:s:r:I::f:D:',
    long: {
      utc: 'u',
      universal: 'u',
      'rfc-email': 'R',
      'rfc-2822': 'R',
      'date=': 'd',
      'set=': 's',
      'reference=': 'r',
      'iso-8601=?': 'I',
      'iso-8601': 'I',
      'rfc-3339=': 'rfc3339',
    },
  })
  const now = process.wallClock()
  const format = options.operands.find((word) => word.startsWith('+'))?.slice(1)
  const { offset, zone } = options.has('u') ? { offset: 0, zone: 'UTC' } : timeZone(process.env.get('TZ'))
  let when = now
  const asked = options.get('d') ?? options.get('s') ?? options.operands.find((word) => !word.startsWith('+'))
  const setting = options.has('s') || (asked !== undefined && !options.has('d'))
  if (asked !== undefined) {
    const parsed = parseDate(asked, now)
    if (parsed === undefined)
      throw new AppletError(say(call, `invalid date ${curly(asked)}`, `invalid date '${asked}'`))
    when = parsed
  }
  if (options.has('r')) {
    try {
      when = process.files.stat(options.get('r')!).modified
    } catch (error) {
      throw new AppletError(`${options.get('r')}: ${words(error)}`)
    }
  }
  let status = 0
  if (setting) {
    try {
      process.system.setTime(when)
    } catch (error) {
      await complain(call, say(call, `cannot set date: ${words(error)}`, `can't set date: ${words(error)}`))
      status = call.flavour === 'gnu' ? 1 : 0
    }
  }
  const iso = options.get('I')
  const chosen =
    format ??
    (options.has('I')
      ? (ISO[iso || 'date'] ?? ISO.date!)
      : options.has('R')
        ? '%a, %d %b %Y %H:%M:%S %z'
        : options.has('rfc3339')
          ? '%Y-%m-%d %H:%M:%S%:z'
          : '%a %b %e %H:%M:%S %Z %Y')
  await process.print(`${dateText(chosen, when, offset, zone)}\n`)
  return status
}

/** Minutes east of UTC and the name, for the forms `UTC`, `UTC-8`, `CST-8`, `Asia/Shanghai`. */
export function timeZone(text: string | undefined): { offset: number; zone: string } {
  if (text === 'Asia/Shanghai' || text === 'PRC') return { offset: 480, zone: 'CST' }
  const match = /^<?([A-Za-z+\d-]+?)>?([+-]?\d{1,2})(?::(\d\d))?$/.exec(text ?? '')
  if (!match) return { offset: 0, zone: 'UTC' }
  return { offset: -Number(match[2]) * 60, zone: match[1]! }
}
