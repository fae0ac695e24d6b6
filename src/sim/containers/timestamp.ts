import { rfc3339 } from '../time/date.ts'

/** Go's time.Time as JSON: `2026-11-21T03:09:08.946477238Z`; the virtual clock's fractions give the last digits. */
export function rfc3339Nano(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const nanos = Math.min(999_999_999, Math.floor((ms - seconds * 1000) * 1e6))
  const fraction = String(nanos).padStart(9, '0').replace(/0+$/, '')
  return `${rfc3339(seconds * 1000).slice(0, -1)}${fraction ? `.${fraction}` : ''}Z`
}

/** With all nine digits, as log lines have it. */
export function rfc3339Nano9(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const nanos = Math.min(999_999_999, Math.floor((ms - seconds * 1000) * 1e6))
  return `${rfc3339(seconds * 1000).slice(0, -1)}.${String(nanos).padStart(9, '0')}Z`
}

/** time.Time's zero value. */
export const NEVER = '0001-01-01T00:00:00Z'
