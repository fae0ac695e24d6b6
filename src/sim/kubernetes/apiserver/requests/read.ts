import type { RestResponse } from '../../../rest/port.ts'
import { scaleOf } from '../subresources/index.ts'
import { scaleTable } from '../table.ts'
import { include, JSON_HEADERS, negotiate, respond } from './answer.ts'
import type { Call } from './call.ts'

export function get(call: Call): RestResponse {
  const { parts, info, target, namespace } = call
  const object = parts.operations.read(info, namespace, target.name!)
  if (target.subresource === 'scale') {
    const scale = scaleOf(info, object)
    const { as } = negotiate(call.request)
    return as === 'Table'
      ? { status: 200, headers: JSON_HEADERS, body: scaleTable(scale, parts.operations.now(), include(call.request)) }
      : respond(call, scale)
  }
  return respond(call, object)
}
