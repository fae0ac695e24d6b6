import type { Connection } from '../../linux/socket.ts'
import { type HttpRequest, type HttpResponse, header, reasonPhrase, toBytes } from './message.ts'
import { ByteReader, bodyFraming, collect, HttpParseError, readBody, readHeaders } from './reader.ts'

export interface ServerRequest extends HttpRequest {
  readonly connection: Connection
}

/** A body that comes in pieces (a watch, a followed log); sent chunked. */
export interface StreamedResponse extends Omit<HttpResponse, 'body'> {
  stream: AsyncIterable<Uint8Array>
}

/** What a handler gives back; undefined when it took the connection over or dropped it. */
export type Handled = HttpResponse | StreamedResponse | undefined

export interface ServeOptions {
  /** Answer to a message that is not HTTP. */
  badRequest?: () => HttpResponse
  /** Requests on one connection before it is closed. */
  maxRequests?: number
  reader?: ByteReader
}

/** Serves requests on one connection until either side closes it. */
export async function serveHttp(
  connection: Connection,
  handler: (request: ServerRequest) => Promise<Handled> | Handled,
  options: ServeOptions = {},
): Promise<void> {
  const reader = options.reader ?? new ByteReader(connection)
  try {
    for (let served = 0; served < (options.maxRequests ?? 1000); served++) {
      const request = await readRequest(reader, connection)
      if (!request) break
      const response = await handler({ ...request, connection })
      if (!response) return
      const keepAlive = wantsKeepAlive(request) && header(response.headers, 'connection')?.toLowerCase() !== 'close'
      await writeResponse(connection, request, response, keepAlive)
      if (!keepAlive) break
    }
  } catch (error) {
    if (!(error instanceof HttpParseError)) throw error
    const response = options.badRequest?.() ?? { status: 400, headers: [], body: '' }
    await writeResponse(connection, undefined, response, false)
  } finally {
    connection.close()
  }
}

async function readRequest(reader: ByteReader, connection: Connection): Promise<HttpRequest | undefined> {
  let line = await reader.line()
  while (line === '') line = await reader.line()
  if (line === undefined) return undefined
  const parts = line.split(' ')
  if (parts.length !== 3 || !/^[A-Z]+$/.test(parts[0]!) || !/^HTTP\/1\.[01]$/.test(parts[2]!))
    throw new HttpParseError(`invalid request line: ${line}`)
  const headers = await readHeaders(reader)
  if (header(headers, 'expect')?.toLowerCase() === '100-continue')
    await connection.write(toBytes('HTTP/1.1 100 Continue\r\n\r\n'))
  const body = await collect(readBody(reader, bodyFraming(headers, 'none')))
  return { method: parts[0]!, target: parts[1]!, version: parts[2]!, headers, body }
}

export function wantsKeepAlive(request: Pick<HttpRequest, 'headers' | 'version'>): boolean {
  const wish = header(request.headers, 'connection')?.toLowerCase()
  return request.version === 'HTTP/1.1' ? wish !== 'close' : wish === 'keep-alive'
}

async function writeResponse(
  connection: Connection,
  request: HttpRequest | undefined,
  response: HttpResponse | StreamedResponse,
  keepAlive: boolean,
): Promise<void> {
  const reason = response.reason ?? (reasonPhrase(response.status) || undefined)
  const lines = [`HTTP/1.1 ${response.status}${reason === undefined ? '' : ` ${reason}`}`]
  for (const [name, value] of response.headers) lines.push(`${name}: ${value}`)
  const given = (name: string) => header(response.headers, name) !== undefined
  const streamed = 'stream' in response
  const body = streamed ? new Uint8Array(0) : toBytes(response.body)
  const bodyless = request?.method === 'HEAD' || response.status === 204 || response.status === 304
  if (streamed) lines.push('Transfer-Encoding: chunked')
  else if (
    !given('content-length') &&
    !given('transfer-encoding') &&
    !response.untilClose &&
    response.status !== 204 &&
    response.status !== 304
  )
    lines.push(`Content-Length: ${body.length}`)
  if (!given('connection')) {
    if (!keepAlive) lines.push('Connection: close')
    else if (request?.version === 'HTTP/1.0') lines.push('Connection: keep-alive')
  }
  const head = toBytes(`${lines.join('\r\n')}\r\n\r\n`)
  if (!streamed) {
    const whole = new Uint8Array(head.length + (bodyless ? 0 : body.length))
    whole.set(head)
    if (!bodyless) whole.set(body, head.length)
    await connection.write(whole)
    return
  }
  await connection.write(head)
  for await (const piece of response.stream) {
    if (piece.length === 0) continue
    await connection.write(toBytes(`${piece.length.toString(16)}\r\n`))
    await connection.write(piece)
    await connection.write(toBytes('\r\n'))
  }
  await connection.write(toBytes('0\r\n\r\n'))
}
