import type { RestRequest } from '../../../rest/port.ts'
import { badRequest } from '../../api/status-error.ts'
import { decodeProtobuf, ProtobufError } from './decode.ts'

const TYPE = 'application/vnd.kubernetes.protobuf'

export const isProtobuf = (request: RestRequest): boolean =>
  request.body instanceof Uint8Array && (request.headers?.['content-type'] ?? '').startsWith(TYPE)

let messages: Parameters<typeof decodeProtobuf>[0] | undefined

/** The same request with a JSON body. The table of field numbers is read the first time it is needed. */
export async function withJsonBody(request: RestRequest): Promise<RestRequest> {
  if (!messages) {
    const { default: text } = await import('../../api/data/protobuf.ts')
    messages = JSON.parse(text)
  }
  try {
    const body = decodeProtobuf(messages!, request.body as Uint8Array)
    return { ...request, headers: { ...request.headers, 'content-type': 'application/json' }, body }
  } catch (error) {
    if (error instanceof ProtobufError) throw badRequest(error.message)
    throw error
  }
}
