/** One series: a sample every 15 s from `from` (index) on. */
interface Recorded {
  name: string
  labels: Record<string, string>
  from?: number
  values: number[]
}

/** 2026-11-21T08:00:00Z */
export const START = 1_795_248_000_000
export const STEP = 15_000
const COUNT = 240

const series = (
  name: string,
  labels: Record<string, string>,
  value: (i: number) => number,
  { from = 0, to = COUNT } = {},
): Recorded => ({ name, labels, from, values: Array.from({ length: to - from }, (_, i) => value(from + i)) })

const round = (value: number) => Math.round(value * 1000) / 1000

/** An hour of a small shop: counters that restart, gauges, histograms, series that come and go. */
export function recordedSeries(): Recorded[] {
  const all: Recorded[] = []
  for (const [p, pod] of ['shop-0', 'shop-1', 'shop-2'].entries()) {
    const job = p === 2 ? 'canary' : 'shop'
    for (const [m, method] of ['get', 'post'].entries())
      for (const [c, code] of ['200', '404', '500'].entries())
        all.push(
          series(
            'http_requests_total',
            { job, instance: `10.10.1.${p + 2}:8080`, pod, method, code },
            (i) => (p === 1 && i >= 100 ? i - 100 : i) * (p + 1) * (m + 2) * (c === 0 ? 5 : c === 1 ? 1 : 0),
          ),
        )
    all.push(
      series('temperature_celsius', { job, pod, room: p === 0 ? 'north' : 'south' }, (i) =>
        round(20 + 5 * Math.sin(i / 20 + p) - (p === 2 ? 25 : 0)),
      ),
      series('memory_bytes', { job, pod }, (i) => 1_000_000 * (p + 1) + ((i * 7919) % 65_536)),
      series(
        'pod_info',
        { job, pod, version: p === 2 ? '2.0.0' : '1.9.3', node: p === 0 ? 'master' : 'worker' },
        () => 1,
      ),
      series('process_start_time_seconds', { job, pod }, (i) =>
        p === 1 && i >= 100 ? START / 1000 + 1500 : START / 1000 - 86_400 * (p + 1),
      ),
    )
    for (const [b, le] of ['0.05', '0.1', '0.5', '1', '+Inf'].entries())
      all.push(series('request_duration_seconds_bucket', { job, pod, le }, (i) => i * [2, 5, 9, 9, 10][b]! * (p + 1)))
    all.push(
      series('request_duration_seconds_sum', { job, pod }, (i) => round(i * 2.35 * (p + 1))),
      series('request_duration_seconds_count', { job, pod }, (i) => i * 10 * (p + 1)),
    )
  }
  all.push(
    series('up', { job: 'shop', pod: 'shop-0' }, () => 1),
    series('up', { job: 'shop', pod: 'shop-1' }, (i) => (i >= 98 && i < 104 ? 0 : 1)),
    series('up', { job: 'canary', pod: 'shop-2' }, (i) => (i % 10 === 0 ? 0 : 1)),
    series('queue_length', { queue: 'mail' }, (i) => (i * i) % 37),
    series('queue_length', { queue: 'print' }, (i) => (i < 120 ? 3 : 0)),
    series('late_series', { kind: 'late' }, (i) => i, { from: 200 }),
    series('gone_series', { kind: 'gone' }, (i) => i * 0.5, { to: 150 }),
    series('odd_value', { kind: 'nan' }, () => Number.NaN),
    series('odd_value', { kind: 'inf' }, () => Number.POSITIVE_INFINITY),
    series('odd_value', { kind: 'minus' }, () => Number.NEGATIVE_INFINITY),
    series('odd_value', { kind: 'tiny' }, () => 1e-12),
    series('odd_value', { kind: 'huge' }, () => 1.25e23),
    series('odd_value', { kind: 'zero' }, () => 0),
    series('build_info', { branch: 'a "quoted" \\ back', empty_like: 'x' }, () => 1),
    series('node_cpu_seconds_total', { cpu: '0', mode: 'idle' }, (i) => i * 12.5),
    series('node_cpu_seconds_total', { cpu: '0', mode: 'user' }, (i) => i * 2.5),
    series('node_cpu_seconds_total', { cpu: '1', mode: 'idle' }, (i) => i * 9.75),
    series('node_cpu_seconds_total', { cpu: '1', mode: 'user' }, (i) => i * 5.25),
  )
  return all
}

const number = (value: number) =>
  Number.isNaN(value) ? 'NaN' : value === Number.POSITIVE_INFINITY ? '+Inf' : value < -1e308 ? '-Inf' : String(value)
const quote = (value: string) => `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

/** The same as text that `promtool tsdb create-blocks-from openmetrics` reads. */
export function openMetrics(): string {
  const lines: string[] = []
  for (const { name, labels, from = 0, values } of recordedSeries()) {
    const inner = Object.entries(labels).map(([key, value]) => `${key}=${quote(value)}`)
    values.forEach((value, i) => {
      lines.push(`${name}{${inner.join(',')}} ${number(value)} ${(START + (from + i) * STEP) / 1000}`)
    })
  }
  return `${lines.join('\n')}\n# EOF\n`
}
