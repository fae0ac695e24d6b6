import type { CatalogueImage } from '../images/catalogue-registry.ts'
import { published, serverImage } from './server.ts'

/** The file the image brings: it scrapes itself. */
const PROMETHEUS_YML = `# my global config
global:
  scrape_interval: 15s
  evaluation_interval: 15s

alerting:
  alertmanagers:
    - static_configs:
        - targets:
          # - alertmanager:9093

rule_files:
  # - "first_rules.yml"

scrape_configs:
  - job_name: "prometheus"
    static_configs:
      - targets: ["localhost:9090"]
`

const ALERTMANAGER_YML = `route:
  group_by: ['alertname']
  group_wait: 30s
  group_interval: 5m
  repeat_interval: 1h
  receiver: 'web.hook'
receivers:
- name: 'web.hook'
  webhook_configs:
  - url: 'http://127.0.0.1:5001/'
inhibit_rules:
- source_match:
    severity: 'critical'
  target_match:
    severity: 'warning'
  equal: ['alertname', 'dev', 'instance']
`

/** What kube-prometheus pulls. */
export const monitoring: readonly CatalogueImage[] = [
  ...published(
    serverImage('prometheus', 201_000_000, {
      busybox: true,
      path: '/bin/prometheus',
      others: { '/bin/promtool': 'promtool' },
      ports: ['9090'],
      user: 'nobody',
      files: { 'etc/prometheus/prometheus.yml': PROMETHEUS_YML },
      folders: ['prometheus'],
      workdir: '/prometheus',
      args: [
        '--config.file=/etc/prometheus/prometheus.yml',
        '--storage.tsdb.path=/prometheus',
        '--web.console.libraries=/usr/share/prometheus/console_libraries',
        '--web.console.templates=/usr/share/prometheus/consoles',
      ],
    }),
    ['quay.io/prometheus/prometheus', 'docker.io/prom/prometheus'],
    ['latest', 'v2.32.1', 'v2.45.0'],
  ),
  ...published(
    serverImage('alertmanager', 57_600_000, {
      busybox: true,
      path: '/bin/alertmanager',
      others: { '/bin/amtool': 'amtool' },
      ports: ['9093'],
      user: 'nobody',
      files: { 'etc/alertmanager/alertmanager.yml': ALERTMANAGER_YML },
      folders: ['alertmanager'],
      workdir: '/alertmanager',
      args: ['--config.file=/etc/alertmanager/alertmanager.yml', '--storage.path=/alertmanager'],
    }),
    ['quay.io/prometheus/alertmanager', 'docker.io/prom/alertmanager'],
    ['latest', 'v0.23.0'],
  ),
  ...published(
    serverImage('node_exporter', 20_900_000, {
      busybox: true,
      path: '/bin/node_exporter',
      ports: ['9100'],
      user: 'nobody',
    }),
    ['quay.io/prometheus/node-exporter', 'docker.io/prom/node-exporter'],
    ['latest', 'v1.3.1'],
  ),
  ...published(
    serverImage('blackbox_exporter', 19_900_000, { busybox: true, path: '/bin/blackbox_exporter', ports: ['9115'] }),
    ['quay.io/prometheus/blackbox-exporter', 'docker.io/prom/blackbox-exporter'],
    ['latest', 'v0.19.0'],
  ),
  ...published(
    serverImage('pushgateway', 19_400_000, {
      busybox: true,
      path: '/bin/pushgateway',
      ports: ['9091'],
      user: 'nobody',
      workdir: '/pushgateway',
      folders: ['pushgateway'],
    }),
    ['quay.io/prometheus/pushgateway', 'docker.io/prom/pushgateway'],
    ['latest', 'v1.4.3'],
  ),
  ...published(
    serverImage('operator', 50_200_000, { path: '/bin/operator', ports: ['8080'], user: 'nobody' }),
    ['quay.io/prometheus-operator/prometheus-operator'],
    ['v0.53.1'],
  ),
  ...published(
    serverImage('prometheus-config-reloader', 12_700_000, { path: '/bin/prometheus-config-reloader', user: 'nobody' }),
    ['quay.io/prometheus-operator/prometheus-config-reloader'],
    ['v0.53.1'],
  ),
  ...published(
    serverImage('kube-rbac-proxy', 46_600_000, { path: '/usr/local/bin/kube-rbac-proxy', ports: ['8080'] }),
    ['quay.io/brancz/kube-rbac-proxy'],
    ['v0.11.0'],
  ),
  ...published(
    serverImage('kube-state-metrics', 38_700_000, { ports: ['8080', '8081'], user: 'nobody' }),
    [
      'registry.k8s.io/kube-state-metrics/kube-state-metrics',
      'k8s.gcr.io/kube-state-metrics/kube-state-metrics',
      'docker.io/chronolaw/kube-state-metrics',
    ],
    ['v2.3.0', 'v2.5.0'],
  ),
  ...published(
    serverImage('adapter', 68_300_000, { path: '/adapter', ports: ['6443'] }),
    [
      'registry.k8s.io/prometheus-adapter/prometheus-adapter',
      'k8s.gcr.io/prometheus-adapter/prometheus-adapter',
      'docker.io/chronolaw/prometheus-adapter',
    ],
    ['v0.9.1'],
  ),
  ...published(
    serverImage('configmap-reload', 9_700_000, { user: '65534' }),
    ['docker.io/jimmidyson/configmap-reload'],
    ['v0.5.0'],
  ),
  ...published(
    serverImage('grafana-server', 275_000_000, {
      alpine: true,
      path: '/usr/share/grafana/bin/grafana-server',
      ports: ['3000'],
    }),
    ['docker.io/grafana/grafana'],
    ['latest', '8.3.3'],
  ),
]
