import { dateFields, dateFromFields, parseRfc3339 } from '../../time/date.ts'

const DAY = 86_400_000
const UNITS: Readonly<Record<string, number>> = {
  second: 1000,
  sec: 1000,
  minute: 60_000,
  min: 60_000,
  hour: 3_600_000,
  day: DAY,
  week: 7 * DAY,
  fortnight: 14 * DAY,
}
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** What `date -d` understands: ISO dates, `@seconds`, times of day, `now`, `yesterday`, `2 days ago`. UTC. */
export function parseDate(text: string, now: number): number | undefined {
  const rfc = parseRfc3339(text.trim())
  if (!Number.isNaN(rfc)) return rfc
  let rest = ` ${text.trim().toLowerCase()} `
  const at = /^ @(-?\d+(?:\.\d+)?) $/.exec(rest)
  if (at) return Number(at[1]) * 1000
  const today = dateFields(now)
  let { year, month, day, hour, minute, second } = today
  let ms = today.millisecond
  let offset = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest)
    if (match) rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`
    return match
  }
  const midnight = () => {
    hour = minute = second = ms = 0
  }
  const iso = take(/(?<=\s)(\d{4})-(\d{1,2})-(\d{1,2})(?=[\st])t?/)
  const slashes = iso ? null : take(/(?<=\s)(\d{4})\/(\d{1,2})\/(\d{1,2})(?=\s)/)
  const us = iso || slashes ? null : take(/(?<=\s)(\d{1,2})\/(\d{1,2})\/(\d{4})(?=\s)/)
  const compact = iso || slashes || us ? null : take(/(?<=\s)(\d{4})(\d\d)(\d\d)(?=\s)/)
  const full = iso ?? slashes ?? compact
  if (full) [year, month, day] = [Number(full[1]), Number(full[2]), Number(full[3])]
  if (us) [month, day, year] = [Number(us[1]), Number(us[2]), Number(us[3])]
  const named =
    full || us
      ? null
      : (take(/(?<=\s)(\d{1,2}) (jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*,? ?(\d{4})?(?=\s)/) ?? null)
  const american =
    full || us || named
      ? null
      : take(/(?<=\s)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* (\d{1,2})(?:,? (\d{4}))?(?=\s)/)
  if (named) [day, month, year] = [Number(named[1]), MONTHS.indexOf(named[2]!) + 1, Number(named[3] ?? year)]
  if (american)
    [month, day, year] = [MONTHS.indexOf(american[1]!) + 1, Number(american[2]), Number(american[3] ?? year)]
  if (full || us || named || american) midnight()
  const clock = take(/(?<=\s)(\d{1,2}):(\d\d)(?::(\d\d)(\.\d+)?)?\s*(am|pm)?(?=[\sz+-])/)
  if (clock) {
    hour = (Number(clock[1]) % (clock[5] ? 12 : 24)) + (clock[5] === 'pm' ? 12 : 0)
    if (Number(clock[1]) > 24 || Number(clock[2]) > 59) return undefined
    ;[minute, second, ms] = [Number(clock[2]), Number(clock[3] ?? 0), Number(clock[4] ?? 0) * 1000]
    const zone = take(/([+-])(\d\d):?(\d\d)(?=\s)/)
    if (zone) offset -= (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) * 60_000
  }
  take(/(?<=\s)(utc|gmt|z)(?=\s)/)
  take(/(?<=\s)(mon|tue|wed|thu|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday),?(?=\s)/)
  if (take(/(?<=\s)yesterday(?=\s)/)) offset -= DAY
  if (take(/(?<=\s)tomorrow(?=\s)/)) offset += DAY
  if (take(/(?<=\s)(now|today)(?=\s)/)) offset += 0
  if (take(/(?<=\s)midnight(?=\s)/)) midnight()
  for (let match = relative(take); match; match = relative(take)) {
    if (match.unit === 'month') month += match.amount
    else if (match.unit === 'year') year += match.amount
    else offset += match.amount * UNITS[match.unit]!
  }
  if (rest.trim() !== '') return undefined
  if (month < 1 && !/month/.test(text)) return undefined
  if ((full || us) && (Number(full?.[2] ?? us?.[1]) > 12 || day > 31 || day < 1)) return undefined
  return dateFromFields(year, month, day, hour, minute, second, ms) + offset
}

function relative(take: (pattern: RegExp) => RegExpExecArray | null): { amount: number; unit: string } | undefined {
  const match = take(
    /(?<=\s)([+-]?\s?\d+|next|last|a|an)\s*(second|sec|minute|min|hour|day|week|fortnight|month|year)s?( ago)?(?=\s)/,
  )
  if (!match) return undefined
  const count =
    match[1] === 'next' || match[1] === 'a' || match[1] === 'an'
      ? 1
      : match[1] === 'last'
        ? -1
        : Number(match[1]!.replace(/\s/g, ''))
  return { amount: match[3] ? -count : count, unit: match[2]! }
}
