import type { Process } from '../../linux/process.ts'

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped'
type LabelPairs = Readonly<Record<string, string | number>>

const escapeLabel = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
const number = (value: number): string => {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  // Go writes large values with an exponent.
  return Math.abs(value) >= 1e6 && Number.isInteger(value) ? exponent(value) : String(value)
}
const exponent = (value: number) =>
  value.toExponential().replace(/e([+-])(\d)$/, (_, sign, digit) => `e${sign}0${digit}`)

/** The text exposition format, written family by family. */
export class Exposition {
  readonly #parts: string[] = []

  /** A family's head; then its samples. */
  family(name: string, type: MetricType, help: string): this {
    this.#parts.push(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`)
    return this
  }

  sample(name: string, labels: LabelPairs | undefined, value: number): this {
    let text = name
    if (labels) {
      let inner = ''
      for (const key in labels) inner += `${inner ? ',' : ''}${key}="${escapeLabel(String(labels[key]))}"`
      if (inner) text += `{${inner}}`
    }
    this.#parts.push(`${text} ${number(value)}\n`)
    return this
  }

  gauge(name: string, help: string, value: number, labels?: LabelPairs): this {
    return this.family(name, 'gauge', help).sample(name, labels, value)
  }

  counter(name: string, help: string, value: number, labels?: LabelPairs): this {
    return this.family(name, 'counter', help).sample(name, labels, value)
  }

  /** A family of many samples; nothing when there are none. */
  many(name: string, type: MetricType, help: string, samples: Iterable<readonly [LabelPairs, number]>): this {
    let begun = false
    for (const [labels, value] of samples) {
      if (!begun) this.family(name, type, help)
      begun = true
      this.sample(name, labels, value)
    }
    return this
  }

  /** Cumulative buckets by upper bound, and their sum. */
  histogram(name: string, labels: LabelPairs, { bounds, counts, sum }: HistogramCounts): this {
    let total = 0
    bounds.forEach((bound, i) => {
      total += counts[i]!
      this.sample(`${name}_bucket`, { ...labels, le: String(bound) }, total)
    })
    total += counts[bounds.length]!
    this.sample(`${name}_bucket`, { ...labels, le: '+Inf' }, total)
    return this.sample(`${name}_sum`, labels, sum).sample(`${name}_count`, labels, total)
  }

  toString(): string {
    return this.#parts.join('')
  }
}

export interface HistogramCounts {
  bounds: readonly number[]
  /** One more than bounds. */
  counts: number[]
  sum: number
}

export const makeHistogram = (bounds: readonly number[]): HistogramCounts => ({
  bounds,
  counts: new Array(bounds.length + 1).fill(0),
  sum: 0,
})

export function observe(histogram: HistogramCounts, value: number): void {
  const at = histogram.bounds.findIndex((bound) => value <= bound)
  histogram.counts[at < 0 ? histogram.bounds.length : at]!++
  histogram.sum += value
}

/** What every Go program says of itself. */
export function processMetrics(out: Exposition, process: Process, started: number): Exposition {
  const cpu = process.system.cgroup('cpuacct').cpuUsage / 1000
  const memory = process.system.cgroup('memory').memoryUsage
  return out
    .gauge('go_goroutines', 'Number of goroutines that currently exist.', 12)
    .gauge('go_info', 'Information about the Go environment.', 1, { version: 'go1.17.5' })
    .gauge('go_memstats_alloc_bytes', 'Number of bytes allocated and still in use.', Math.round(memory * 0.6))
    .counter('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.', cpu)
    .gauge('process_open_fds', 'Number of open file descriptors.', process.fds.size)
    .gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', memory)
    .gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.', started / 1000)
}

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** An answer with metrics. */
export const expositionResponse = (out: Exposition | string) => ({
  status: 200,
  headers: [['Content-Type', EXPOSITION_TYPE]] as const,
  body: String(out),
})
