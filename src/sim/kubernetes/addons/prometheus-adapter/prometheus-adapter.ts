import { parse as parseYaml } from 'yaml'
import { SystemError } from '../../../linux/errors.ts'
import type { Process, Program } from '../../../linux/process.ts'
import { Exposition, expositionResponse, processMetrics } from '../../../programs/exposition/exposition.ts'
import { FetchError, HttpAgent } from '../../../programs/http/agent.ts'
import { goFlags, textResponse } from '../../../programs/http/daemon.ts'
import { serveHttp } from '../../../programs/http/server.ts'
import { tlsAccept } from '../../../programs/http/tls.ts'
import { parseDuration } from '../../../programs/prometheus/duration.ts'
import { rfc3339 } from '../../../time/date.ts'
import { defer } from '../../../time/waiting.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { Store } from '../../apiserver/store.ts'
import { addressesOf } from '../addresses.ts'
import { klog } from '../klog.ts'
import { PodApi } from '../pod-api.ts'
import { type Answer, CUSTOM_GROUP, CustomMetrics, type CustomRule, type Series } from './custom-metrics.ts'

interface ResourceRule {
  containerQuery: string
  nodeQuery: string
  containerLabel?: string
  resources: { overrides: Record<string, { resource: string }> }
}
interface AdapterConfig {
  rules?: CustomRule[]
  resourceRules?: { cpu: ResourceRule; memory: ResourceRule; window?: string }
}
/** How often it asks Prometheus, in ms: what metrics.k8s.io then serves. */
const REFRESH = 30_000
/** And for what custom.metrics.k8s.io serves. */
const CUSTOM_REFRESH = 15_000

/** prometheus-adapter: serves metrics.k8s.io and custom.metrics.k8s.io from Prometheus' answers to the queries of its configuration. */
export function prometheusAdapter(server: ApiServer): Program {
  return async (process) => {
    const flags = goFlags(process.argv.slice(1))
    const stopped = defer<number>(process.machine.world.waiting)
    process.on('SIGTERM', () => stopped.resolve(0))
    const started = process.wallClock()
    let api: PodApi
    let config: AdapterConfig
    try {
      api = await PodApi.open(process, server, 'prometheus-adapter')
      config = parseYaml(process.files.readText(flags.get('config', '/etc/adapter/config.yaml'))) as AdapterConfig
    } catch (error) {
      await klog(process, 'F', `adapter.go:286] unable to load metrics discovery config: ${(error as Error).message}`)
      return 255
    }
    process.setMemory(28 * 2 ** 20)
    const port = Number(flags.get('secure-port', '6443'))
    const metrics = new AdapterMetrics(process, api, config, flags.get('prometheus-url', 'https://localhost'))
    await klog(process, 'I', `adapter.go:98] successfully using in-cluster auth`)
    await klog(process, 'I', `secure_serving.go:256] Serving securely on [::]:${port}`)
    const custom = new CustomMetrics(config.rules ?? [], server.operations.registry)
    let unregisterCustom = () => {}
    const offer = () => {
      unregisterCustom()
      unregisterCustom = server.registerBackend(addressesOf(process), port, {
        group: CUSTOM_GROUP,
        version: 'v1beta1',
        resources: custom.resources,
        store: custom.store,
      })
    }
    if (config.rules) offer()
    const unregisterResources = server.registerBackend(addressesOf(process), port, {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      resources: [
        { resource: 'nodes', singular: '', kind: 'NodeMetrics', namespaced: false },
        { resource: 'pods', singular: '', kind: 'PodMetrics', namespaced: true },
      ],
      store: metrics.store,
    })
    const unregister = () => {
      unregisterResources()
      unregisterCustom()
    }
    const certificate = {
      subject: 'CN=localhost',
      issuer: 'CN=localhost-ca',
      names: ['localhost'],
      notBefore: started,
      notAfter: started + 365 * 86_400_000,
      serial: '2',
    }
    const listener = process.net.listen({ port })
    const serve = async () => {
      for (;;) {
        const connection = await listener.accept()
        const one = async () => {
          const session = await tlsAccept(connection, () => certificate)
          if (!session) return connection.close()
          const handler = ({ target }: { target: string }) =>
            target === '/metrics'
              ? expositionResponse(processMetrics(new Exposition(), process, started))
              : textResponse(200, 'ok')
          await serveHttp(connection, handler, { reader: session.reader })
        }
        // A client that goes away ends its own connection only.
        one().catch(() => connection.close())
      }
    }
    const fault = (error: unknown) => stopped.reject(error)
    serve().catch(fault)
    metrics.refreshForEver().catch(fault)
    const relist = parseDuration(flags.get('metrics-relist-interval', '10m')) ?? 600_000
    if (config.rules) metrics.refreshCustom(custom, relist, offer).catch(fault)
    void process.ended.then(unregister)
    try {
      return await stopped.promise
    } finally {
      unregister()
    }
  }
}

class AdapterMetrics {
  readonly store = new Store()
  readonly #process: Process
  readonly #api: PodApi
  readonly #config: AdapterConfig
  readonly #url: string
  readonly #agent: HttpAgent

  constructor(process: Process, api: PodApi, config: AdapterConfig, url: string) {
    this.#process = process
    this.#api = api
    this.#config = config
    this.#url = url.replace(/\/$/, '')
    this.#agent = new HttpAgent(process, 'Go-http-client/1.1')
  }

  async refreshForEver(): Promise<void> {
    for (;;) {
      try {
        await this.#refresh()
      } catch (error) {
        if (error instanceof SystemError || !(error instanceof Error)) throw error
        if (!(error instanceof FetchError) && error.name !== 'Error' && !(error instanceof SyntaxError)) throw error
        await klog(
          this.#process,
          'E',
          `provider.go:145] failed querying node metrics: unable to fetch node CPU metrics: ${error.message}`,
        )
      }
      await this.#process.sleep(REFRESH)
    }
  }

  async refreshCustom(custom: CustomMetrics, relist: number, offer: () => void): Promise<void> {
    const process = this.#process
    let listed = Number.NEGATIVE_INFINITY
    for (;;) {
      try {
        const now = process.wallClock()
        if (now - listed >= relist) {
          const start = Math.floor((now - relist) / 1000)
          const other = await custom.discover((match) =>
            this.#get<Series[]>(`series?match[]=${encodeURIComponent(match)}&start=${start}`),
          )
          listed = now
          if (other) offer()
        }
        const { items } = await this.#api.request<{ items: KubeObject[] }>('GET', '/api/v1/pods')
        const ask = async (template: string, series: string, matchers: string, groupBy: string) => {
          const { result } = await this.#get<{ result: Answer }>(
            `query?query=${encodeURIComponent(fill(template, series, matchers, groupBy))}`,
          )
          return result
        }
        await custom.refresh(ask, items, process.wallClock())
      } catch (error) {
        if (error instanceof SystemError || !(error instanceof Error)) throw error
        if (!(error instanceof FetchError) && error.name !== 'Error' && !(error instanceof SyntaxError)) throw error
        await klog(process, 'E', `provider.go:229] unable to update list of all metrics: ${error.message}`)
      }
      await process.sleep(CUSTOM_REFRESH)
    }
  }

  async #get<T>(path: string): Promise<T> {
    const { text } = await this.#agent.fetch(`${this.#url}/api/v1/${path}`)
    const body = JSON.parse(text) as { status: string; error?: string; data: T }
    if (body.status !== 'success') throw new FetchError(`bad_data: ${body.error}`)
    return body.data
  }

  async #ask(template: string, matchers: string, groupBy: string): Promise<Answer> {
    const { result } = await this.#get<{ result: Answer }>(
      `query?query=${encodeURIComponent(fill(template, '', matchers, groupBy))}`,
    )
    return result
  }

  async #refresh(): Promise<void> {
    const rules = this.#config.resourceRules
    if (!rules) return
    const labelOf = (rule: ResourceRule, resource: string) =>
      Object.entries(rule.resources.overrides).find(([, of]) => of.resource === resource)?.[0] ?? resource
    const nodes = await this.#api.request<{ items: KubeObject[] }>('GET', '/api/v1/nodes')
    const pods = await this.#api.request<{ items: KubeObject[] }>('GET', '/api/v1/pods')
    const names = nodes.items.map((n) => n.metadata.name).join('|')
    const perNode = async (rule: ResourceRule) => {
      const label = labelOf(rule, 'node')
      const answer = await this.#ask(rule.nodeQuery, `${label}=~"${names}"`, label)
      return new Map(answer.map(({ metric, value }) => [metric[label] ?? '', Number(value[1])]))
    }
    const perContainer = async (rule: ResourceRule) => {
      const container = rule.containerLabel ?? 'container'
      const answer = await this.#ask(rule.containerQuery, 'namespace!=""', `namespace,pod,${container}`)
      return new Map(
        answer.map(({ metric, value }) => [`${metric.namespace}/${metric.pod}/${metric[container]}`, Number(value[1])]),
      )
    }
    const [nodeCpu, nodeMemory] = [await perNode(rules.cpu), await perNode(rules.memory)]
    const [cpu, memory] = [await perContainer(rules.cpu), await perContainer(rules.memory)]
    const timestamp = rfc3339(this.#process.wallClock())
    const describe = (kind: string, { metadata }: KubeObject, rest: object) => ({
      apiVersion: 'metrics.k8s.io/v1beta1',
      kind,
      metadata: {
        uid: '',
        resourceVersion: '',
        name: metadata.name,
        ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
        creationTimestamp: timestamp,
        ...(metadata.labels ? { labels: metadata.labels } : {}),
      },
      timestamp,
      window: rules.window ?? '1m0s',
      ...rest,
    })
    const usage = (cores: number, bytes: number) => ({
      cpu: `${Math.max(0, Math.round(cores * 1000))}m`,
      memory: `${Math.ceil(bytes / 1024)}Ki`,
    })
    replace(
      this.store,
      'nodes.metrics.k8s.io',
      nodes.items.flatMap((node) => {
        const [cores, bytes] = [nodeCpu.get(node.metadata.name), nodeMemory.get(node.metadata.name)]
        return cores === undefined || bytes === undefined
          ? []
          : [describe('NodeMetrics', node, { usage: usage(cores, bytes) })]
      }),
    )
    replace(
      this.store,
      'pods.metrics.k8s.io',
      pods.items.flatMap((pod) => {
        const key = `${pod.metadata.namespace}/${pod.metadata.name}`
        const containers = pod.spec.containers.flatMap(({ name }: { name: string }) => {
          const [cores, bytes] = [cpu.get(`${key}/${name}`), memory.get(`${key}/${name}`)]
          return cores === undefined || bytes === undefined ? [] : [{ name, usage: usage(cores, bytes) }]
        })
        return containers.length < pod.spec.containers.length ? [] : [describe('PodMetrics', pod, { containers })]
      }),
    )
  }
}

const fill = (template: string, series: string, matchers: string, groupBy: string): string =>
  template
    .replaceAll('<<.Series>>', series)
    .replaceAll('<<.LabelMatchers>>', matchers)
    .replaceAll('<<.GroupBy>>', groupBy)

function replace(store: Store, name: string, objects: readonly object[]): void {
  const table = store.table(name)
  for (const { metadata } of table.list()) table.remove(metadata.namespace ?? '', metadata.name)
  for (const object of objects) {
    const { metadata } = table.put(object as KubeObject) as { metadata: Partial<KubeObject['metadata']> }
    // The API serves these without either.
    delete metadata.uid
    delete metadata.resourceVersion
  }
}
