import { query, type RestRequest, type RestResponse } from '../../../rest/port.ts'
import type { KubeObject } from '../../api/object.ts'
import { type IncludeObject, partialMetadata, tableOf } from '../table.ts'

import type { Call } from './call.ts'

export const JSON_HEADERS = { 'content-type': 'application/json' }

export interface Negotiated {
  as: 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'
}

/** The form the client asks for in its Accept header. */
export function negotiate(request: RestRequest): Negotiated {
  for (const part of (request.headers?.accept ?? '').split(',')) {
    const parameters = new Map(
      part
        .split(';')
        .slice(1)
        .map((p) => p.trim().split('=') as [string, string]),
    )
    const as = parameters.get('as')
    if (as && parameters.get('g') === 'meta.k8s.io' && parameters.get('v') === 'v1')
      return { as: as as Negotiated['as'] }
    if (!as) return { as: 'object' }
  }
  return { as: 'object' }
}

export const include = (request: RestRequest): IncludeObject =>
  (query(request, 'includeObject') as IncludeObject) || 'Metadata'

/** An object as the answer, in the form asked for. */
export function respond(call: Call, object: KubeObject, status = 200): RestResponse {
  const { as } = negotiate(call.request)
  const { resourceVersion } = object.metadata ?? {}
  const isStatus = object.kind === 'Status'
  if (as === 'Table' && !isStatus)
    return {
      status,
      headers: JSON_HEADERS,
      body: tableOf(call.info, [object], {
        now: call.parts.operations.now(),
        include: include(call.request),
        metadata: { resourceVersion },
      }),
    }
  if (as === 'PartialObjectMetadata' && !isStatus)
    return { status, headers: JSON_HEADERS, body: partialMetadata(object) }
  return { status, headers: JSON_HEADERS, body: object }
}
