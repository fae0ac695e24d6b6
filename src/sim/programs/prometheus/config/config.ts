import { parseDocument } from 'yaml'
import { parseDuration } from '../duration.ts'
import { Labels } from '../labels.ts'
import { makeRelabelRule, type RelabelRule } from '../relabel.ts'

export interface TlsConfig {
  insecure: boolean
  caFile: string | undefined
  serverName: string | undefined
}
export interface ClientConfig {
  scheme: string
  tls: TlsConfig
  bearerTokenFile: string | undefined
  bearerToken: string | undefined
  basicAuth: { username: string; password: string } | undefined
}
export interface KubernetesDiscovery {
  role: string
  namespaces: readonly string[]
  ownNamespace: boolean
  selectors: readonly { role: string; label?: string; field?: string }[]
}
export interface StaticGroup {
  targets: readonly string[]
  labels: Readonly<Record<string, string>>
}
export interface DiscoveryConfig {
  static: readonly StaticGroup[]
  kubernetes: readonly KubernetesDiscovery[]
  files: readonly string[]
}
export interface ScrapeConfig extends ClientConfig {
  job: string
  /** ms */
  interval: number
  timeout: number
  path: string
  params: readonly (readonly [string, string])[]
  honorLabels: boolean
  honorTimestamps: boolean
  sampleLimit: number
  discovery: DiscoveryConfig
  relabel: readonly RelabelRule[]
  metricRelabel: readonly RelabelRule[]
}
export interface AlertmanagerConfig extends ClientConfig {
  pathPrefix: string
  timeout: number
  discovery: DiscoveryConfig
  relabel: readonly RelabelRule[]
}
export interface ServerConfig {
  interval: number
  timeout: number
  evaluationInterval: number
  externalLabels: Labels
  ruleFiles: readonly string[]
  scrapes: readonly ScrapeConfig[]
  alertmanagers: readonly AlertmanagerConfig[]
  alertRelabel: readonly RelabelRule[]
  text: string
}

/** A configuration that Prometheus refuses, in its words. */
export class ConfigError extends Error {}

type Plain = Record<string, any>

const TOP = 'global rule_files scrape_configs alerting remote_write remote_read storage tracing'
const GLOBAL = 'scrape_interval scrape_timeout evaluation_interval external_labels query_log_file'
const HTTP =
  'basic_auth authorization oauth2 bearer_token bearer_token_file tls_config proxy_url follow_redirects enable_http2'
const DISCOVERY =
  'static_configs kubernetes_sd_configs file_sd_configs dns_sd_configs http_sd_configs consul_sd_configs ec2_sd_configs docker_sd_configs relabel_configs'
const SCRAPE = `job_name scrape_interval scrape_timeout metrics_path params honor_labels honor_timestamps scheme metric_relabel_configs sample_limit target_limit label_limit label_name_length_limit label_value_length_limit body_size_limit ${HTTP} ${DISCOVERY}`
const ALERTMANAGER = `scheme path_prefix timeout api_version ${HTTP} ${DISCOVERY}`

/** Reads prometheus.yml. Throws ConfigError. */
export function parseConfig(text: string): ServerConfig {
  const document = parseDocument(text)
  const wrong = document.errors[0]
  if (wrong) throw new ConfigError(`yaml: line ${wrong.linePos?.[0].line ?? 1}: ${wrong.message.split('\n')[0]}`)
  const root = (document.toJS() ?? {}) as Plain
  checkFields(root, TOP, 'config.plain', text)
  const global: Plain = root.global ?? {}
  checkFields(global, GLOBAL, 'config.plain', text)
  const interval = duration(global.scrape_interval, 60_000)
  const timeout = duration(global.scrape_timeout, Math.min(10_000, interval))
  if (timeout > interval) throw new ConfigError('global scrape timeout greater than scrape interval')
  const jobs = new Set<string>()
  const scrapes = list(root.scrape_configs).map((given): ScrapeConfig => {
    const scrape = scrapeConfig(given, interval, timeout, text)
    if (jobs.has(scrape.job))
      throw new ConfigError(`found multiple scrape configs with job name ${JSON.stringify(scrape.job)}`)
    jobs.add(scrape.job)
    return scrape
  })
  const alerting: Plain = root.alerting ?? {}
  return {
    interval,
    timeout,
    evaluationInterval: duration(global.evaluation_interval, 60_000),
    externalLabels: Labels.from(Object.entries((global.external_labels ?? {}) as Record<string, string>)),
    ruleFiles: list(root.rule_files).map(String),
    scrapes,
    alertmanagers: list(alerting.alertmanagers).map((given): AlertmanagerConfig => {
      checkFields(given, ALERTMANAGER, 'config.plain', text)
      return {
        ...clientConfig(given),
        pathPrefix: given.path_prefix ?? '/',
        timeout: duration(given.timeout, 10_000),
        discovery: discoveryConfig(given),
        relabel: rules(given.relabel_configs),
      }
    }),
    alertRelabel: rules(alerting.alert_relabel_configs),
    text,
  }
}

function scrapeConfig(given: Plain, interval: number, timeout: number, text: string): ScrapeConfig {
  checkFields(given, SCRAPE, 'config.plain', text)
  if (!given.job_name) throw new ConfigError('job_name is empty')
  const own = duration(given.scrape_interval, interval)
  const limit = duration(given.scrape_timeout, Math.min(timeout, own))
  if (limit > own)
    throw new ConfigError(
      `scrape timeout greater than scrape interval for scrape config with job name ${JSON.stringify(given.job_name)}`,
    )
  return {
    ...clientConfig(given),
    job: String(given.job_name),
    interval: own,
    timeout: limit,
    path: given.metrics_path ?? '/metrics',
    params: Object.entries((given.params ?? {}) as Record<string, string[]>).flatMap(([name, values]) =>
      values.map((value) => [name, String(value)] as const),
    ),
    honorLabels: given.honor_labels === true,
    honorTimestamps: given.honor_timestamps !== false,
    sampleLimit: Number(given.sample_limit ?? 0),
    discovery: discoveryConfig(given),
    relabel: rules(given.relabel_configs),
    metricRelabel: rules(given.metric_relabel_configs),
  }
}

function clientConfig(given: Plain): ClientConfig {
  const tls: Plain = given.tls_config ?? {}
  const authorization: Plain = given.authorization ?? {}
  return {
    scheme: given.scheme ?? 'http',
    tls: { insecure: tls.insecure_skip_verify === true, caFile: tls.ca_file, serverName: tls.server_name },
    bearerTokenFile: given.bearer_token_file ?? authorization.credentials_file,
    bearerToken: given.bearer_token ?? authorization.credentials,
    basicAuth: given.basic_auth
      ? { username: given.basic_auth.username ?? '', password: given.basic_auth.password ?? '' }
      : undefined,
  }
}

const ROLES = ['node', 'pod', 'service', 'endpoints', 'endpointslice', 'ingress']

/** Which roles' objects may be selected; not listed: only its own. */
const SELECTABLE: Record<string, readonly string[]> = {
  endpoints: ['pod', 'service', 'endpoints'],
  endpointslice: ['pod', 'service', 'endpointslice'],
}

function sdSelectors(role: string, given: readonly Plain[]): KubernetesDiscovery['selectors'] {
  const allowed = SELECTABLE[role] ?? [role]
  const seen = new Set<string>()
  return given.map((selector) => {
    const of = String(selector.role ?? '')
    if (!ROLES.includes(of)) throw new ConfigError(`unknown Kubernetes SD role ${JSON.stringify(of)}`)
    if (seen.has(of)) throw new ConfigError(`duplicated selector role: ${of}`)
    if (!allowed.includes(of)) throw new ConfigError(`${role} role supports only ${allowed.join(', ')} selectors`)
    seen.add(of)
    return { role: of, label: selector.label, field: selector.field }
  })
}

function discoveryConfig(given: Plain): DiscoveryConfig {
  for (const name of Object.keys(given))
    if (name.endsWith('_sd_configs') && !['kubernetes_sd_configs', 'file_sd_configs'].includes(name))
      throw new ConfigError(`not simulated: ${name}`)
  return {
    static: list(given.static_configs).map((group) => ({
      targets: list(group.targets).map(String),
      labels: Object.fromEntries(Object.entries(group.labels ?? {}).map(([name, value]) => [name, String(value)])),
    })),
    kubernetes: list(given.kubernetes_sd_configs).map((sd) => {
      if (!sd.role)
        throw new ConfigError('role missing (one of: pod, service, endpoints, endpointslice, node, ingress)')
      if (!ROLES.includes(sd.role)) throw new ConfigError(`unknown Kubernetes SD role ${JSON.stringify(sd.role)}`)
      return {
        role: sd.role,
        namespaces: list(sd.namespaces?.names).map(String),
        ownNamespace: sd.namespaces?.own_namespace === true,
        selectors: sdSelectors(sd.role, list(sd.selectors)),
      }
    }),
    files: list(given.file_sd_configs).flatMap((sd) => list(sd.files).map(String)),
  }
}

function rules(given: unknown): RelabelRule[] {
  try {
    return list(given).map(makeRelabelRule)
  } catch (error) {
    throw new ConfigError((error as Error).message)
  }
}

const list = (value: unknown): any[] => (Array.isArray(value) ? value : [])

function duration(value: unknown, fallback: number): number {
  if (value === undefined || value === null) return fallback
  const ms = parseDuration(String(value))
  if (ms === undefined) throw new ConfigError(`not a valid duration string: ${JSON.stringify(String(value))}`)
  return ms
}

function checkFields(given: unknown, known: string, type: string, text: string): void {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) return
  const names = new Set(known.split(' '))
  for (const name of Object.keys(given)) {
    if (names.has(name)) continue
    const line = text.split('\n').findIndex((each) => new RegExp(`^[\\s-]*["']?${name}["']?\\s*:`).test(each)) + 1
    throw new ConfigError(`yaml: unmarshal errors:\n  line ${line}: field ${name} not found in type ${type}`)
  }
}
