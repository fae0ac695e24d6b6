import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { HttpMethod, RestPort, RestRequest, RestResponse } from '../sim/rest/port.ts'

/** A connection that the client asks to use for something else than HTTP. */
export interface Upgrade {
  request: RestRequest
  incoming: IncomingMessage
  socket: Duplex
  /** What came after the request's head. */
  head: Buffer
}

export interface HttpDoorOptions {
  /** 0: any free port. */
  port: number
  rest: RestPort
  /** Called after every request, so that the world goes on at once instead of at its next tick. */
  onRequest?: () => void
  /** Largest request body in bytes. */
  maxBody?: number
  /** What a refusal of the door itself looks like; a Kubernetes Status unless told. */
  refusal?: (code: number, message: string) => unknown
  /** Takes upgraded connections over; without it they are refused. */
  upgrade?: (upgrade: Upgrade) => Promise<void>
}

export interface HttpDoor {
  readonly port: number
  close(): Promise<void>
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
const MAX_BODY = 8 * 1024 * 1024

/** Puts a REST port on loopback HTTP for real clients. It never listens on another address. */
export async function openHttpDoor(options: HttpDoorOptions): Promise<HttpDoor> {
  const server = createServer((request, response) => {
    serve(options, request, response).catch((error: unknown) => {
      if (!response.headersSent) refuse(options, response, 500, error instanceof Error ? error.message : String(error))
      else response.destroy()
    })
  })
  const upgraded = new Set<Duplex>()
  server.on('upgrade', (incoming, socket, head) => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    // A client may go away at any moment.
    socket.on('error', () => socket.destroy())
    const request = toRequest(incoming, undefined)
    if (!request) refuseUpgrade(socket, 400, 'Bad Request')
    else if (!options.upgrade) refuseUpgrade(socket, 501, 'not simulated: upgraded connections through this door')
    else
      options.upgrade({ request, incoming, socket, head }).catch((error: unknown) => {
        refuseUpgrade(socket, 500, error instanceof Error ? error.message : String(error))
      })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as { port: number }).port,
    close: () => {
      for (const socket of upgraded) socket.destroy()
      return close(server)
    },
  }
}

/** Ends a connection that was to be upgraded with an ordinary answer. */
export function refuseUpgrade(socket: Duplex, status: number, text: string, type = 'text/plain'): void {
  if (!socket.writable) return
  const body = Buffer.from(text.endsWith('\n') ? text : `${text}\n`)
  socket.end(
    `HTTP/1.1 ${status} ${status === 501 ? 'Not Implemented' : 'Refused'}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  )
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** Undefined when the address is no address. */
function toRequest(incoming: IncomingMessage, body: unknown): RestRequest | undefined {
  let url: URL
  try {
    url = new URL(`http://localhost${incoming.url}`)
    for (const segment of url.pathname.split('/')) decodeURIComponent(segment)
  } catch {
    return undefined
  }
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  return {
    method: (incoming.method ?? 'GET') as HttpMethod,
    path: url.pathname,
    query: [...url.searchParams],
    headers,
    ...(body === undefined ? {} : { body }),
  }
}

async function serve(options: HttpDoorOptions, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const method = incoming.method ?? 'GET'
  if (!METHODS.has(method))
    return refuse(options, outgoing, 405, 'the server does not allow this method on the requested resource')
  const limit = options.maxBody ?? MAX_BODY
  const bytes = await readBody(incoming, limit)
  if (bytes === undefined) return refuse(options, outgoing, 413, `Request entity too large: limit is ${limit}`)
  const request = toRequest(incoming, parseBody(bytes, incoming.headers['content-type']))
  if (!request) return refuse(options, outgoing, 400, 'Bad Request')
  const response = await options.rest.handle(request)
  options.onRequest?.()
  await send(response, outgoing, method)
}

async function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of incoming) {
    length += (part as Buffer).length
    if (length > limit) return undefined
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts)
}

/** JSON becomes a value; anything else stays bytes. A body that is no JSON stays bytes too, for the server to refuse. */
export function parseBody(body: Buffer, contentType: string | undefined): unknown {
  if (body.length === 0) return undefined
  const bytes = new Uint8Array(body.buffer, body.byteOffset, body.length)
  if (contentType && !/json|apply-patch\+yaml/.test(contentType)) return bytes
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return bytes
  }
}

function encode(body: unknown): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body)
  if (typeof body === 'string') return Buffer.from(body)
  return Buffer.from(`${JSON.stringify(body)}\n`)
}

async function send(response: RestResponse, outgoing: ServerResponse, method: string): Promise<void> {
  const headers: Record<string, string> = { ...response.headers }
  if (!response.stream) {
    const body = response.body === undefined ? Buffer.alloc(0) : encode(response.body)
    if (response.status !== 204 && response.status !== 304) headers['content-length'] = String(body.length)
    outgoing.writeHead(response.status, headers)
    outgoing.end(method === 'HEAD' ? undefined : body)
    return
  }
  const { stream } = response
  outgoing.writeHead(response.status, headers)
  outgoing.flushHeaders()
  const gone = new Promise<void>((resolve) => {
    outgoing.on('close', () => {
      stream.close()
      resolve()
    })
  })
  for await (const item of stream) {
    if (outgoing.destroyed) break
    if (!outgoing.write(encode(item)))
      await Promise.race([gone, new Promise((resolve) => outgoing.once('drain', resolve))])
  }
  outgoing.end()
}

const asStatus = (code: number, message: string) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  code,
})

function refuse({ refusal = asStatus }: HttpDoorOptions, outgoing: ServerResponse, code: number, message: string) {
  const body = JSON.stringify(refusal(code, message))
  // What is left of the request is not read.
  outgoing.writeHead(code, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  })
  outgoing.end(body)
}
