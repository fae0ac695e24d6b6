/** Civil dates from milliseconds since 1970-01-01T00:00:00Z, without the host's `Date`. */

export interface DateFields {
  year: number
  /** 1 to 12 */
  month: number
  day: number
  hour: number
  minute: number
  second: number
  millisecond: number
  /** 0 is Sunday */
  weekday: number
}

const DAY = 86_400_000

/** Proleptic Gregorian, UTC. */
export function dateFields(ms: number): DateFields {
  const days = Math.floor(ms / DAY)
  const rest = Math.floor(ms - days * DAY)
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const doe = z - era * 146_097
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365)
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100))
  const mp = Math.floor((5 * doy + 2) / 153)
  const month = mp < 10 ? mp + 3 : mp - 9
  return {
    year: yoe + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: doy - Math.floor((153 * mp + 2) / 5) + 1,
    hour: Math.floor(rest / 3_600_000),
    minute: Math.floor(rest / 60_000) % 60,
    second: Math.floor(rest / 1000) % 60,
    millisecond: rest % 1000,
    weekday: (((days + 4) % 7) + 7) % 7,
  }
}

/** Milliseconds since 1970 of a UTC date; fields outside their range carry over. */
export function dateFromFields(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  ms = 0,
): number {
  const carriedYear = year + Math.floor((month - 1) / 12)
  const m = ((((month - 1) % 12) + 12) % 12) + 1
  const y = m <= 2 ? carriedYear - 1 : carriedYear
  const era = Math.floor(y / 400)
  const yoe = y - era * 400
  const doy = Math.floor((153 * (m > 2 ? m - 3 : m + 9) + 2) / 5) + day - 1
  const doe = yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy
  const days = era * 146_097 + doe - 719_468
  return days * DAY + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms
}

const pad = (n: number, width = 2) => String(n).padStart(width, '0')

/** `2026-11-21T03:11:14Z`, as metav1.Time prints. */
export function rfc3339(ms: number): string {
  const d = dateFields(ms)
  return `${pad(d.year, 4)}-${pad(d.month)}-${pad(d.day)}T${pad(d.hour)}:${pad(d.minute)}:${pad(d.second)}Z`
}

/** `2026-11-21T03:11:14.123456Z`, as metav1.MicroTime prints. */
export function rfc3339Micro(ms: number): string {
  const fraction = Math.floor((ms - Math.floor(ms / 1000) * 1000) * 1000)
  return `${rfc3339(ms).slice(0, -1)}.${pad(fraction, 6)}Z`
}

/** Milliseconds since 1970 of an RFC 3339 text; NaN when it is none. */
export function parseRfc3339(text: string): number {
  const m = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.exec(text)
  if (!m) return Number.NaN
  const base = dateFromFields(+m[1]!, +m[2]!, +m[3]!, +m[4]!, +m[5]!, +m[6]!) + (m[7] ? Number(m[7]) * 1000 : 0)
  const zone = m[8]!
  if (zone === 'Z' || zone === 'z') return base
  const sign = zone[0] === '-' ? 1 : -1
  return base + sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * 60_000
}

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
