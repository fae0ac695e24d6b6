import { parse as parseYaml } from 'yaml'
import { goJsonProblem } from '../../api/go-json.ts'
import { badRequest, unsupportedMediaType } from '../../api/status-error.ts'

import type { Call } from './call.ts'

/** The body, parsed. */
export function body(call: Call): unknown {
  const { request } = call
  const type = (request.headers?.['content-type'] ?? 'application/json').split(';')[0]!.trim()
  if (
    type === 'application/vnd.kubernetes.protobuf' ||
    (!type.includes('json') && !type.includes('yaml') && type !== '')
  )
    throw unsupportedMediaType(
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    )
  if (!(request.body instanceof Uint8Array)) return request.body
  const text = new TextDecoder().decode(request.body)
  if (type.includes('yaml')) return parseYaml(text)
  const problem = goJsonProblem(text)
  if (problem !== undefined)
    throw badRequest(
      `the object provided is unrecognized (must be of type ${call.info.kind}): couldn't get version/kind; json parse error: ${problem} (${text})`,
    )
  return JSON.parse(text)
}
