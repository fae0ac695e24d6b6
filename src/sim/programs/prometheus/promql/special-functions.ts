import type { Labels } from '../labels.ts'
import { Labels as LabelSet } from '../labels.ts'
import { anchored } from '../matcher.ts'
import { EvaluationError, type Expression, type Sample } from './expression.ts'

/** The labels that `absent` can know: those a selector asks for with `=`. */
export function absentLabels(expression: Expression): Labels {
  const selector =
    expression.type === 'range' ? expression.selector : expression.type === 'selector' ? expression : undefined
  if (!selector) return LabelSet.EMPTY
  const pairs = new Map<string, string>()
  const twice = new Set<string>()
  for (const { name, operator, value } of selector.matchers) {
    if (name === '__name__') continue
    if (operator === '=' && !pairs.has(name)) pairs.set(name, value)
    else twice.add(name)
  }
  return LabelSet.from([...pairs].filter(([name]) => !twice.has(name)))
}

export function labelReplace(vector: readonly Sample[], texts: readonly string[]): Sample[] {
  const [target = '', replacement = '', source = '', pattern = ''] = texts
  let regex: RegExp
  try {
    regex = anchored(pattern)
  } catch {
    throw new EvaluationError(`invalid regular expression in label_replace(): ${pattern}`)
  }
  if (!/^[a-zA-Z_]\w*$/.test(target))
    throw new EvaluationError(`invalid destination label name in label_replace(): ${target}`)
  return unique(
    vector.map((sample) => {
      const found = regex.exec(sample.labels.get(source))
      return found ? { ...sample, labels: sample.labels.with(target, expand(replacement, found)) } : sample
    }),
  )
}

/** Go's Regexp.Expand: `$1`, `${1}`, `$name`, `$$`. */
export function expand(template: string, found: RegExpExecArray): string {
  return template.replaceAll(/\$(?:(\$)|(\w+)|\{(\w+)\})/g, (_, dollar, bare, braced) => {
    if (dollar) return '$'
    const name = bare ?? braced
    return (/^\d+$/.test(name) ? found[Number(name)] : found.groups?.[name]) ?? ''
  })
}

export function labelJoin(vector: readonly Sample[], texts: readonly string[]): Sample[] {
  const [target = '', separator = '', ...sources] = texts
  if (!/^[a-zA-Z_]\w*$/.test(target))
    throw new EvaluationError(`invalid destination label name in label_join(): ${target}`)
  for (const source of sources)
    if (!/^[a-zA-Z_]\w*$/.test(source))
      throw new EvaluationError(`invalid source label name in label_join(): ${source}`)
  return unique(
    vector.map((sample) => ({
      ...sample,
      labels: sample.labels.with(target, sources.map((name) => sample.labels.get(name)).join(separator)),
    })),
  )
}

export function unique<T extends { labels: Labels }>(items: T[]): T[] {
  const seen = new Set<string>()
  for (const { labels } of items) {
    if (seen.has(labels.key)) throw new EvaluationError('vector cannot contain metrics with the same labelset')
    seen.add(labels.key)
  }
  return items
}

interface Bucket {
  bound: number
  count: number
}

const NOT_IN_GROUP = ['__name__', 'le']

/** Quantiles of classic histograms: vectors of `le` buckets. */
export function histogramQuantile(q: number, vector: readonly Sample[], time: number): Sample[] {
  const groups = new Map<string, { labels: Labels; buckets: Bucket[] }>()
  for (const { labels, value } of vector) {
    const le = labels.get('le')
    const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : le === '' ? Number.NaN : Number(le)
    if (Number.isNaN(bound)) continue
    const rest = labels.drop(NOT_IN_GROUP)
    const group = groups.get(rest.key) ?? { labels: rest, buckets: [] }
    groups.set(rest.key, group)
    group.buckets.push({ bound, count: value })
  }
  return [...groups.values()].map(({ labels, buckets }) => ({ labels, time, value: bucketQuantile(q, buckets) }))
}

function bucketQuantile(q: number, unsorted: Bucket[]): number {
  if (Number.isNaN(q)) return Number.NaN
  if (q < 0) return Number.NEGATIVE_INFINITY
  if (q > 1) return Number.POSITIVE_INFINITY
  const sorted = unsorted.sort((a, b) => a.bound - b.bound)
  if (sorted.at(-1)!.bound !== Number.POSITIVE_INFINITY) return Number.NaN
  const buckets: Bucket[] = []
  for (const bucket of sorted) {
    const last = buckets.at(-1)
    if (last?.bound === bucket.bound) last.count += bucket.count
    else buckets.push({ ...bucket })
  }
  let highest = Number.NEGATIVE_INFINITY
  for (const bucket of buckets) {
    highest = Math.max(bucket.count, highest)
    if (bucket.count < highest) bucket.count = highest
  }
  if (buckets.length < 2) return Number.NaN
  const total = buckets.at(-1)!.count
  if (total === 0) return Number.NaN
  let rank = q * total
  const last = buckets.length - 1
  let at = buckets.slice(0, last).findIndex((bucket) => bucket.count >= rank)
  if (at < 0) at = last
  if (at === last) return buckets[last - 1]!.bound
  if (at === 0 && buckets[0]!.bound <= 0) return buckets[0]!.bound
  const end = buckets[at]!.bound
  let start = 0
  let { count } = buckets[at]!
  if (at > 0) {
    start = buckets[at - 1]!.bound
    count -= buckets[at - 1]!.count
    rank -= buckets[at - 1]!.count
  }
  return start + (end - start) * (rank / count)
}
