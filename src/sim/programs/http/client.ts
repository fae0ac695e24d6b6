import type { Connection } from '../../linux/socket.ts'
import { type Headers, header, toBytes } from './message.ts'
import { type BodyFraming, ByteReader, bodyFraming, HttpParseError, readBody, readHeaders } from './reader.ts'

export interface ClientRequest {
  method: string
  target: string
  headers: Headers
  body?: Uint8Array | string
  /** HTTP/1.1 unless told. */
  version?: string
}

export interface ClientResponse {
  version: string
  status: number
  reason: string
  headers: Headers
  framing: BodyFraming
  /** Read it to its end before the connection is used again. */
  body: AsyncIterable<Uint8Array>
}

/** The bytes of a request, without adding headers beyond the body's length. */
export function encodeRequest(request: ClientRequest): Uint8Array {
  const body = request.body === undefined ? undefined : toBytes(request.body)
  const lines = [`${request.method} ${request.target} ${request.version ?? 'HTTP/1.1'}`]
  for (const [name, value] of request.headers) lines.push(`${name}: ${value}`)
  if (body && header(request.headers, 'content-length') === undefined) lines.push(`Content-Length: ${body.length}`)
  const head = toBytes(`${lines.join('\r\n')}\r\n\r\n`)
  if (!body) return head
  const whole = new Uint8Array(head.length + body.length)
  whole.set(head)
  whole.set(body, head.length)
  return whole
}

/** Sends one request and reads the answer's head. Undefined: the server closed without an answer. */
export async function sendRequest(
  connection: Connection,
  request: ClientRequest,
  reader = new ByteReader(connection),
): Promise<ClientResponse | undefined> {
  await connection.write(encodeRequest(request))
  return readResponse(reader, request.method)
}

export async function readResponse(reader: ByteReader, method: string): Promise<ClientResponse | undefined> {
  for (;;) {
    const line = await reader.line()
    if (line === undefined) return undefined
    const match = /^(HTTP\/\d(?:\.\d)?) (\d{3})(?: (.*))?$/.exec(line)
    if (!match) throw new HttpParseError(`not HTTP: ${line.slice(0, 80)}`)
    const headers = await readHeaders(reader)
    const status = Number(match[2])
    if (status >= 100 && status < 200 && status !== 101) continue
    const bodyless = method === 'HEAD' || status === 204 || status === 304
    const framing: BodyFraming = bodyless ? { kind: 'none' } : bodyFraming(headers, 'close')
    return { version: match[1]!, status, reason: match[3] ?? '', headers, framing, body: readBody(reader, framing) }
  }
}
