import { parseRfc3339 } from '../../time/date.ts'
import { ApiError } from '../docker/api-error.ts'
import type { Call } from './router.ts'
import { allowFilters } from './router.ts'

/** What `until=` and `label=` of a prune leave to be removed. Throws ApiError. */
export function pruneFilter(
  call: Call,
  known: readonly string[] = ['until', 'label', 'label!'],
): (one: { created: number; labels: Readonly<Record<string, string>> | null | undefined }) => boolean {
  const filters = call.filters()
  allowFilters(filters, known)
  const [until] = filters.get('until') ?? []
  const limit = until === undefined ? undefined : moment(until, call.daemon.kernel.wallClock())
  const matches = (labels: Readonly<Record<string, string>>, text: string) => {
    const [key = '', value] = text.split(/=(.*)/s)
    return value === undefined ? key in labels : labels[key] === value
  }
  return ({ created, labels }) =>
    (limit === undefined || created < limit) &&
    (filters.get('label') ?? []).every((text) => matches(labels ?? {}, text)) &&
    !(filters.get('label!') ?? []).some((text) => matches(labels ?? {}, text))
}

/** `24h`, `1700000000`, `2026-11-21T08:00:00` → ms since 1970. */
function moment(text: string, now: number): number {
  const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
  if (/^(?:[\d.]+(?:ms|s|m|h))+$/.test(text)) {
    let ms = 0
    for (const [, count, unit] of text.matchAll(/([\d.]+)(ms|s|m|h)/g)) ms += Number(count) * units[unit!]!
    return now - ms
  }
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000
  const parsed = parseRfc3339(
    /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}${text.includes('T') ? '' : 'T00:00:00'}Z`,
  )
  if (Number.isNaN(parsed))
    throw new ApiError(400, `failed to parse value as time or duration: ${JSON.stringify(text)}`)
  return parsed
}
