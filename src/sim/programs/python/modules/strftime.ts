import { dateFields, dateFromFields, MONTHS } from '../../../time/date.ts'
import { valueError } from '../objects/errors.ts'
import { quote } from '../objects/text.ts'

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

const two = (value: number): string => String(value).padStart(2, '0')

/** strftime(3) in UTC; `micros` for %f. */
export function formatTime(format: string, ms: number, micros = 0, zone = ''): string {
  const d = dateFields(ms)
  const dayOfYear = Math.round((dateFromFields(d.year, d.month, d.day) - dateFromFields(d.year, 1, 1)) / 86_400_000) + 1
  const parts: Record<string, () => string> = {
    Y: () => String(d.year).padStart(4, '0'),
    y: () => two(d.year % 100),
    m: () => two(d.month),
    d: () => two(d.day),
    e: () => String(d.day).padStart(2),
    H: () => two(d.hour),
    I: () => two(d.hour % 12 || 12),
    M: () => two(d.minute),
    S: () => two(d.second),
    f: () => String(micros).padStart(6, '0'),
    p: () => (d.hour < 12 ? 'AM' : 'PM'),
    a: () => DAYS[d.weekday]!.slice(0, 3),
    A: () => DAYS[d.weekday]!,
    b: () => MONTHS[d.month - 1]!.slice(0, 3),
    h: () => MONTHS[d.month - 1]!.slice(0, 3),
    B: () => MONTHS[d.month - 1]!,
    j: () => String(dayOfYear).padStart(3, '0'),
    w: () => String(d.weekday),
    u: () => String(d.weekday || 7),
    U: () => two(Math.floor((dayOfYear + 6 - d.weekday) / 7)),
    W: () => two(Math.floor((dayOfYear + 6 - ((d.weekday + 6) % 7)) / 7)),
    z: () => zone,
    Z: () => (zone === '' ? '' : 'UTC'),
    s: () => String(Math.floor(ms / 1000)),
    D: () => `${two(d.month)}/${two(d.day)}/${two(d.year % 100)}`,
    F: () => `${d.year}-${two(d.month)}-${two(d.day)}`,
    T: () => `${two(d.hour)}:${two(d.minute)}:${two(d.second)}`,
    R: () => `${two(d.hour)}:${two(d.minute)}`,
    c: () =>
      `${DAYS[d.weekday]!.slice(0, 3)} ${MONTHS[d.month - 1]!.slice(0, 3)} ${String(d.day).padStart(2)} ${two(d.hour)}:${two(d.minute)}:${two(d.second)} ${d.year}`,
    x: () => `${two(d.month)}/${two(d.day)}/${two(d.year % 100)}`,
    X: () => `${two(d.hour)}:${two(d.minute)}:${two(d.second)}`,
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  }
  return format.replace(/%-?([a-zA-Z%])/g, (all, letter: string) => {
    const text = parts[letter]?.() ?? all
    return all[1] === '-' ? text.replace(/^0+(?=\d)/, '') : text
  })
}

const PATTERNS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  y: '(?<y>\\d\\d)',
  m: '(?<m>1[0-2]|0?[1-9])',
  d: '(?<d>3[01]|[12]\\d|0?[1-9]| [1-9])',
  H: '(?<H>2[0-3]|[01]?\\d)',
  I: '(?<I>1[0-2]|0?[1-9])',
  M: '(?<M>[0-5]?\\d)',
  S: '(?<S>6[01]|[0-5]?\\d)',
  f: '(?<f>\\d{1,6})',
  p: '(?<p>[AaPp][Mm])',
  b: `(?<b>${MONTHS.map((name) => name.slice(0, 3)).join('|')})`,
  B: `(?<B>${MONTHS.join('|')})`,
  a: `(?:${DAYS.map((name) => name.slice(0, 3)).join('|')})`,
  A: `(?:${DAYS.join('|')})`,
  z: '(?<z>[+-]\\d\\d:?\\d\\d|Z)',
  Z: '(?:UTC|GMT)',
  j: '(?<j>\\d{1,3})',
  '%': '%',
}

/** strptime(3): ms since 1970 in UTC and the microseconds. */
export function parseTime(text: string, format: string): { ms: number; micros: number; offset: number | undefined } {
  const wide = format.replaceAll('%T', '%H:%M:%S').replaceAll('%D', '%m/%d/%y').replaceAll('%F', '%Y-%m-%d')
  const pattern = wide.replace(/%([a-zA-Z%])|\s+|[.*+?^${}()|[\]\\]/g, (all, letter?: string) => {
    if (letter === undefined) return /\s/.test(all) ? '\\s+' : `\\${all}`
    const known = PATTERNS[letter]
    if (!known) throw valueError(`'${letter}' is a bad directive in format ${quote(format)}`)
    return known
  })
  const m = new RegExp(`^${pattern}`, 'i').exec(text)
  if (!m) throw valueError(`time data ${quote(text)} does not match format ${quote(format)}`)
  if (m[0].length < text.length) throw valueError(`unconverted data remains: ${text.slice(m[0].length)}`)
  const g = m.groups ?? {}
  const number = (name: string, fallback: number) => (g[name] === undefined ? fallback : Number(g[name]))
  const year =
    g.Y !== undefined ? Number(g.Y) : g.y !== undefined ? Number(g.y) + (Number(g.y) < 69 ? 2000 : 1900) : 1900
  const monthName = (g.b ?? g.B)?.toLowerCase()
  const month = monthName
    ? MONTHS.findIndex((name) => name.toLowerCase().startsWith(monthName.slice(0, 3))) + 1
    : number('m', 1)
  let hour = g.H !== undefined ? Number(g.H) : number('I', 0)
  if (g.p) hour = (hour % 12) + (/p/i.test(g.p) ? 12 : 0)
  const day = number('d', 1)
  const ms = dateFromFields(year, month, day, hour, number('M', 0), number('S', 0))
  if (dateFields(ms).day !== day) throw valueError('day is out of range for month')
  const zone =
    g.z === undefined
      ? undefined
      : g.z === 'Z'
        ? 0
        : (g.z.startsWith('-') ? -1 : 1) * (Number(g.z.slice(1, 3)) * 60 + Number(g.z.slice(-2)))
  return { ms, micros: g.f === undefined ? 0 : Number(g.f.padEnd(6, '0')), offset: zone }
}
