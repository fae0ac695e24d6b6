import { dateFields, dateFromFields, MONTHS } from '../../time/date.ts'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

const pad = (value: number, width: number, fill = '0') => String(value).padStart(width, fill)

/** strftime(3) in the C locale. `ms` since 1970; `offset` minutes east of UTC. */
export function dateText(format: string, ms: number, offset = 0, zone = 'UTC'): string {
  const d = dateFields(ms + offset * 60_000)
  const dayOfYear = Math.floor((ms + offset * 60_000 - dateFromFields(d.year, 1, 1)) / 86_400_000) + 1
  const sign = offset < 0 ? '-' : '+'
  const zoneText = `${sign}${pad(Math.floor(Math.abs(offset) / 60), 2)}${pad(Math.abs(offset) % 60, 2)}`
  const nanos = Math.floor((ms - Math.floor(ms / 1000) * 1000) * 1e6)
  const hour12 = d.hour % 12 === 0 ? 12 : d.hour % 12
  const one = (code: string): string | undefined => {
    switch (code) {
      case 'Y':
        return String(d.year)
      case 'C':
        return pad(Math.floor(d.year / 100), 2)
      case 'y':
        return pad(d.year % 100, 2)
      case 'm':
        return pad(d.month, 2)
      case 'd':
        return pad(d.day, 2)
      case 'e':
        return pad(d.day, 2, ' ')
      case 'H':
        return pad(d.hour, 2)
      case 'k':
        return pad(d.hour, 2, ' ')
      case 'I':
        return pad(hour12, 2)
      case 'l':
        return pad(hour12, 2, ' ')
      case 'M':
        return pad(d.minute, 2)
      case 'S':
        return pad(d.second, 2)
      case 'N':
        return pad(nanos, 9)
      case 'L':
        return pad(Math.floor(nanos / 1e6), 3)
      case 's':
        return String(Math.floor(ms / 1000))
      case 'p':
        return d.hour < 12 ? 'AM' : 'PM'
      case 'P':
        return d.hour < 12 ? 'am' : 'pm'
      case 'a':
        return DAYS[d.weekday]!.slice(0, 3)
      case 'A':
        return DAYS[d.weekday]!
      case 'b':
      case 'h':
        return MONTHS[d.month - 1]!.slice(0, 3)
      case 'B':
        return MONTHS[d.month - 1]!
      case 'j':
        return pad(dayOfYear, 3)
      case 'u':
        return String(d.weekday || 7)
      case 'w':
        return String(d.weekday)
      case 'U':
        return pad(Math.floor((dayOfYear + 6 - d.weekday) / 7), 2)
      case 'W':
        return pad(Math.floor((dayOfYear + 6 - ((d.weekday + 6) % 7)) / 7), 2)
      case 'V':
        return pad(isoWeek(d.year, dayOfYear, d.weekday).week, 2)
      case 'G':
        return String(isoWeek(d.year, dayOfYear, d.weekday).year)
      case 'z':
        return zoneText
      case 'Z':
        return zone
      case 'n':
        return '\n'
      case 't':
        return '\t'
      case '%':
        return '%'
      case 'F':
        return `${d.year}-${pad(d.month, 2)}-${pad(d.day, 2)}`
      case 'T':
      case 'X':
        return `${pad(d.hour, 2)}:${pad(d.minute, 2)}:${pad(d.second, 2)}`
      case 'R':
        return `${pad(d.hour, 2)}:${pad(d.minute, 2)}`
      case 'r':
        return `${pad(hour12, 2)}:${pad(d.minute, 2)}:${pad(d.second, 2)} ${d.hour < 12 ? 'AM' : 'PM'}`
      case 'D':
      case 'x':
        return `${pad(d.month, 2)}/${pad(d.day, 2)}/${pad(d.year % 100, 2)}`
      case 'c':
        return `${DAYS[d.weekday]!.slice(0, 3)} ${MONTHS[d.month - 1]!.slice(0, 3)} ${pad(d.day, 2, ' ')} ${pad(d.hour, 2)}:${pad(d.minute, 2)}:${pad(d.second, 2)} ${d.year}`
      default:
        return undefined
    }
  }
  return format.replace(
    /%:z|%([-_0^#]*)(\d*)([EO]?)([a-zA-Z%])/g,
    (all, flags: string, width: string, _modifier: string, code: string) => {
      if (all === '%:z') return `${zoneText.slice(0, 3)}:${zoneText.slice(3)}`
      let text = one(code)
      if (text === undefined) return all
      if (flags?.includes('-')) text = text.replace(/^[0 ]+(?=.)/, '')
      if (flags?.includes('_')) text = text.replace(/^0+(?=.)/, (zeros) => ' '.repeat(zeros.length))
      if (flags?.includes('^')) text = text.toUpperCase()
      if (code === 'N' && width) return text.slice(0, Number(width))
      return width ? text.padStart(Number(width), /[a-zA-Z ]/.test(text[0] ?? '') ? ' ' : '0') : text
    },
  )
}

function isoWeek(year: number, dayOfYear: number, weekday: number): { year: number; week: number } {
  const week = Math.floor((dayOfYear - (weekday || 7) + 10) / 7)
  if (week < 1) return { year: year - 1, week: weeksIn(year - 1) }
  if (week > weeksIn(year)) return { year: year + 1, week: 1 }
  return { year, week }
}

function weeksIn(year: number): number {
  const p = (y: number) => (y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)) % 7
  return p(year) === 4 || p(year - 1) === 3 ? 53 : 52
}
