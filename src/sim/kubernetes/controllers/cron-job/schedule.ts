import { dateFields, dateFromFields } from '../../../time/date.ts'

/** A cron schedule in the standard five fields (or a macro), as robfig/cron reads it. */
export interface Schedule {
  /** The first time after `after` (ms since 1970), or undefined when there is none within five years. */
  next(after: number): number | undefined
}

const MACROS: Record<string, string> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const UNITS: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
const FIVE_YEARS = 5 * 366 * 86_400_000

/** Throws an Error with the parser's words. The zone is an IANA name, UTC when absent. */
export function parseSchedule(text: string, zone?: string): Schedule {
  const every = /^@every (.+)$/.exec(text)
  if (every) return interval(every[1]!)
  const fields = (MACROS[text] ?? text).trim().split(/\s+/)
  if (fields.length !== 5) throw new Error(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`)
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string]
  const match = {
    minutes: parseField(minute, 0, 59),
    hours: parseField(hour, 0, 23),
    days: parseField(day, 1, 31),
    months: parseField(month, 1, 12, MONTHS, 1),
    weekdays: parseField(weekday, 0, 6, DAYS, 0),
    // When both are restricted, either will do.
    eitherDay: !isStar(day) && !isStar(weekday),
  }
  const offset = zone && zone !== 'UTC' ? offsetOf(zone) : () => 0
  return { next: (after) => search(match, after, offset) }
}

interface Match {
  minutes: ReadonlySet<number>
  hours: ReadonlySet<number>
  days: ReadonlySet<number>
  months: ReadonlySet<number>
  weekdays: ReadonlySet<number>
  eitherDay: boolean
}

function isStar(field: string): boolean {
  return field.startsWith('*') || field.startsWith('?')
}

function parseField(field: string, min: number, max: number, names: readonly string[] = [], first = 0): Set<number> {
  const out = new Set<number>()
  const value = (text: string): number => {
    const named = names.indexOf(text.toLowerCase())
    if (named >= 0) return named + first
    if (!/^\d+$/.test(text))
      throw new Error(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
    return Number(text)
  }
  for (const part of field.split(',')) {
    const [range = '', step, ...more] = part.split('/')
    const ends = range.split('-')
    if (more.length > 0) throw new Error(`too many slashes: ${part}`)
    if (ends.length > 2) throw new Error(`too many hyphens: ${part}`)
    let [from, to] = [min, max]
    if (range !== '*' && range !== '?') {
      from = value(ends[0]!)
      to = ends[1] === undefined ? (step === undefined ? from : max) : value(ends[1])
    }
    const by = step === undefined ? 1 : value(step)
    if (from < min) throw new Error(`beginning of range (${from}) below minimum (${min}): ${part}`)
    if (to > max) throw new Error(`end of range (${to}) above maximum (${max}): ${part}`)
    if (from > to) throw new Error(`beginning of range (${from}) beyond end of range (${to}): ${part}`)
    if (by === 0) throw new Error(`step of range should be a positive number: ${part}`)
    for (let i = from; i <= to; i += by) out.add(i)
  }
  return out
}

function interval(text: string): Schedule {
  let ms = 0
  const rest = text.replace(/(\d+(?:\.\d+)?)(ms|h|m|s)/g, (_, count: string, unit: string) => {
    ms += Number(count) * UNITS[unit]!
    return ''
  })
  if (rest !== '' || ms === 0)
    throw new Error(`failed to parse duration @every ${text}: time: invalid duration ${JSON.stringify(text)}`)
  const period = Math.max(1000, Math.floor(ms / 1000) * 1000)
  return { next: (after) => Math.floor((after + period) / 1000) * 1000 }
}

function search(match: Match, after: number, offset: (time: number) => number): number | undefined {
  // In the zone's own clock, as if it were UTC.
  let local = Math.floor((after + offset(after)) / 60_000) * 60_000 + 60_000
  const limit = local + FIVE_YEARS
  while (local < limit) {
    const d = dateFields(local)
    if (!match.months.has(d.month)) local = dateFromFields(d.year, d.month + 1, 1)
    else if (!dayMatches(match, d.day, d.weekday)) local = dateFromFields(d.year, d.month, d.day + 1)
    else if (!match.hours.has(d.hour)) local = dateFromFields(d.year, d.month, d.day, d.hour + 1)
    else if (!match.minutes.has(d.minute)) local += 60_000
    else {
      const time = toUtc(local, offset)
      if (time > after) return time
      local += 60_000
    }
  }
  return undefined
}

function dayMatches({ days, weekdays, eitherDay }: Match, day: number, weekday: number): boolean {
  return eitherDay ? days.has(day) || weekdays.has(weekday) : days.has(day) && weekdays.has(weekday)
}

function toUtc(local: number, offset: (time: number) => number): number {
  const guess = local - offset(local)
  return local - offset(guess)
}

/** Milliseconds that a zone's clock is ahead of UTC at a time. */
function offsetOf(zone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (time) => {
    const parts: Record<string, number> = {}
    for (const { type, value } of format.formatToParts(time)) parts[type] = Number(value)
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = parts
    return dateFromFields(year, month, day, hour, minute, second) - Math.floor(time / 1000) * 1000
  }
}
