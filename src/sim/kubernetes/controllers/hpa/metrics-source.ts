import type { ApiClient, LabelSelector } from '../../api/client.ts'
import { ApiError, type KubeObject } from '../../api/object.ts'
import { milliValue, quantityValue } from '../../api/quantity.ts'

/** Per Pod, in thousandths of a core or of a byte. */
export type PodMetrics = Map<string, number>

const RESOURCE_API = 'unable to fetch metrics from resource metrics API'
const CUSTOM_API = 'unable to fetch metrics from custom metrics API'
const EXTERNAL_API = 'unable to fetch metrics from external metrics API'

/** What metrics.k8s.io says of the selected Pods. Throws an Error with the client's words. */
export function podMetrics(
  api: ApiClient,
  namespace: string,
  labels: LabelSelector,
  resource: string,
  container?: string,
): PodMetrics {
  let items: readonly KubeObject[]
  try {
    items = api.list('pods.metrics.k8s.io', { namespace, labels })
  } catch (error) {
    throw new Error(
      `unable to get metrics for resource ${resource}: ${RESOURCE_API}: ${words(error, 'get pods.metrics.k8s.io')}`,
    )
  }
  if (items.length === 0)
    throw new Error(`unable to get metrics for resource ${resource}: no metrics returned from resource metrics API`)
  const out: PodMetrics = new Map()
  for (const { metadata, containers = [] } of items) {
    const own = container ? containers.filter((c: any) => c.name === container) : containers
    if (own.length === 0 || own.some((c: any) => c.usage?.[resource] === undefined)) continue
    out.set(
      metadata.name,
      own.reduce((sum: number, c: any) => sum + thousandths(resource, c.usage[resource]), 0),
    )
  }
  return out
}

/** A quantity as it is counted here. */
export function thousandths(resource: string, quantity: string): number {
  return resource === 'cpu' ? milliValue(quantity) : quantityValue(quantity) * 1000
}

/** What custom.metrics.k8s.io says of the selected objects, by name, in thousandths. Throws an Error with the client's words. */
export function customMetrics(
  api: ApiClient,
  { namespace, resource, name, metric, labels }: CustomMetricQuery,
): PodMetrics {
  const what = `${resource}/${metric}.custom.metrics.k8s.io`
  let items: readonly KubeObject[] = []
  try {
    items = api.list(what, { namespace, ...(labels ? { labels } : {}) })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    // Without a server of the group the client does not even find the resource; with one, there is no such metric.
    if (!api.servesGroup('custom.metrics.k8s.io'))
      throw new Error(
        `unable to get metric ${metric}: ${CUSTOM_API}: ${words(error, `get ${resource}.custom.metrics.k8s.io`)}`,
      )
  }
  const found = items.filter(({ metadata }) => name === undefined || metadata.name === name)
  if (found.length === 0) {
    const whose = name === undefined ? resource : `${resource} ${name}`
    throw new Error(
      `unable to get metric ${metric}: ${CUSTOM_API}: the server could not find the metric ${metric} for ${whose}`,
    )
  }
  return new Map(found.map(({ metadata, value }) => [metadata.name, milliValue(value)]))
}

interface CustomMetricQuery {
  namespace: string
  /** `pods`, `services` */
  resource: string
  /** One object, or all that the labels select. */
  name?: string
  labels?: LabelSelector
  metric: string
}

/** No adapter serves this API; the words are those of a cluster without one. */
export function externalMetricProblem(namespace: string, name: string, selector: string): string {
  return `unable to get external metric ${namespace}/${name}/${selector}: ${EXTERNAL_API}: the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`
}

function words(error: unknown, request: string): string {
  const message = error instanceof ApiError ? error.message : String(error)
  return /^the server (could not find the requested resource|is currently unable to handle the request)$/.test(message)
    ? `${message} (${request})`
    : message
}
