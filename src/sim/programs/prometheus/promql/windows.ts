/** Samples of a series inside a range, and the range's ends in ms. */
export interface Window {
  times: readonly number[]
  values: readonly number[]
  start: number
  end: number
}

/** Neumaier's sum. */
export function exactSum(values: readonly number[]): number {
  let sum = 0
  let lost = 0
  for (const value of values) {
    const next = sum + value
    if (Math.abs(sum) >= Math.abs(value)) lost += sum - next + value
    else lost += value - next + sum
    sum = next
  }
  return Number.isFinite(sum) ? sum + lost : sum
}

export const mean = (values: readonly number[]): number => {
  const sum = exactSum(values)
  if (Number.isFinite(sum) || values.some((v) => !Number.isFinite(v))) return sum / values.length
  return values.reduce((at, v, i) => at + (v / (i + 1) - at / (i + 1)), 0)
}

/** Population variance, by Welford. */
export function variance(values: readonly number[]): number {
  let at = 0
  let squares = 0
  values.forEach((value, i) => {
    const delta = value - at
    at += delta / (i + 1)
    squares += delta * (value - at)
  })
  return squares / values.length
}

/** Linear between the two nearest; NaN counts as smallest. */
export function quantile(q: number, values: readonly number[]): number {
  if (values.length === 0 || Number.isNaN(q)) return Number.NaN
  if (q < 0) return Number.NEGATIVE_INFINITY
  if (q > 1) return Number.POSITIVE_INFINITY
  const sorted = [...values].sort(ascending)
  const rank = q * (sorted.length - 1)
  const lower = Math.max(0, Math.floor(rank))
  const upper = Math.min(sorted.length - 1, lower + 1)
  const weight = rank - Math.floor(rank)
  return sorted[lower]! * (1 - weight) + sorted[upper]! * weight
}

export const ascending = (a: number, b: number): number =>
  Number.isNaN(a) ? (Number.isNaN(b) ? 0 : -1) : Number.isNaN(b) ? 1 : a - b

/** rate, increase and delta: what changed between first and last sample, stretched to the range's ends. */
export function extrapolated(window: Window, isCounter: boolean, perSecond: boolean): number | undefined {
  const { times, values, start, end } = window
  const count = values.length
  if (count < 2) return undefined
  const [first, last] = [values[0]!, values[count - 1]!]
  let change = last - first
  if (isCounter) for (let i = 1; i < count; i++) if (values[i]! < values[i - 1]!) change += values[i - 1]!
  let toStart = (times[0]! - start) / 1000
  const toEnd = (end - times[count - 1]!) / 1000
  const sampled = (times[count - 1]! - times[0]!) / 1000
  const between = sampled / (count - 1)
  // A counter does not extrapolate below zero.
  if (isCounter && change > 0 && first >= 0) toStart = Math.min(toStart, sampled * (first / change))
  const threshold = between * 1.1
  let covered = sampled
  covered += toStart < threshold ? toStart : between / 2
  covered += toEnd < threshold ? toEnd : between / 2
  const factor = covered / sampled
  return change * (perSecond ? factor / ((end - start) / 1000) : factor)
}

/** irate and idelta: from the last two samples. */
export function instant({ times, values }: Window, isRate: boolean): number | undefined {
  const count = values.length
  if (count < 2) return undefined
  const [last, previous] = [values[count - 1]!, values[count - 2]!]
  const seconds = (times[count - 1]! - times[count - 2]!) / 1000
  if (seconds === 0) return undefined
  if (!isRate) return last - previous
  return (last < previous ? last : last - previous) / seconds
}

/** Least squares: slope per second, and the line's value at `at` (ms). */
export function regression({ times, values }: Window, at: number): { slope: number; intercept: number } {
  const first = values[0]!
  const count = values.length
  if (values.every((v) => v === first))
    return Number.isFinite(first) ? { slope: 0, intercept: first } : { slope: Number.NaN, intercept: Number.NaN }
  const xs = times.map((t) => (t - at) / 1000)
  const sumX = exactSum(xs)
  const sumY = exactSum(values)
  const sumXY = exactSum(xs.map((x, i) => x * values[i]!))
  const sumX2 = exactSum(xs.map((x) => x * x))
  const covariance = sumXY - (sumX * sumY) / count
  const slope = covariance / (sumX2 - (sumX * sumX) / count)
  return { slope, intercept: sumY / count - (slope * sumX) / count }
}

/** holt_winters: double exponential smoothing. */
export function smoothed({ values }: Window, factor: number, trendFactor: number): number | undefined {
  if (values.length < 2) return undefined
  let trend = values[1]! - values[0]!
  let now = values[0]!
  let previous = 0
  for (let i = 1; i < values.length; i++) {
    // Its own first trend is kept for the second sample.
    if (i > 1) trend = trendFactor * (now - previous) + (1 - trendFactor) * trend
    const next = factor * values[i]! + (1 - factor) * (now + trend)
    previous = now
    now = next
  }
  return now
}
