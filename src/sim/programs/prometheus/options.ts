import { parseDuration } from './duration.ts'

export interface ServerOptions {
  configFile: string
  listenAddress: string
  port: number
  externalUrl: string | undefined
  routePrefix: string
  lifecycle: boolean
  adminApi: boolean
  storagePath: string
  /** ms */
  retention: number
  lookback: number
  /** As given, for /api/v1/status/flags. */
  flags: Readonly<Record<string, string>>
}

const VALUES: Record<string, string> = {
  'alertmanager.notification-queue-capacity': '10000',
  'alertmanager.timeout': '',
  'config.file': 'prometheus.yml',
  'enable-feature': '',
  'log.format': 'logfmt',
  'log.level': 'info',
  'query.lookback-delta': '5m',
  'query.max-concurrency': '20',
  'query.max-samples': '50000000',
  'query.timeout': '2m',
  'rules.alert.for-grace-period': '10m',
  'rules.alert.for-outage-tolerance': '1h',
  'rules.alert.resend-delay': '1m',
  'scrape.timestamp-tolerance': '2ms',
  'storage.agent.path': 'data-agent/',
  'storage.remote.flush-deadline': '1m',
  'storage.tsdb.path': 'data/',
  'storage.tsdb.retention': '0s',
  'storage.tsdb.retention.size': '0B',
  'storage.tsdb.retention.time': '0s',
  'storage.tsdb.max-block-duration': '0s',
  'storage.tsdb.min-block-duration': '2h',
  'storage.tsdb.wal-segment-size': '0B',
  'web.config.file': '',
  'web.console.libraries': 'console_libraries',
  'web.console.templates': 'consoles',
  'web.cors.origin': '.*',
  'web.external-url': '',
  'web.listen-address': '0.0.0.0:9090',
  'web.max-connections': '512',
  'web.page-title': 'Prometheus Time Series Collection and Processing Server',
  'web.read-timeout': '5m',
  'web.route-prefix': '/',
  'web.user-assets': '',
}
const SWITCHES: Record<string, string> = {
  'storage.tsdb.allow-overlapping-blocks': 'false',
  'storage.tsdb.no-lockfile': 'false',
  'storage.tsdb.wal-compression': 'true',
  'web.enable-admin-api': 'false',
  'web.enable-lifecycle': 'false',
  'web.enable-remote-write-receiver': 'false',
  'scrape.adjust-timestamps': 'true',
  version: 'false',
  help: 'false',
}

/** Command line as kingpin reads it. A string is what is wrong with it. */
export function parseOptions(args: readonly string[]): ServerOptions | string {
  const given: Record<string, string> = { ...VALUES, ...SWITCHES }
  for (let i = 0; i < args.length; i++) {
    const m = /^--([\w.-]+)(?:=(.*))?$/s.exec(args[i]!)
    if (!m) return args[i]!.startsWith('-') ? `unknown short flag '${args[i]!.slice(0, 2)}'` : `unexpected ${args[i]}`
    let name = m[1]!
    const off = name.startsWith('no-') && name.slice(3) in SWITCHES
    if (off) name = name.slice(3)
    if (name in SWITCHES) given[name] = off ? 'false' : 'true'
    else if (name in VALUES) {
      const value = m[2] ?? args[++i]
      if (value === undefined) return `expected argument for flag '--${name}'`
      given[name] = value
    } else return `unknown long flag '--${name}'`
  }
  const retention =
    parseDuration(given['storage.tsdb.retention.time']!) || parseDuration(given['storage.tsdb.retention']!)
  if (parseDuration(given['storage.tsdb.retention.time']!) === undefined)
    return `not a valid duration string: ${JSON.stringify(given['storage.tsdb.retention.time'])}`
  const address = /^(.*):(\d+)$/.exec(given['web.listen-address']!)
  if (!address) return `invalid listen address ${given['web.listen-address']}`
  return {
    configFile: given['config.file']!,
    listenAddress: address[1]!.replace(/^\[|\]$/g, '') || '0.0.0.0',
    port: Number(address[2]),
    externalUrl: given['web.external-url'] || undefined,
    routePrefix: given['web.route-prefix'] === '/' ? '' : given['web.route-prefix']!.replace(/\/$/, ''),
    lifecycle: given['web.enable-lifecycle'] === 'true',
    adminApi: given['web.enable-admin-api'] === 'true',
    storagePath: given['storage.tsdb.path']!,
    retention: retention || 15 * 86_400_000,
    lookback: parseDuration(given['query.lookback-delta']!) ?? 300_000,
    flags: given,
  }
}
