import type { Process } from '../../../linux/process.ts'
import { type ExpositionSink, parseExposition, parseSeries } from '../../exposition/parse.ts'
import { FetchError, type HttpAgent } from '../../http/agent.ts'
import type { ClientConfig, ScrapeConfig } from '../config/config.ts'
import { parseDuration } from '../duration.ts'
import { Labels } from '../labels.ts'
import { hashText, relabel } from '../relabel.ts'
import type { Head, Series } from '../storage/head.ts'

const TIMES = ['__scrape_interval__', '__scrape_timeout__']
const ACCEPT =
  'application/openmetrics-text; version=1.0.0,application/openmetrics-text; version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'
const REPORTS = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
] as const

/** One place that is scraped, and what came of it. */
export class Target {
  readonly config: ScrapeConfig
  readonly discovered: Labels
  readonly labels: Labels
  readonly url: string
  readonly interval: number
  readonly timeout: number
  health: 'unknown' | 'up' | 'down' = 'unknown'
  lastError = ''
  /** ms since 1970; 0: never. */
  lastScrape = 0
  /** seconds */
  lastDuration = 0
  stopped = false
  /** Text before the value on a line, and its series; undefined when a rule drops it. */
  #known = new Map<string, Series | undefined>()
  #last = new Set<Series>()
  readonly metadata = new Map<string, { type: string; help: string }>()
  #comments = new Set<string>()

  constructor(config: ScrapeConfig, discovered: Labels, relabelled: Labels) {
    this.config = config
    this.discovered = discovered
    this.labels = publicLabels(relabelled)
    this.url = urlOf(relabelled)
    this.interval = parseDuration(relabelled.get(TIMES[0]!)) ?? config.interval
    this.timeout = parseDuration(relabelled.get(TIMES[1]!)) ?? config.timeout
  }

  get key(): string {
    return `${this.url}\0${this.labels.key}`
  }

  /** ms into each interval at which it is scraped. */
  offset(salt: string): number {
    return hashText(`${salt}${this.key}`) % this.interval
  }

  async scrape(process: Process, agent: HttpAgent, head: Head): Promise<void> {
    const started = process.wallClock()
    // The moment it was due for, when it runs only little late.
    let error = ''
    let text = ''
    try {
      const response = await agent.fetch(this.url, {
        headers: [
          ['Accept', ACCEPT],
          ['X-Prometheus-Scrape-Timeout-Seconds', String(this.timeout / 1000)],
          ...authorization(process, this.config),
        ],
        timeout: this.timeout,
        tls: tlsOptions(process, this.config),
      })
      if (response.status === 200) text = response.text
      else error = `server returned HTTP status ${response.statusText}`
    } catch (thrown) {
      if (!(thrown instanceof FetchError)) throw thrown
      error = thrown.message
    }
    const duration = (process.wallClock() - started) / 1000
    await process.compute(0.3 + text.length / 200_000)
    if (this.stopped) return
    this.#take(head, Math.floor(started), text, error, duration)
  }

  #take(head: Head, at: number, text: string, failure: string, duration: number): void {
    let error = failure
    let scraped = 0
    let kept = 0
    let added = 0
    const seen = new Set<Series>()
    const created = head.seriesCreated
    const rows: [Series, number, number][] = []
    if (!error) {
      const sink: ExpositionSink = {
        sample: (line, value, time) => {
          scraped++
          let series = this.#known.get(line)
          if (series ? !head.has(series) : !this.#known.has(line)) {
            series = this.#resolve(head, line)
            this.#known.set(line, series)
          }
          if (!series) return
          kept++
          const stamped = time !== undefined && this.config.honorTimestamps
          if (!stamped) seen.add(series)
          rows.push([series, stamped ? time : at, value])
        },
        comment: (line) => this.#comment(line),
      }
      try {
        parseExposition(text, sink)
        const { sampleLimit } = this.config
        if (sampleLimit > 0 && kept > sampleLimit) error = 'sample limit exceeded'
      } catch (thrown) {
        error = (thrown as Error).message
      }
    }
    if (error) {
      seen.clear()
      scraped = 0
      kept = 0
    } else {
      for (const [series, time, value] of rows) head.append(series, time, value)
      added = head.seriesCreated - created
    }
    for (const series of this.#last) if (!seen.has(series)) head.end(series, at)
    this.#last = seen
    this.health = error ? 'down' : 'up'
    this.lastError = error
    this.lastScrape = at
    this.lastDuration = duration
    const values = [error ? 0 : 1, duration, scraped, kept, added]
    for (const [i, name] of REPORTS.entries())
      head.append(head.series(this.labels.with('__name__', name)), at, values[i]!)
    // What targets no longer offer is forgotten in time.
    if (this.#known.size > 4 * seen.size + 1000) this.#known.clear()
  }

  #resolve(head: Head, line: string): Series | undefined {
    const { honorLabels, metricRelabel } = this.config
    const pairs = new Map(parseSeries(line))
    for (const [name, value] of this.labels) {
      const own = pairs.get(name)
      if (own === undefined || own === '') pairs.set(name, value)
      else if (!honorLabels) {
        pairs.set(`exported_${name}`, own)
        pairs.set(name, value)
      }
    }
    const labels = relabel(Labels.from(pairs), metricRelabel)
    return labels && labels.get('__name__') !== '' ? head.series(labels) : undefined
  }

  #comment(line: string): void {
    if (this.#comments.has(line)) return
    this.#comments.add(line)
    const m = /^# (TYPE|HELP) (\S+) ?(.*)$/.exec(line)
    if (!m) return
    const entry = this.metadata.get(m[2]!) ?? { type: 'unknown', help: '' }
    this.metadata.set(m[2]!, m[1] === 'TYPE' ? { ...entry, type: m[3]! } : { ...entry, help: m[3]! })
  }

  /** Its series end now. */
  end(head: Head, at: number): void {
    this.stopped = true
    for (const series of this.#last) head.end(series, at)
    for (const name of REPORTS) head.end(head.series(this.labels.with('__name__', name)), at)
  }
}

/** What a discovered target becomes; undefined when a rule drops it. Throws an Error when it cannot be one. */
export function makeTarget(
  config: ScrapeConfig,
  found: Readonly<Record<string, string>>,
): Target | { dropped: Labels } | undefined {
  const seconds = (ms: number) => (ms % 60_000 === 0 ? `${ms / 60_000}m` : `${ms / 1000}s`)
  const defaults: [string, string][] = [
    ['job', config.job],
    ['__metrics_path__', config.path],
    ['__scheme__', config.scheme],
    ['__scrape_interval__', seconds(config.interval)],
    ['__scrape_timeout__', seconds(config.timeout)],
    ...config.params.map(([name, value]): [string, string] => [`__param_${name}`, value]),
  ]
  const discovered = Labels.from([...defaults, ...Object.entries(found)])
  const relabelled = relabel(discovered, config.relabel)
  if (!relabelled) return { dropped: discovered }
  let address = relabelled.get('__address__')
  if (address === '') return undefined
  if (!/:\d+$/.test(address)) address = `${address}:${relabelled.get('__scheme__') === 'https' ? 443 : 80}`
  let labels = relabelled.with('__address__', address)
  if (labels.get('instance') === '') labels = labels.with('instance', address)
  return new Target(config, discovered, labels)
}

const publicLabels = (labels: Labels) => labels.filter((name) => !name.startsWith('__'))

function urlOf(labels: Labels): string {
  const params = [...labels]
    .filter(([name]) => name.startsWith('__param_'))
    .map(([name, value]) => `${name.slice(8)}=${encodeURIComponent(value)}`)
  const path = labels.get('__metrics_path__')
  return `${labels.get('__scheme__')}://${labels.get('__address__')}${path.startsWith('/') ? '' : '/'}${path}${params.length > 0 ? `?${params.join('&')}` : ''}`
}

/** The Authorization header that a configuration asks for. Throws FetchError when its file is not there. */
export function authorization(process: Process, config: ClientConfig): [string, string][] {
  const { bearerToken, bearerTokenFile, basicAuth } = config
  if (basicAuth) return [['Authorization', `Basic ${btoa(`${basicAuth.username}:${basicAuth.password}`)}`]]
  if (bearerToken) return [['Authorization', `Bearer ${bearerToken}`]]
  if (!bearerTokenFile) return []
  try {
    return [['Authorization', `Bearer ${process.files.readText(bearerTokenFile).trim()}`]]
  } catch {
    throw new FetchError(
      `unable to read authorization credentials file ${bearerTokenFile}: open ${bearerTokenFile}: no such file or directory`,
    )
  }
}

export function tlsOptions(process: Process, { tls }: ClientConfig) {
  const issuers: string[] = []
  if (tls.caFile && process.files.exists(tls.caFile)) issuers.push('CN=kubernetes')
  return { insecure: tls.insecure, issuers, ...(tls.serverName ? { serverName: tls.serverName } : {}) }
}
