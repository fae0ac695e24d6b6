const UNITS: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Milliseconds of a Go duration (`1m30s`, `-1s`, `0`); undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = /^([-+]?)(.+)$/.exec(text)
  if (!match) return undefined
  const [, sign, rest] = match
  if (rest === '0') return 0
  let total = 0
  let position = 0
  const pattern = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/y
  while (position < rest!.length) {
    pattern.lastIndex = position
    const part = pattern.exec(rest!)
    if (!part) return undefined
    total += Number(part[1]) * UNITS[part[2]!]!
    position = pattern.lastIndex
  }
  return sign === '-' ? -total : total
}

/** What Go's time.ParseDuration says against the text. */
export function durationError(text: string): string {
  if (/^[-+]?(\d+\.?\d*|\.\d+)$/.test(text)) return `time: missing unit in duration ${JSON.stringify(text)}`
  const unit = /^[-+]?(?:\d+\.?\d*|\.\d+)([a-zA-Z]+)/.exec(text)?.[1]
  if (unit && !(unit in UNITS)) return `time: unknown unit "${unit}" in duration ${JSON.stringify(text)}`
  return `time: invalid duration ${JSON.stringify(text)}`
}

/** As Go prints a time.Duration: `1h0m0s`, `1.5s`, `30s`, `0s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s'
  const sign = ms < 0 ? '-' : ''
  const abs = Math.abs(ms)
  if (abs < 1000) return `${sign}${abs}ms`
  const hours = Math.floor(abs / 3_600_000)
  const minutes = Math.floor(abs / 60_000) % 60
  const seconds = (abs % 60_000) / 1000
  const s = `${Number(seconds.toFixed(9))}s`
  if (hours > 0) return `${sign}${hours}h${minutes}m${s}`
  if (minutes > 0) return `${sign}${minutes}m${s}`
  return `${sign}${s}`
}
