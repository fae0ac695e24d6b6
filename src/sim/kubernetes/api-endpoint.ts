import type { Sockets } from '../linux/socket.ts'
import { toText } from '../programs/http/message.ts'
import { type Handled, type ServerRequest, serveHttp } from '../programs/http/server.ts'
import { type Certificate, tlsAccept } from '../programs/http/tls.ts'
import type { HttpMethod, RestPort, RestResponse } from '../rest/port.ts'

const encoder = new TextEncoder()

/** Serves an API port as HTTPS on a machine's socket, so that anything in the simulated network can speak to it. */
export async function serveApi(
  sockets: Sockets,
  port: RestPort,
  at: { address?: string; port: number },
  certificate: Certificate,
): Promise<void> {
  const listener = sockets.listen(at)
  for (;;) {
    const connection = await listener.accept()
    const serve = async () => {
      const session = await tlsAccept(connection, () => certificate)
      if (!session) {
        await connection.write(
          encoder.encode('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'),
        )
        connection.close()
        return
      }
      await serveHttp(connection, (request) => answer(port, request), { reader: session.reader })
    }
    // A client that goes away ends its own connection only.
    serve().catch(() => connection.close())
  }
}

async function answer(port: RestPort, request: ServerRequest): Promise<Handled> {
  const [path = '/', search = ''] = request.target.split('?')
  const headers = Object.fromEntries(request.headers.map(([name, value]) => [name.toLowerCase(), value]))
  const text = toText(request.body)
  const json = /json/.test(headers['content-type'] ?? '') || (text !== '' && !headers['content-type'])
  const response = await port.handle({
    method: request.method as HttpMethod,
    path,
    query: search === '' ? [] : search.split('&').map(decodePair),
    headers,
    ...(text === '' ? {} : { body: json ? parse(text) : text }),
  })
  return toHttp(response)
}

function decodePair(pair: string): [string, string] {
  const at = pair.indexOf('=')
  const decode = (part: string) => decodeURIComponent(part.replaceAll('+', ' '))
  return at < 0 ? [decode(pair), ''] : [decode(pair.slice(0, at)), decode(pair.slice(at + 1))]
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function toHttp({ status, headers, body, stream }: RestResponse): Handled {
  const pairs = Object.entries(headers).map(([name, value]) => [name, value] as const)
  if (stream) {
    const pieces = async function* () {
      for await (const item of stream)
        yield item instanceof Uint8Array ? item : encoder.encode(`${JSON.stringify(item)}\n`)
    }
    return { status, headers: pairs, stream: pieces() }
  }
  const bytes =
    body === undefined
      ? new Uint8Array(0)
      : body instanceof Uint8Array
        ? body
        : encoder.encode(typeof body === 'string' ? body : `${JSON.stringify(body, null, 2)}\n`)
  return { status, headers: pairs, body: bytes }
}
