import { parseRfc3339 } from '../../../sim/time/date.ts'

/** duration.HumanDuration: `45s`, `2m30s`, `5h12m`, `3d4h`. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 0) return '0s'
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return joined(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return joined(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  if (hours < 192) return joined(days, 'd', hours % 24, 'h')
  if (days < 365 * 2) return `${days}d`
  const years = Math.floor(days / 365)
  return days < 365 * 8 ? joined(years, 'y', days % 365, 'd') : `${years}y`
}

const joined = (a: number, unit: string, b: number, small: string) =>
  b === 0 ? `${a}${unit}` : `${a}${unit}${b}${small}`

/** Age of a timestamp; `<unknown>` without one. */
export function ageOf(timestamp: string | undefined | null, now: number): string {
  if (!timestamp) return '<unknown>'
  return humanDuration(now - parseRfc3339(timestamp))
}
