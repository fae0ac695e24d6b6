import type { RestResponse } from '../../../rest/port.ts'
import { methodNotSupported } from '../../api/status-error.ts'
import { isReview, review } from '../auth/reviews.ts'
import { decodeObject } from '../operations/decode-object.ts'
import { createSubresource, updateScale } from '../subresources/index.ts'
import { respond } from './answer.ts'
import { body } from './body.ts'
import type { Call } from './call.ts'

export function create(call: Call): RestResponse {
  const { parts, info, target, namespace, options } = call
  if (target.name !== undefined) {
    if (!target.subresource) throw methodNotSupported(info, 'create')
    return respond(
      call,
      createSubresource(parts.operations, info, namespace, target.name, target.subresource, body(call), options),
      201,
    )
  }
  if (isReview(info)) return respond(call, review(parts.operations, info, namespace, body(call), options), 201)
  const created = parts.operations.create(info, info.namespaced ? namespace : undefined, body(call), options)
  return respond(call, created, 201)
}

export function put(call: Call): RestResponse {
  const { parts, info, target, namespace, options } = call
  const { name, subresource = '' } = target
  if (name === undefined) throw methodNotSupported(info, 'update')
  const given = body(call) as object
  if (subresource === 'scale')
    return respond(
      call,
      updateScale(parts.operations, info, namespace, name, () => given, options),
    )
  const updated = parts.operations.update(
    info,
    namespace,
    name,
    () => decodeObject(info, given, options),
    options,
    subresource,
  )
  return respond(call, updated)
}
