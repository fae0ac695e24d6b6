import { stringify } from 'yaml'
import { gzip } from '../../../containers/archive/gzip.ts'
import type { Process, Program } from '../../../linux/process.ts'
import { Exposition, expositionResponse, processMetrics } from '../../../programs/exposition/exposition.ts'
import { goFlags, runDaemon, textResponse } from '../../../programs/http/daemon.ts'
import { logfmt } from '../../../programs/prometheus/log.ts'
import type { RestStream } from '../../../rest/port.ts'
import { matchesSelector } from '../../api/label-selector.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { PodApi, PodApiError } from '../pod-api.ts'
import { prometheusConfig } from './scrape-config.ts'
import { alertmanagerStatefulSet, governingService, ownerOf, prometheusStatefulSet } from './stateful-sets.ts'

type Plain = Record<string, any>

const KINDS = ['prometheuses', 'alertmanagers', 'servicemonitors', 'podmonitors', 'prometheusrules'] as const
type Watched = (typeof KINDS)[number] | 'namespaces'
const RETRY = 10_000
const KUBELET_SYNC = 180_000
const HASH = 'prometheus-operator-input-hash'
const encoder = new TextEncoder()

/** prometheus-operator: makes StatefulSets and their configuration of Prometheus, Alertmanager and monitor objects. */
export function prometheusOperator(server: ApiServer): Program {
  return async (process) => {
    const flags = goFlags(process.argv.slice(1))
    logfmt(process, 'main.go:220', 'info', {
      msg: 'Starting Prometheus Operator',
      version: '(version=0.53.1, branch=refs/tags/pkg/apis/monitoring/v0.53.1, revision=57f6f8b)',
    })
    let api: PodApi
    try {
      api = await PodApi.open(process, server, 'PrometheusOperator/0.53.1')
    } catch (error) {
      logfmt(process, 'main.go:284', 'error', { err: `communicating with server failed: ${(error as Error).message}` })
      return 1
    }
    process.setMemory(24 * 2 ** 20)
    const started = process.wallClock()
    const operator = new Operator(process, api, flags)
    const metrics = () =>
      processMetrics(new Exposition(), process, started)
        .many(
          'prometheus_operator_reconcile_operations_total',
          'counter',
          'Total number of reconcile operations',
          operator.counts('reconciles'),
        )
        .many(
          'prometheus_operator_reconcile_errors_total',
          'counter',
          'Number of errors that occurred during reconcile operations',
          operator.counts('errors'),
        )
        .many(
          'prometheus_operator_list_operations_total',
          'counter',
          'Total number of list operations',
          operator.counts('lists'),
        )
        .many(
          'prometheus_operator_list_operations_failed_total',
          'counter',
          'Total number of list operations that failed',
          operator.counts('listErrors'),
        )
        .many(
          'prometheus_operator_ready',
          'gauge',
          '1 when the controller is ready to reconcile resources, 0 otherwise',
          operator.counts('ready'),
        )
    return runDaemon(process, {
      listen: [
        {
          port: 8080,
          handler: ({ target }) =>
            target === '/metrics'
              ? expositionResponse(metrics())
              : target === '/healthz'
                ? textResponse(200, '{"status":"up"}')
                : textResponse(404, '404 page not found\n'),
        },
      ],
      tasks: [() => operator.run(), () => operator.keepKubeletService()],
    })
  }
}

class Operator {
  readonly #process: Process
  readonly #api: PodApi
  readonly #flags: ReturnType<typeof goFlags>
  readonly #caches = new Map<Watched, ReadonlyMap<string, KubeObject>>()
  readonly #streams: RestStream[] = []
  readonly #figures = { reconciles: [0, 0], errors: [0, 0], lists: [0, 0], listErrors: [0, 0], ready: [0, 0] }
  #dirty = true

  constructor(process: Process, api: PodApi, flags: ReturnType<typeof goFlags>) {
    this.#process = process
    this.#api = api
    this.#flags = flags
    void process.ended.then(() => {
      for (const stream of this.#streams) stream.close()
    })
  }

  /** By controller. */
  counts(figure: keyof typeof this.figures): [Record<string, string>, number][] {
    const [prometheus = 0, alertmanager = 0] = this.figures[figure]
    return [
      [{ controller: 'prometheus' }, prometheus],
      [{ controller: 'alertmanager' }, alertmanager],
    ]
  }

  get figures() {
    return this.#figures
  }

  async run(): Promise<void> {
    for (const kind of [...KINDS, 'namespaces'] as const) await this.#watch(kind)
    this.#figures.ready = [1, 1]
    this.#log('info', 'operator.go:360', { component: 'prometheusoperator', msg: 'successfully synced all caches' })
    for (;;) {
      if (this.#dirty) {
        this.#dirty = false
        await this.#reconcileAll()
        await this.#process.compute(5)
      }
      await this.#process.sleep(1000)
    }
  }

  async #watch(kind: Watched): Promise<void> {
    const path = kind === 'namespaces' ? '/api/v1/namespaces' : `/apis/monitoring.coreos.com/v1/${kind}`
    for (;;) {
      try {
        const { objects, stream } = await this.#api.watch(path, () => {
          this.#dirty = true
        })
        this.#streams.push(stream)
        this.#caches.set(kind, objects)
        this.#figures.lists[0]!++
        return
      } catch (error) {
        if (!(error instanceof PodApiError)) throw error
        this.#figures.listErrors[0]!++
        this.#log('error', 'klog.go:116', {
          component: 'k8s_client_runtime',
          func: 'ErrorDepth',
          err: `failed to list *v1.${kind}: ${error.message}`,
        })
        await this.#process.sleep(RETRY)
      }
    }
  }

  #log(level: 'info' | 'warn' | 'error', caller: string, fields: Record<string, string | number>): void {
    logfmt(this.#process, caller, level, fields)
  }

  #all(kind: Watched): KubeObject[] {
    return [...(this.#caches.get(kind)?.values() ?? [])].filter((o) => !o.metadata.deletionTimestamp)
  }

  async #reconcileAll(): Promise<void> {
    for (const object of this.#all('prometheuses'))
      await this.#guard(0, object, () => this.#reconcilePrometheus(object))
    for (const object of this.#all('alertmanagers'))
      await this.#guard(1, object, () => this.#reconcileAlertmanager(object))
  }

  async #guard(controller: 0 | 1, object: KubeObject, run: () => Promise<void>): Promise<void> {
    const key = `${object.metadata.namespace}/${object.metadata.name}`
    this.#figures.reconciles[controller]!++
    try {
      await run()
    } catch (error) {
      if (!(error instanceof PodApiError)) throw error
      this.#figures.errors[controller]!++
      this.#log('error', 'klog.go:116', {
        component: 'k8s_client_runtime',
        func: 'ErrorDepth',
        err: `sync ${JSON.stringify(key)} failed: ${error.message}`,
      })
      this.#dirty = true
      await this.#process.sleep(2000)
    }
  }

  /** Objects of a kind that a Prometheus selects: by their labels, and by their namespaces' labels. */
  #selected(
    kind: Watched,
    owner: KubeObject,
    selector: Plain | undefined,
    namespaceSelector: Plain | undefined,
  ): KubeObject[] {
    if (selector === undefined || selector === null) return []
    const namespaces = namespaceSelector
      ? new Set(
          this.#all('namespaces')
            .filter((n) => matchesSelector(namespaceSelector, n.metadata.labels))
            .map((n) => n.metadata.name),
        )
      : new Set([owner.metadata.namespace])
    return this.#all(kind).filter(
      (o) => namespaces.has(o.metadata.namespace ?? '') && matchesSelector(selector, o.metadata.labels),
    )
  }

  async #reconcilePrometheus(prometheus: KubeObject): Promise<void> {
    const { name, namespace } = prometheus.metadata
    const spec = prometheus.spec as Plain
    this.#log('info', 'operator.go:1209', {
      component: 'prometheusoperator',
      key: `${namespace}/${name}`,
      msg: 'sync prometheus',
    })
    const rules = this.#selected('prometheusrules', prometheus, spec.ruleSelector, spec.ruleNamespaceSelector)
    const files: Record<string, string> = {}
    for (const rule of rules) {
      files[`${rule.metadata.namespace}-${rule.metadata.name}.yaml`] = stringify(rule.spec, { lineWidth: 0 })
    }
    const meta = (object: string, labels: Plain = {}) => ({
      name: object,
      namespace,
      labels: { 'managed-by': 'prometheus-operator', ...labels },
      ownerReferences: [ownerOf(prometheus)],
    })
    await this.#put('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: meta(`prometheus-${name}-rulefiles-0`, { 'prometheus-name': name }),
      data: files,
    })
    const config = prometheusConfig(prometheus, {
      serviceMonitors: this.#selected(
        'servicemonitors',
        prometheus,
        spec.serviceMonitorSelector,
        spec.serviceMonitorNamespaceSelector,
      ),
      podMonitors: this.#selected('podmonitors', prometheus, spec.podMonitorSelector, spec.podMonitorNamespaceSelector),
    })
    await this.#put('secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: meta(`prometheus-${name}`),
      data: {
        'prometheus.yaml.gz': base64(
          gzip(encoder.encode(stringify(config, { lineWidth: 0, aliasDuplicateObjects: false }))),
        ),
      },
    })
    await this.#put('secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: meta(`prometheus-${name}-tls-assets`),
      data: {},
    })
    await this.#put('services', governingService(prometheus, 'prometheus'))
    await this.#put('statefulsets', prometheusStatefulSet(prometheus, { reloader: this.#reloader }))
  }

  async #reconcileAlertmanager(alertmanager: KubeObject): Promise<void> {
    const { name, namespace } = alertmanager.metadata
    this.#log('info', 'operator.go:741', {
      component: 'alertmanageroperator',
      key: `${namespace}/${name}`,
      msg: 'sync alertmanager',
    })
    const given = await this.#find(
      `/api/v1/namespaces/${namespace}/secrets/${alertmanager.spec.configSecret ?? `alertmanager-${name}`}`,
    )
    const data = (given?.data as Record<string, string> | undefined) ?? {
      'alertmanager.yaml': btoa('route:\n  receiver: "null"\nreceivers:\n- name: "null"\n'),
    }
    const meta = (object: string) => ({
      name: object,
      namespace,
      labels: { 'managed-by': 'prometheus-operator' },
      ownerReferences: [ownerOf(alertmanager)],
    })
    await this.#put('secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: meta(`alertmanager-${name}-generated`),
      data,
    })
    await this.#put('secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: meta(`alertmanager-${name}-tls-assets`),
      data: {},
    })
    await this.#put('services', governingService(alertmanager, 'alertmanager'))
    await this.#put('statefulsets', alertmanagerStatefulSet(alertmanager, { reloader: this.#reloader }))
  }

  get #reloader(): string {
    return this.#flags.get(
      'prometheus-config-reloader',
      'quay.io/prometheus-operator/prometheus-config-reloader:v0.53.1',
    )
  }

  async #find(path: string): Promise<KubeObject | undefined> {
    try {
      return await this.#api.request('GET', path)
    } catch (error) {
      if (error instanceof PodApiError && error.code === 404) return undefined
      throw error
    }
  }

  /** Creates it, or replaces it when it was made of something else. */
  async #put(resource: string, object: Plain): Promise<void> {
    const { name, namespace } = object.metadata
    const collection = `/${resource === 'statefulsets' ? 'apis/apps/v1' : 'api/v1'}/namespaces/${namespace}/${resource}`
    const hash = hashOf(JSON.stringify(object))
    const wanted = {
      ...object,
      metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [HASH]: hash } },
    }
    const current = await this.#find(`${collection}/${name}`)
    if (!current) {
      await this.#api.request('POST', collection, wanted)
      return
    }
    if (current.metadata.annotations?.[HASH] === hash) return
    const { resourceVersion } = current.metadata
    const kept =
      resource === 'services' ? { clusterIP: current.spec.clusterIP, clusterIPs: current.spec.clusterIPs } : {}
    await this.#api.request('PUT', `${collection}/${name}`, {
      ...wanted,
      metadata: { ...wanted.metadata, resourceVersion },
      ...(object.spec ? { spec: { ...object.spec, ...kept } } : {}),
    })
  }

  /** The Service that stands for all kubelets, so that a ServiceMonitor can find them. */
  async keepKubeletService(): Promise<void> {
    const [namespace, name] = this.#flags.get('kubelet-service', '').split('/')
    if (!namespace || !name) return
    for (;;) {
      try {
        await this.#putKubeletService(namespace, name)
      } catch (error) {
        if (!(error instanceof PodApiError)) throw error
        this.#log('error', 'operator.go:605', {
          component: 'prometheusoperator',
          msg: 'Syncing nodes into Endpoints object failed',
          err: error.message,
        })
      }
      await this.#process.sleep(KUBELET_SYNC)
    }
  }

  async #putKubeletService(namespace: string, name: string): Promise<void> {
    const nodes = await this.#api.request<{ items: KubeObject[] }>('GET', '/api/v1/nodes')
    const labels = {
      'k8s-app': 'kubelet',
      'app.kubernetes.io/name': 'kubelet',
      'app.kubernetes.io/managed-by': 'prometheus-operator',
    }
    const ports = [
      { name: 'https-metrics', port: 10250 },
      { name: 'http-metrics', port: 10255 },
      { name: 'cadvisor', port: 4194 },
    ]
    await this.#put('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels },
      spec: { type: 'ClusterIP', clusterIP: 'None', ports },
    })
    const addresses = nodes.items.map((node) => ({
      ip: node.status.addresses.find((a: Plain) => a.type === 'InternalIP')?.address,
      targetRef: { apiVersion: 'v1', kind: 'Node', name: node.metadata.name, uid: node.metadata.uid },
    }))
    await this.#put('endpoints', {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name, namespace, labels },
      subsets: [{ addresses, ports }],
    })
  }
}

/** FNV-1a, 32 bits, as decimal digits. */
function hashOf(text: string): string {
  let hash = 2_166_136_261
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619) >>> 0
  return String(hash)
}

function base64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
