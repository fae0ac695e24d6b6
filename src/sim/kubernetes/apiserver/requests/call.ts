import type { RestRequest } from '../../../rest/port.ts'
import type { ResourceInfo } from '../registry.ts'
import type { CallOptions } from '../request-context.ts'
import type { RequestPath } from '../request-path.ts'
import type { ServerParts } from '../server.ts'

/** One request for a resource, with what its path and query say. */
export interface Call {
  parts: ServerParts
  request: RestRequest
  target: RequestPath
  info: ResourceInfo
  options: CallOptions
  namespace: string | undefined
}
