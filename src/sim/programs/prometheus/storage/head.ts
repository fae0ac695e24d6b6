import type { Labels } from '../labels.ts'
import type { Matcher } from '../matcher.ts'
import { matchesAll } from '../matcher.ts'
import type { Queryable, StoredSeries } from '../promql/evaluate.ts'

/** The samples of one label set, oldest first. A mark says that the series ended there. */
export class Series implements StoredSeries {
  readonly labels: Labels
  readonly #times: number[] = []
  readonly #values: number[] = []
  #marks: Set<number> | undefined

  constructor(labels: Labels) {
    this.labels = labels
  }

  get count(): number {
    return this.#times.length
  }
  get newest(): number {
    return this.#times.at(-1) ?? Number.NEGATIVE_INFINITY
  }
  get oldest(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY
  }

  /** False when it is not newer than what is there. */
  append(time: number, value: number): boolean {
    if (time <= this.newest) return false
    this.#times.push(time)
    this.#values.push(value)
    return true
  }

  end(time: number): boolean {
    if (!this.append(time, Number.NaN)) return false
    this.#marks ??= new Set()
    this.#marks.add(time)
    return true
  }

  at(time: number, earliest: number): { time: number; value: number } | undefined {
    const i = this.#after(time) - 1
    if (i < 0) return undefined
    const found = this.#times[i]!
    if (found < earliest || this.#marks?.has(found)) return undefined
    return { time: found, value: this.#values[i]! }
  }

  between(start: number, end: number): { times: number[]; values: number[] } {
    const from = this.#after(start - 0.5)
    const to = this.#after(end)
    const times = this.#times.slice(from, to)
    const values = this.#values.slice(from, to)
    const marks = this.#marks
    if (!marks || !times.some((time) => marks.has(time))) return { times, values }
    const kept = times.map((time, i) => ({ time, value: values[i]! })).filter(({ time }) => !marks.has(time))
    return { times: kept.map((s) => s.time), values: kept.map((s) => s.value) }
  }

  /** Forgets what is older. Returns how many samples went. */
  truncate(before: number): number {
    const count = this.#after(before - 0.5)
    if (count === 0) return 0
    if (this.#marks) for (let i = 0; i < count; i++) this.#marks.delete(this.#times[i]!)
    this.#times.splice(0, count)
    this.#values.splice(0, count)
    return count
  }

  /** Index of the first sample after a time. Queries mostly ask for the end. */
  #after(time: number): number {
    const times = this.#times
    let high = times.length
    if (high === 0 || times[high - 1]! <= time) return high
    let low = 0
    while (low < high) {
      const middle = (low + high) >> 1
      if (times[middle]! <= time) low = middle + 1
      else high = middle
    }
    return low
  }
}

export interface HeadLimits {
  /** ms */
  retention: number
  /** Samples in memory at most: the oldest are given up first. */
  samples: number
}

/** The time-series store: what was scraped and what rules recorded, in memory and bounded. */
export class Head implements Queryable {
  readonly #limits: HeadLimits
  readonly #series = new Map<string, Series>()
  readonly #byName = new Map<string, Set<Series>>()
  readonly #selections = new Map<string, { generation: number; series: readonly Series[] }>()
  /** Counts up when series come or go. */
  #generation = 0
  #samples = 0
  appended = 0
  outOfOrder = 0
  seriesCreated = 0
  seriesRemoved = 0

  constructor(limits: HeadLimits) {
    this.#limits = limits
  }

  get seriesCount(): number {
    return this.#series.size
  }
  get sampleCount(): number {
    return this.#samples
  }
  get oldest(): number {
    let oldest = Number.POSITIVE_INFINITY
    for (const series of this.#series.values()) oldest = Math.min(oldest, series.oldest)
    return oldest
  }

  series(labels: Labels): Series {
    let found = this.#series.get(labels.key)
    if (!found) {
      found = new Series(labels)
      this.#series.set(labels.key, found)
      const name = labels.get('__name__')
      let named = this.#byName.get(name)
      if (!named) {
        named = new Set()
        this.#byName.set(name, named)
      }
      named.add(found)
      this.seriesCreated++
      this.#generation++
    }
    return found
  }

  has(series: Series): boolean {
    return this.#series.get(series.labels.key) === series
  }

  append(series: Series, time: number, value: number): void {
    if (series.append(time, value)) {
      this.#samples++
      this.appended++
    } else this.outOfOrder++
  }

  end(series: Series, time: number): void {
    if (series.end(time)) this.#samples++
  }

  select(matchers: readonly Matcher[]): readonly Series[] {
    let key = ''
    for (const m of matchers) key += `${m.name}${m.operator}${m.value}\xff`
    const kept = this.#selections.get(key)
    if (kept?.generation === this.#generation) return kept.series
    const name = matchers.find((m) => m.name === '__name__' && m.operator === '=')?.value
    const candidates = name === undefined ? this.#series.values() : (this.#byName.get(name) ?? [])
    const series: Series[] = []
    for (const each of candidates) if (matchesAll(each.labels, matchers)) series.push(each)
    if (this.#selections.size > 2000) this.#selections.clear()
    this.#selections.set(key, { generation: this.#generation, series })
    return series
  }

  all(): Iterable<Series> {
    return this.#series.values()
  }

  /** Keeps to the limits; called now and then. */
  truncate(now: number): void {
    this.#dropBefore(now - this.#limits.retention)
    while (this.#samples > this.#limits.samples) {
      const oldest = this.oldest
      this.#dropBefore(oldest + Math.max(60_000, (now - oldest) * 0.2))
    }
  }

  #dropBefore(time: number): void {
    for (const [key, series] of this.#series) {
      this.#samples -= series.truncate(time)
      if (series.count > 0) continue
      this.#series.delete(key)
      this.#byName.get(series.labels.get('__name__'))?.delete(series)
      this.seriesRemoved++
      this.#generation++
    }
  }
}
