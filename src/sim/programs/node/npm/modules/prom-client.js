// Metrics in the text format of Prometheus.
const escape = (text) => `${text}`.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"')
const labelText = (labels) => {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`)
  return parts.length > 0 ? `{${parts.join(',')}}` : ''
}

class Registry {
  #metrics = new Map()
  #defaults = {}
  contentType = 'text/plain; version=0.0.4; charset=utf-8'
  registerMetric(metric) {
    if (this.#metrics.has(metric.name) && this.#metrics.get(metric.name) !== metric)
      throw new Error(`A metric with the name ${metric.name} has already been registered.`)
    this.#metrics.set(metric.name, metric)
  }
  setDefaultLabels(labels) {
    this.#defaults = labels
  }
  getSingleMetric(name) {
    return this.#metrics.get(name)
  }
  clear() {
    this.#metrics.clear()
  }
  resetMetrics() {
    for (const metric of this.#metrics.values()) metric.reset()
  }
  async metrics() {
    const parts = []
    for (const metric of this.#metrics.values()) {
      await metric.collect?.()
      const lines = [`# HELP ${metric.name} ${metric.help}`, `# TYPE ${metric.name} ${metric.type}`]
      for (const [suffix, labels, value] of metric.samples())
        lines.push(
          `${metric.name}${suffix}${labelText({ ...this.#defaults, ...labels })} ${Number.isFinite(value) ? value : value > 0 ? '+Inf' : value < 0 ? '-Inf' : 'Nan'}`,
        )
      parts.push(`${lines.join('\n')}\n`)
    }
    return parts.join('\n')
  }
}
const register = new Registry()

class Metric {
  constructor({ name, help, labelNames = [], registers = [register], collect }) {
    if (!help) throw new Error('Missing mandatory help parameter')
    if (!/^[a-zA-Z_:][\w:]*$/.test(name ?? '')) throw new Error('Invalid metric name')
    Object.assign(this, { name, help, labelNames, values: new Map() })
    if (collect) this.collect = collect.bind(this)
    for (const each of registers) each.registerMetric(this)
  }
  labels(...values) {
    const labels =
      typeof values[0] === 'object'
        ? values[0]
        : Object.fromEntries(this.labelNames.map((name, i) => [name, values[i]]))
    return new Proxy(this, {
      get: (target, name) =>
        ['inc', 'dec', 'set', 'observe'].includes(name)
          ? (value) => target[name](labels, value)
          : name === 'startTimer'
            ? () => target.startTimer(labels)
            : target[name],
    })
  }
  entry(labels, start) {
    for (const name of Object.keys(labels))
      if (!this.labelNames.includes(name))
        throw new Error(`Added label "${name}" is not included in initial labelset: ${JSON.stringify(this.labelNames)}`)
    const key = labelText(labels)
    if (!this.values.has(key)) this.values.set(key, { labels, ...start() })
    return this.values.get(key)
  }
  reset() {
    this.values.clear()
  }
  startTimer(labels = {}) {
    const begun = performance.now()
    return (more) => {
      const seconds = (performance.now() - begun) / 1000
      if (this.observe) this.observe({ ...labels, ...more }, seconds)
      else this.set({ ...labels, ...more }, seconds)
      return seconds
    }
  }
  samples() {
    if (this.values.size === 0 && this.labelNames.length === 0) return [['', {}, 0]]
    return [...this.values.values()].map(({ labels, value }) => ['', labels, value])
  }
}
const split = (labels, value) => (typeof labels === 'object' && labels !== null ? [labels, value] : [{}, labels])
class Counter extends Metric {
  type = 'counter'
  inc(labels, value) {
    const [names, by = 1] = split(labels, value)
    if (by < 0) throw new Error('It is not possible to decrease a counter')
    this.entry(names, () => ({ value: 0 })).value += by
  }
}
class Gauge extends Metric {
  type = 'gauge'
  inc(labels, value) {
    const [names, by = 1] = split(labels, value)
    this.entry(names, () => ({ value: 0 })).value += by
  }
  dec(labels, value) {
    const [names, by = 1] = split(labels, value)
    this.entry(names, () => ({ value: 0 })).value -= by
  }
  set(labels, value) {
    const [names, to] = split(labels, value)
    this.entry(names, () => ({ value: 0 })).value = to
  }
  setToCurrentTime() {
    this.set(Date.now() / 1000)
  }
}
class Histogram extends Metric {
  type = 'histogram'
  constructor(options) {
    super(options)
    this.buckets = options.buckets ?? [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
  }
  observe(labels, value) {
    const [names, seen] = split(labels, value)
    const entry = this.entry(names, () => ({ sum: 0, count: 0, counts: this.buckets.map(() => 0) }))
    entry.sum += seen
    entry.count++
    this.buckets.forEach((bound, i) => {
      if (seen <= bound) entry.counts[i]++
    })
  }
  samples() {
    return [...this.values.values()].flatMap(({ labels, sum, count, counts }) => [
      ...this.buckets.map((bound, i) => ['_bucket', { le: bound, ...labels }, counts[i]]),
      ['_bucket', { le: '+Inf', ...labels }, count],
      ['_sum', labels, sum],
      ['_count', labels, count],
    ])
  }
}
class Summary extends Histogram {
  type = 'summary'
  samples() {
    return [...this.values.values()].flatMap(({ labels, sum, count }) => [
      ['_sum', labels, sum],
      ['_count', labels, count],
    ])
  }
}

function collectDefaultMetrics({ prefix = '', register: to = register } = {}) {
  const registers = [to]
  const gauge = (name, help, read) =>
    new Gauge({
      name: prefix + name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  new Counter({
    name: `${prefix}process_cpu_seconds_total`,
    help: 'Total user and system CPU time spent in seconds.',
    registers,
    collect() {
      this.reset()
      const { user, system } = process.cpuUsage()
      this.inc((user + system) / 1e6)
    },
  })
  gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.', () =>
    Math.round(Date.now() / 1000 - process.uptime()),
  )
  gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', () => process.memoryUsage().rss)
  gauge(
    'nodejs_heap_size_total_bytes',
    'Process heap size from Node.js in bytes.',
    () => process.memoryUsage().heapTotal,
  )
  gauge(
    'nodejs_heap_size_used_bytes',
    'Process heap size used from Node.js in bytes.',
    () => process.memoryUsage().heapUsed,
  )
  const [major, minor, patch] = process.versions.node.split('.')
  new Gauge({
    name: `${prefix}nodejs_version_info`,
    help: 'Node.js version info.',
    labelNames: ['version', 'major', 'minor', 'patch'],
    registers,
  }).set({ version: process.version, major, minor, patch }, 1)
}

module.exports = {
  Registry,
  register,
  Counter,
  Gauge,
  Histogram,
  Summary,
  collectDefaultMetrics,
  linearBuckets: (start, width, count) => Array.from({ length: count }, (_, i) => start + i * width),
  exponentialBuckets: (start, factor, count) => Array.from({ length: count }, (_, i) => start * factor ** i),
}
