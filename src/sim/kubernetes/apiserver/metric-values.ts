import { query, type RestRequest, type RestResponse } from '../../rest/port.ts'
import { matchesRequirements, parseSelector } from '../api/label-selector.ts'
import { statusFailure } from '../api/status-error.ts'
import type { ResourceInfo } from './registry.ts'
import type { RequestPath } from './request-path.ts'

/** GET …/pods/web-1/http_requests, or of all with `*`: what a server of custom metrics answers. */
export function metricValues(info: ResourceInfo | undefined, request: RestRequest, target: RequestPath): RestResponse {
  const { namespace, resource, name = '*', subresource = '' } = target
  const selector = query(request, 'labelSelector')
  const labels = selector && name === '*' ? parseSelector(selector) : undefined
  const items = (info?.backend?.table(info.storage).list() ?? []).filter(
    ({ metadata }) =>
      (namespace === undefined || metadata.namespace === namespace) &&
      (name === '*' || metadata.name === name) &&
      (!labels || matchesRequirements(labels, metadata.labels)),
  )
  if (items.length === 0) {
    const whose = name === '*' ? resource : `${resource} ${name}`
    throw statusFailure(404, 'NotFound', `the server could not find the metric ${subresource} for ${whose}`)
  }
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: {
      kind: 'MetricValueList',
      apiVersion: `${target.group}/${target.version}`,
      metadata: {},
      items: items.map(({ describedObject, metricName, timestamp, value, selector: of }) => ({
        describedObject,
        metricName,
        timestamp,
        value,
        selector: of,
      })),
    },
  }
}
