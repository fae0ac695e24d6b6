import { rfc3339 } from '../../../time/date.ts'
import type { KubeObject } from '../../api/object.ts'
import { printQuantity } from '../../api/quantity.ts'
import type { BackendResource } from '../../apiserver/aggregation.ts'
import type { ResourceInfo, ResourceRegistry } from '../../apiserver/registry.ts'
import { Store } from '../../apiserver/store.ts'

/** One entry of `rules:`, which turns series into metrics of objects. */
export interface CustomRule {
  seriesQuery: string
  seriesFilters?: { is?: string; isNot?: string }[]
  resources?: { template?: string; overrides?: Record<string, { group?: string; resource: string }> }
  name?: { matches?: string; as?: string }
  metricsQuery: string
}
export type Series = Record<string, string>
export type Answer = { metric: Series; value: [number, string] }[]

/** A metric of the objects of one resource, and what to ask for it. */
interface Metric {
  /** `pods/http_requests` */
  id: string
  name: string
  series: string
  rule: CustomRule
  info: ResourceInfo
  /** Labels with the object's name and namespace. */
  label: string
  namespaceLabel: string
}

export const CUSTOM_GROUP = 'custom.metrics.k8s.io'

/** What custom.metrics.k8s.io serves: found among Prometheus' series by the rules, asked for again and again. */
export class CustomMetrics {
  readonly store = new Store()
  readonly #rules: readonly CustomRule[]
  readonly #registry: ResourceRegistry
  #metrics: Metric[] = []

  constructor(rules: readonly CustomRule[], registry: ResourceRegistry) {
    this.#rules = rules
    this.#registry = registry
  }

  get resources(): BackendResource[] {
    return this.#metrics.map(({ id, info }) => ({
      resource: id,
      singular: '',
      kind: 'MetricValueList',
      namespaced: info.namespaced,
      verbs: ['get'],
    }))
  }

  /** Which metrics there are. Returns whether others are offered than before. */
  async discover(list: (match: string) => Promise<Series[]>): Promise<boolean> {
    const found = new Map<string, Metric>()
    for (const rule of this.#rules)
      for (const series of await list(rule.seriesQuery)) {
        const name = series.__name__ ?? ''
        if (!isWanted(rule, name)) continue
        const labels = this.#labels(rule, series)
        const namespaceLabel = labels.find(({ info }) => info.name === 'namespaces')?.label ?? 'namespace'
        for (const { label, info } of labels) {
          if (info.namespaced && !(namespaceLabel in series)) continue
          const metric = metricName(rule, name)
          const id = `${info.group ? `${info.resource}.${info.group}` : info.resource}/${metric}`
          if (!found.has(id)) found.set(id, { id, name: metric, series: name, rule, info, label, namespaceLabel })
        }
      }
    const ids = (metrics: Iterable<Metric>) => [...metrics].map(({ id }) => id).join()
    const metrics = [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
    const isOther = ids(metrics) !== ids(this.#metrics)
    this.#metrics = metrics
    return isOther
  }

  /** Labels of a series that name objects of the cluster. */
  #labels(rule: CustomRule, series: Series): { label: string; info: ResourceInfo }[] {
    const { overrides = {}, template } = rule.resources ?? {}
    const resources = this.#registry.all().filter((info) => !info.backend && info.version.startsWith('v1'))
    const named = (word: string, group = '') =>
      resources.find((info) => info.group === group && (info.singular === word || info.resource === word))
    const out = Object.entries(overrides).flatMap(([label, { resource, group }]) => {
      const info = label in series ? named(resource, group) : undefined
      return info ? [{ label, info }] : []
    })
    if (template)
      for (const info of resources) {
        const label = template.replaceAll('<<.Resource>>', info.singular).replaceAll('<<.Group>>', info.group)
        if (label in series && !out.some((each) => each.label === label)) out.push({ label, info })
      }
    return out
  }

  /** Asks for all values anew. */
  async refresh(
    ask: (template: string, series: string, matchers: string, groupBy: string) => Promise<Answer>,
    pods: readonly KubeObject[],
    now: number,
  ): Promise<void> {
    const podsByName = new Map(pods.map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod]))
    for (const { id, name, series, rule, info, label, namespaceLabel } of this.#metrics) {
      const groupBy = info.namespaced ? `${namespaceLabel},${label}` : label
      const matchers = info.namespaced ? `${namespaceLabel}!="",${label}!=""` : `${label}!=""`
      const answer = await ask(rule.metricsQuery, series, matchers, groupBy)
      const table = this.store.table(`${id}.${CUSTOM_GROUP}`)
      for (const { metadata } of table.list()) table.remove(metadata.namespace ?? '', metadata.name)
      for (const { metric, value } of answer) {
        const namespace = info.namespaced ? metric[namespaceLabel] : undefined
        const object = metric[label]
        const amount = Number(value[1])
        if (!object || !Number.isFinite(amount)) continue
        const pod = info.name === 'pods' ? podsByName.get(`${namespace}/${object}`) : undefined
        // What a Pod counted that is gone is of no use to anyone.
        if (info.name === 'pods' && !pod) continue
        table.put({
          apiVersion: `${CUSTOM_GROUP}/v1beta1`,
          kind: 'MetricValue',
          metadata: {
            name: object,
            ...(namespace ? { namespace } : {}),
            ...(pod?.metadata.labels ? { labels: pod.metadata.labels } : {}),
          } as KubeObject['metadata'],
          describedObject: {
            kind: info.kind,
            ...(namespace ? { namespace } : {}),
            name: object,
            apiVersion: `${info.group}/${info.version}`,
          },
          metricName: name,
          timestamp: rfc3339(now),
          value: printQuantity(BigInt(Math.trunc(amount * 1000)) * 1_000_000n, 'DecimalSI'),
          selector: null,
        } as KubeObject)
      }
    }
  }
}

const isWanted = ({ seriesFilters = [] }: CustomRule, name: string): boolean =>
  seriesFilters.every(({ is, isNot }) =>
    is !== undefined ? new RegExp(is).test(name) : isNot === undefined || !new RegExp(isNot).test(name),
  )

/** `matches: ^(.*)_total$` without `as` takes the group, or the whole where there is none. */
function metricName({ name: { matches = '.*', as } = {} }: CustomRule, series: string): string {
  const found = new RegExp(matches).exec(series)
  if (!found) return series
  const into = as || (found.length > 1 ? '$1' : '$0')
  return into.replaceAll(/\$\{?(\d+)\}?/g, (_, i: string) => found[Number(i)] ?? '')
}
