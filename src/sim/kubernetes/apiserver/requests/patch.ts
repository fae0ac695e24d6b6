import { parse as parseYaml } from 'yaml'
import { query, type RestResponse } from '../../../rest/port.ts'
import type { PatchType } from '../../api/client.ts'
import { goJsonProblem } from '../../api/go-json.ts'
import { badRequest, methodNotSupported, unsupportedMediaType } from '../../api/status-error.ts'
import { patchObject } from '../patch/patch-object.ts'
import { respond } from './answer.ts'
import type { Call } from './call.ts'

const PATCH_TYPES: Record<string, PatchType> = {
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/json-patch+json': 'json',
  'application/apply-patch+yaml': 'apply',
}

/** A patch that came as bytes: no JSON, or YAML. */
function patchBody(body: unknown, type: PatchType): unknown {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return body
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  if (type === 'apply') {
    try {
      return parseYaml(text)
    } catch (error) {
      throw badRequest(`error decoding YAML: ${(error as Error).message}`)
    }
  }
  const problem = goJsonProblem(text)
  if (problem !== undefined) throw badRequest(type === 'json' ? `error decoding patch: ${problem}` : problem)
  return JSON.parse(text)
}

export function patch(call: Call): RestResponse {
  const { parts, info, target, namespace, options, request } = call
  const { name, subresource = '' } = target
  if (name === undefined) throw methodNotSupported(info, 'patch')
  const contentType = (request.headers?.['content-type'] ?? '').split(';')[0]!
  const type = PATCH_TYPES[contentType]
  if (!type)
    throw unsupportedMediaType(
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml, application/apply-patch+cbor',
    )
  const { object, created } = patchObject(
    parts.operations,
    info,
    namespace,
    name,
    patchBody(request.body, type),
    { type, subresource, force: query(request, 'force') === 'true' },
    options,
  )
  return respond(call, object, created ? 201 : 200)
}
