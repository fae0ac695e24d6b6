const UNITS: readonly (readonly [string, number])[] = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]
const SHAPE = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/

/** `1h30m` in ms. Undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  const m = text === '' ? null : SHAPE.exec(text)
  if (!m) return undefined
  return UNITS.reduce((sum, [, unit], i) => sum + Number(m[i + 1] ?? 0) * unit, 0)
}

/** As Prometheus prints durations: `1h30m`, `0s`. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s'
  let text = ''
  let left = ms
  for (const [unit, size] of UNITS) {
    // Weeks and years only when nothing is left over.
    if ((unit === 'y' || unit === 'w') && left % size !== 0) continue
    const count = Math.floor(left / size)
    if (count > 0) text += `${count}${unit}`
    left -= count * size
  }
  return text
}
