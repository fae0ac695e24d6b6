import { formatFloat } from '../go-number.ts'
import type { Labels } from '../labels.ts'
import { type Aggregation, type Aggregator, EvaluationError, type Sample } from './expression.ts'
import { ascending, mean, quantile, variance } from './windows.ts'

interface Group {
  labels: Labels
  samples: Sample[]
}

const REDUCE: Partial<Record<Aggregator, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((sum, v) => sum + v, 0),
  avg: mean,
  count: (values) => values.length,
  min: (values) => values.reduce((best, v) => (v < best || Number.isNaN(best) ? v : best)),
  max: (values) => values.reduce((best, v) => (v > best || Number.isNaN(best) ? v : best)),
  group: () => 1,
  stddev: (values) => Math.sqrt(variance(values)),
  stdvar: variance,
}

/** One sample a group; topk and bottomk keep samples as they are. */
export function aggregate(
  { operator, modifier, labels: names }: Aggregation,
  vector: readonly Sample[],
  parameter: number | string | undefined,
  time: number,
): Sample[] {
  if (operator === 'count_values') return countValues(vector, parameter as string, groupBy(modifier, names), time)
  const groups = grouped(vector, groupBy(modifier, names))
  if (operator === 'topk' || operator === 'bottomk') {
    const wanted = parameter as number
    if (Number.isNaN(wanted)) throw new EvaluationError('Scalar value NaN overflows int64')
    const count = Math.max(0, Math.trunc(wanted))
    return groups.flatMap(({ samples }) => ranked(samples, operator).slice(0, count))
  }
  if (operator === 'quantile')
    return groups.map(({ labels, samples }) => ({
      labels,
      time,
      value: quantile(
        parameter as number,
        samples.map((s) => s.value),
      ),
    }))
  const reduce = REDUCE[operator]!
  return groups.map(({ labels, samples }) => ({ labels, time, value: reduce(samples.map((s) => s.value)) }))
}

/** Best first; NaN last. */
function ranked(samples: readonly Sample[], operator: 'topk' | 'bottomk'): Sample[] {
  const [numbers, none] = [samples.filter((s) => !Number.isNaN(s.value)), samples.filter((s) => Number.isNaN(s.value))]
  const direction = operator === 'topk' ? -1 : 1
  return [...numbers.sort((a, b) => direction * ascending(a.value, b.value)), ...none]
}

export function groupBy(modifier: Aggregation['modifier'], names: readonly string[]): (labels: Labels) => Labels {
  if (modifier === 'without') {
    const dropped = [...names, '__name__']
    return (labels) => labels.drop(dropped)
  }
  return (labels) => labels.keep(names)
}

function grouped(vector: readonly Sample[], key: (labels: Labels) => Labels): Group[] {
  const groups = new Map<string, Group>()
  for (const sample of vector) {
    const labels = key(sample.labels)
    const group = groups.get(labels.key)
    if (group) group.samples.push(sample)
    else groups.set(labels.key, { labels, samples: [sample] })
  }
  return [...groups.values()]
}

function countValues(
  vector: readonly Sample[],
  label: string,
  key: (labels: Labels) => Labels,
  time: number,
): Sample[] {
  if (!/^[a-zA-Z_]\w*$/.test(label)) throw new EvaluationError(`invalid label name ${JSON.stringify(label)}`)
  const groups = grouped(vector, (labels) => key(labels))
  return groups.flatMap(({ labels, samples }) => {
    const counts = new Map<string, number>()
    for (const { value } of samples) counts.set(formatFloat(value), (counts.get(formatFloat(value)) ?? 0) + 1)
    return [...counts].map(([text, value]) => ({ labels: labels.with(label, text), time, value }))
  })
}
