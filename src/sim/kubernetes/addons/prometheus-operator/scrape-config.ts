import type { KubeObject } from '../../api/object.ts'

// An object of a custom resource: its schema is the definition's.
type Plain = Record<string, any>

/** What the first group matched. */
const FIRST = '\u0024{1}'

const legal = (name: string) => name.replaceAll(/[^a-zA-Z0-9_]/g, '_')

interface Monitors {
  serviceMonitors: readonly KubeObject[]
  podMonitors: readonly KubeObject[]
}

/** prometheus.yaml as the operator writes it for a Prometheus object and its monitors. */
export function prometheusConfig(prometheus: KubeObject, { serviceMonitors, podMonitors }: Monitors): Plain {
  const { name, namespace } = prometheus.metadata
  const spec = prometheus.spec as Plain
  const byName = (a: KubeObject, b: KubeObject) =>
    `${a.metadata.namespace}/${a.metadata.name}` < `${b.metadata.namespace}/${b.metadata.name}` ? -1 : 1
  return {
    global: {
      evaluation_interval: spec.evaluationInterval ?? '30s',
      scrape_interval: spec.scrapeInterval ?? '30s',
      external_labels: {
        ...spec.externalLabels,
        [spec.prometheusExternalLabelName ?? 'prometheus']: `${namespace}/${name}`,
        [spec.replicaExternalLabelName ?? 'prometheus_replica']: '$(POD_NAME)',
      },
    },
    rule_files: [`/etc/prometheus/rules/prometheus-${name}-rulefiles-0/*.yaml`],
    scrape_configs: [
      ...[...serviceMonitors]
        .sort(byName)
        .flatMap((monitor) =>
          ((monitor.spec.endpoints ?? []) as Plain[]).map((endpoint, i) =>
            scrape('serviceMonitor', monitor, endpoint, i),
          ),
        ),
      ...[...podMonitors]
        .sort(byName)
        .flatMap((monitor) =>
          ((monitor.spec.podMetricsEndpoints ?? []) as Plain[]).map((endpoint, i) =>
            scrape('podMonitor', monitor, endpoint, i),
          ),
        ),
    ],
    alerting: {
      alert_relabel_configs: [{ action: 'labeldrop', regex: 'prometheus_replica' }],
      alertmanagers: ((spec.alerting?.alertmanagers ?? []) as Plain[]).map(alertmanager),
    },
  }
}

function alertmanager(given: Plain): Plain {
  return {
    path_prefix: given.pathPrefix ?? '/',
    scheme: given.scheme ?? 'http',
    kubernetes_sd_configs: [{ role: 'endpoints', namespaces: { names: [given.namespace] } }],
    api_version: given.apiVersion ?? 'v2',
    relabel_configs: [
      { action: 'keep', source_labels: ['__meta_kubernetes_service_name'], regex: given.name },
      { action: 'keep', source_labels: ['__meta_kubernetes_endpoint_port_name'], regex: String(given.port) },
    ],
  }
}

function scrape(kind: 'serviceMonitor' | 'podMonitor', monitor: KubeObject, endpoint: Plain, index: number): Plain {
  const { name, namespace } = monitor.metadata
  const spec = monitor.spec as Plain
  const of = kind === 'serviceMonitor' ? 'service' : 'pod'
  const names = spec.namespaceSelector?.any ? [] : (spec.namespaceSelector?.matchNames ?? [namespace])
  const relabels: Plain[] = [{ source_labels: ['job'], target_label: '__tmp_prometheus_job_name' }]
  for (const [label, value] of Object.entries((spec.selector?.matchLabels ?? {}) as Record<string, string>).sort())
    relabels.push({
      action: 'keep',
      source_labels: [
        `__meta_kubernetes_${of}_label_${legal(label)}`,
        `__meta_kubernetes_${of}_labelpresent_${legal(label)}`,
      ],
      regex: `(${value});true`,
    })
  for (const { key, operator, values = [] } of (spec.selector?.matchExpressions ?? []) as Plain[]) {
    const [label, present] = [
      `__meta_kubernetes_${of}_label_${legal(key)}`,
      `__meta_kubernetes_${of}_labelpresent_${legal(key)}`,
    ]
    if (operator === 'In')
      relabels.push({ action: 'keep', source_labels: [label, present], regex: `(${values.join('|')});true` })
    else if (operator === 'NotIn')
      relabels.push({ action: 'drop', source_labels: [label, present], regex: `(${values.join('|')});true` })
    else relabels.push({ action: operator === 'Exists' ? 'keep' : 'drop', source_labels: [present], regex: 'true' })
  }
  if (endpoint.port)
    relabels.push({
      action: 'keep',
      source_labels: [
        of === 'service' ? '__meta_kubernetes_endpoint_port_name' : '__meta_kubernetes_pod_container_port_name',
      ],
      regex: endpoint.port,
    })
  else if (endpoint.targetPort !== undefined)
    relabels.push({
      action: 'keep',
      source_labels: [
        `__meta_kubernetes_pod_container_port_${typeof endpoint.targetPort === 'number' ? 'number' : 'name'}`,
      ],
      regex: String(endpoint.targetPort),
    })
  const copy = (from: string, to: string) => ({ source_labels: [from], target_label: to })
  if (of === 'service')
    for (const target of ['Node', 'Pod'])
      relabels.push({
        source_labels: [
          '__meta_kubernetes_endpoint_address_target_kind',
          '__meta_kubernetes_endpoint_address_target_name',
        ],
        separator: ';',
        regex: `${target};(.*)`,
        replacement: FIRST,
        target_label: target.toLowerCase(),
      })
  relabels.push(copy('__meta_kubernetes_namespace', 'namespace'))
  if (of === 'service') relabels.push(copy('__meta_kubernetes_service_name', 'service'))
  relabels.push(
    ...(of === 'service' ? [copy('__meta_kubernetes_pod_name', 'pod')] : []),
    copy('__meta_kubernetes_pod_container_name', 'container'),
    ...(of === 'pod' ? [copy('__meta_kubernetes_pod_name', 'pod')] : []),
  )
  for (const label of [...(spec.targetLabels ?? []), ...(spec.podTargetLabels ?? [])] as string[])
    relabels.push({
      source_labels: [
        `__meta_kubernetes_${(spec.targetLabels ?? []).includes(label) ? 'service' : 'pod'}_label_${legal(label)}`,
      ],
      target_label: legal(label),
      regex: '(.+)',
      replacement: FIRST,
    })
  relabels.push(
    of === 'service'
      ? { source_labels: ['__meta_kubernetes_service_name'], target_label: 'job', replacement: FIRST }
      : { target_label: 'job', replacement: `${namespace}/${name}` },
  )
  if (spec.jobLabel)
    relabels.push({
      source_labels: [`__meta_kubernetes_${of}_label_${legal(spec.jobLabel)}`],
      target_label: 'job',
      regex: '(.+)',
      replacement: FIRST,
    })
  const port = endpoint.port ?? (endpoint.targetPort === undefined ? undefined : String(endpoint.targetPort))
  if (port) relabels.push({ target_label: 'endpoint', replacement: port })
  relabels.push(...((endpoint.relabelings ?? []) as Plain[]).map(relabeling))
  relabels.push(
    { source_labels: ['__address__'], target_label: '__tmp_hash', modulus: 1, action: 'hashmod' },
    { source_labels: ['__tmp_hash'], regex: '$(SHARD)', action: 'keep' },
  )
  const tls = endpoint.tlsConfig as Plain | undefined
  return {
    job_name: `${kind}/${namespace}/${name}/${index}`,
    honor_labels: endpoint.honorLabels === true,
    ...(endpoint.honorTimestamps === undefined ? {} : { honor_timestamps: endpoint.honorTimestamps }),
    kubernetes_sd_configs: [
      { role: of === 'service' ? 'endpoints' : 'pod', ...(names.length > 0 ? { namespaces: { names } } : {}) },
    ],
    ...(endpoint.interval ? { scrape_interval: endpoint.interval } : {}),
    ...(endpoint.scrapeTimeout ? { scrape_timeout: endpoint.scrapeTimeout } : {}),
    ...(endpoint.path ? { metrics_path: endpoint.path } : {}),
    ...(endpoint.params ? { params: endpoint.params } : {}),
    ...(endpoint.scheme ? { scheme: endpoint.scheme } : {}),
    ...(tls
      ? {
          tls_config: {
            insecure_skip_verify: tls.insecureSkipVerify === true,
            ...(tls.caFile ? { ca_file: tls.caFile } : {}),
            ...(tls.serverName ? { server_name: tls.serverName } : {}),
          },
        }
      : {}),
    ...(endpoint.bearerTokenFile ? { bearer_token_file: endpoint.bearerTokenFile } : {}),
    relabel_configs: relabels,
    ...(endpoint.metricRelabelings
      ? { metric_relabel_configs: (endpoint.metricRelabelings as Plain[]).map(relabeling) }
      : {}),
  }
}

const relabeling = (given: Plain): Plain => ({
  ...(given.sourceLabels ? { source_labels: given.sourceLabels } : {}),
  ...(given.separator === undefined ? {} : { separator: given.separator }),
  ...(given.targetLabel ? { target_label: given.targetLabel } : {}),
  ...(given.regex === undefined ? {} : { regex: given.regex }),
  ...(given.modulus ? { modulus: given.modulus } : {}),
  ...(given.replacement === undefined ? {} : { replacement: given.replacement }),
  ...(given.action ? { action: given.action } : {}),
})
