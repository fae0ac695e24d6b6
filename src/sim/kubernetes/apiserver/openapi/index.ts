import type { RestRequest, RestResponse } from '../../../rest/port.ts'
import type { ResourceRegistry } from '../registry.ts'
import { openApiIndex, openApiV3 } from './document.ts'
import type { Descriptions } from './schemas.ts'

export type { Descriptions }

const JSON_HEADERS = { 'content-type': 'application/json' }

/** /openapi/v3 and /openapi/v2. Undefined for other paths. */
export function openApiPath(
  registry: ResourceRegistry,
  request: RestRequest,
  path: string,
  descriptions: Descriptions | undefined,
): RestResponse | undefined {
  if (path === '/openapi/v3') return { status: 200, headers: JSON_HEADERS, body: openApiIndex(registry) }
  const m = /^\/openapi\/v3\/(?:api\/([^/]+)|apis\/([^/]+)\/([^/]+))$/.exec(path)
  if (m) {
    const body = openApiV3(registry, m[2] ?? '', m[1] ?? m[3] ?? '', descriptions)
    return body && { status: 200, headers: JSON_HEADERS, body }
  }
  if (path !== '/openapi/v2') return undefined
  // A zero-byte body is a valid, empty protobuf document: clients then rely on v3.
  if (request.headers?.accept?.includes('protobuf'))
    return {
      status: 200,
      headers: { 'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf' },
      body: new Uint8Array(0),
    }
  return {
    status: 200,
    headers: JSON_HEADERS,
    body: { swagger: '2.0', info: { title: 'Kubernetes', version: '1.36' }, paths: {}, definitions: {} },
  }
}
