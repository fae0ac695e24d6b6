import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { HttpMethod, RestPort, RestRequest, RestResponse } from '../sim/rest/port.ts'

export interface HttpDoorOptions {
  /** 0: any free port. */
  port: number
  rest: RestPort
  /** Called after every request, so that the world goes on at once instead of at its next tick. */
  onRequest?: () => void
  /** Largest request body in bytes. */
  maxBody?: number
}

export interface HttpDoor {
  readonly port: number
  close(): Promise<void>
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])

/** Puts a REST port on loopback HTTP for real clients. It never listens on another address. */
export async function openHttpDoor(options: HttpDoorOptions): Promise<HttpDoor> {
  const server = createServer((request, response) => {
    serve(options, request, response).catch((error: unknown) => {
      if (!response.headersSent) refuse(response, 500, error instanceof Error ? error.message : String(error))
      else response.destroy()
    })
  })
  server.on('upgrade', (_request, socket) => {
    const text = 'not simulated: upgraded connections (exec, attach, port-forward) through this door\n'
    socket.end(`HTTP/1.1 501 Not Implemented\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return { port: (server.address() as { port: number }).port, close: () => close(server) }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

async function serve(options: HttpDoorOptions, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const method = incoming.method ?? 'GET'
  if (!METHODS.has(method))
    return refuse(outgoing, 405, 'the server does not allow this method on the requested resource')
  const body = await readBody(incoming, options.maxBody ?? 8 * 1024 * 1024)
  if (body === undefined) return refuse(outgoing, 413, 'Request entity too large: limit is 8388608')
  const url = new URL(incoming.url ?? '/', 'http://localhost')
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value
  const parsed = parseBody(body, headers['content-type'])
  const request: RestRequest = {
    method: method as HttpMethod,
    path: url.pathname,
    query: [...url.searchParams],
    headers,
    ...(parsed === undefined ? {} : { body: parsed }),
  }
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
function parseBody(body: Buffer, contentType: string | undefined): unknown {
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
    headers['content-length'] = String(body.length)
    outgoing.writeHead(response.status, headers)
    outgoing.end(method === 'HEAD' ? undefined : body)
    return
  }
  const { stream } = response
  outgoing.writeHead(response.status, headers)
  outgoing.flushHeaders()
  outgoing.on('close', () => stream.close())
  for await (const item of stream) {
    if (outgoing.destroyed) break
    if (!outgoing.write(encode(item))) await new Promise((resolve) => outgoing.once('drain', resolve))
  }
  outgoing.end()
}

function refuse(outgoing: ServerResponse, code: number, message: string): void {
  const body = JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code })
  outgoing.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  outgoing.end(body)
}
