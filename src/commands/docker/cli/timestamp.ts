import { parseRfc3339 } from '../../../sim/time/date.ts'
import { parseDuration } from './flag-values.ts'
import { CommandError } from './session.ts'

/** `--since`: seconds since 1970 as the API takes them. `42m`, `2013-01-02T13:23:37Z`, `2013-01-02`, `1700000000`. */
export function parseTimestamp(text: string | undefined, now: number): string | undefined {
  if (text === undefined || text === '') return undefined
  if (/^\d+(?:\.\d+)?$/.test(text)) return text
  try {
    return String((now - parseDuration(text)) / 1000)
  } catch {
    // Not a duration: a date.
  }
  const full = /^\d{4}-\d\d-\d\d$/.test(text)
    ? `${text}T00:00:00Z`
    : /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)
      ? `${text}:00Z`
      : /(?:Z|[+-]\d\d:\d\d)$/.test(text)
        ? text
        : `${text}Z`
  const ms = parseRfc3339(full)
  if (Number.isNaN(ms)) throw new CommandError(`failed to parse value as time or duration: ${JSON.stringify(text)}`)
  return String(ms / 1000)
}
