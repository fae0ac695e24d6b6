import { formatDuration } from '../duration.ts'
import { formatShort } from '../go-number.ts'
import { milliTime } from '../log.ts'
import type { Alert, Rule } from '../rules/rule-group.ts'
import type { Target } from '../scrape/target.ts'
import { type PrometheusServer, VERSION } from '../server.ts'
import type { Parameters } from './parameters.ts'

type Handler = (server: PrometheusServer, parameters: Parameters) => unknown

const never = '0001-01-01T00:00:00Z'
const timeText = (ms: number) => (ms === 0 ? never : milliTime(ms))

const activeTarget = (target: Target) => ({
  discoveredLabels: target.discovered.toObject(),
  labels: target.labels.toObject(),
  scrapePool: target.config.job,
  scrapeUrl: target.url,
  globalUrl: target.url,
  lastError: target.lastError,
  lastScrape: timeText(target.lastScrape),
  lastScrapeDuration: target.lastDuration,
  health: target.health,
  scrapeInterval: formatDuration(target.interval),
  scrapeTimeout: formatDuration(target.timeout),
})

const targets: Handler = (server, parameters) => {
  const state = parameters.get('state') ?? 'any'
  const pools = [...server.scraping.pools.values()]
  const wants = (which: string) => state === which || state === 'any'
  return {
    activeTargets: wants('active') ? pools.flatMap((pool) => [...pool.targets.values()].map(activeTarget)) : [],
    droppedTargets: wants('dropped')
      ? pools.flatMap((pool) => pool.dropped.map((labels) => ({ discoveredLabels: labels.toObject() })))
      : [],
  }
}

const alertJson = (alert: Alert) => ({
  labels: alert.labels.toObject(),
  annotations: alert.annotations.toObject(),
  state: alert.state,
  activeAt: milliTime(alert.activeAt),
  value: exponential(alert.value),
})

/** Go's 'e' with the shortest digits. */
const exponential = (value: number) =>
  Number.isFinite(value) ? value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2') : formatShort(value)

function ruleJson(rule: Rule): object {
  const { source } = rule
  const common = {
    query: source.query,
    labels: source.labels,
    health: rule.health,
    ...(rule.lastError ? { lastError: rule.lastError } : {}),
    evaluationTime: rule.evaluationTime,
    lastEvaluation: timeText(rule.lastEvaluation),
  }
  if (source.record) return { name: source.record, ...common, type: 'recording' }
  return {
    state: rule.state,
    name: source.alert,
    duration: source.for / 1000,
    ...common,
    annotations: source.annotations,
    alerts: rule.active.map(alertJson),
    type: 'alerting',
  }
}

const rules: Handler = (server, parameters) => {
  const type = parameters.get('type')
  const wanted = (rule: Rule) => !type || (type === 'alert') === (rule.source.alert !== undefined)
  return {
    groups: server.rules.groups.map((group) => ({
      name: group.source.name,
      file: group.source.file,
      rules: group.rules.filter(wanted).map(ruleJson),
      interval: group.interval / 1000,
      limit: 0,
      evaluationTime: group.evaluationTime,
      lastEvaluation: timeText(group.lastEvaluation),
    })),
  }
}

const metadata: Handler = (server, parameters) => {
  const wanted = parameters.get('metric')
  const found: Record<string, { type: string; help: string; unit: string }[]> = {}
  for (const pool of server.scraping.pools.values())
    for (const target of pool.targets.values())
      for (const [name, { type, help }] of target.metadata) {
        if (wanted && name !== wanted) continue
        found[name] ??= []
        if (!found[name].some((m) => m.type === type && m.help === help)) found[name].push({ type, help, unit: '' })
      }
  return found
}

export const STATE_HANDLERS: Readonly<Record<string, Handler>> = {
  targets,
  rules,
  metadata,
  alerts: (server) => ({
    alerts: server.rules.groups.flatMap((g) => g.rules.flatMap((rule) => rule.active.map(alertJson))),
  }),
  alertmanagers: (server) => ({
    activeAlertmanagers: server.notifier.urls().map(({ url }) => ({ url })),
    droppedAlertmanagers: [],
  }),
  'status/config': (server) => ({ yaml: server.config.text }),
  'status/flags': (server) => server.options.flags,
  'status/buildinfo': () => ({
    version: VERSION,
    revision: '41f1a8125e664985dd30674e5bdf6b683eff5d32',
    branch: 'HEAD',
    buildUser: 'root@54b6dbd48b97',
    buildDate: '20211217-22:08:06',
    goVersion: 'go1.17.5',
  }),
  'status/runtimeinfo': (server) => ({
    startTime: milliTime(server.started),
    CWD: '/prometheus',
    reloadConfigSuccess: server.reloadSucceeded,
    lastConfigTime: timeText(server.reloadedAt),
    corruptionCount: 0,
    goroutineCount: 40,
    GOMAXPROCS: server.process.machine.cores,
    GOGC: '',
    GODEBUG: '',
    storageRetention: formatDuration(server.options.retention),
  }),
  'status/tsdb': (server) => {
    const counts = new Map<string, number>()
    for (const { labels } of server.head.all())
      counts.set(labels.get('__name__'), (counts.get(labels.get('__name__')) ?? 0) + 1)
    return {
      headStats: {
        numSeries: server.head.seriesCount,
        chunkCount: Math.ceil(server.head.sampleCount / 120),
        minTime: server.head.oldest,
        maxTime: Math.floor(server.process.wallClock()),
      },
      seriesCountByMetricName: [...counts]
        .sort((a, b) => b[1] - a[1])
        .slice(0, 10)
        .map(([name, value]) => ({ name, value })),
    }
  },
}
