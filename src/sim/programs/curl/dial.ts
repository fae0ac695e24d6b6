import type { Process } from '../../linux/process.ts'
import type { Connection } from '../../linux/socket.ts'
import type { HttpMethod, RestResponse } from '../../rest/port.ts'
import { type Headers, reasonPhrase, toBytes } from '../http/message.ts'
import { CurlError, type Transfer } from './transfer.ts'
import type { Url } from './url.ts'

/** Asks a server that the machine reaches by origin: a unix socket. */
export async function dialPort(
  process: Process,
  origin: string,
  url: Url,
  request: { method: string; headers: Headers; body?: Uint8Array },
): Promise<Transfer> {
  const port = process.machine.dial(origin)
  if (!port)
    throw new CurlError(7, `Failed to connect to ${url.host} port ${url.port} after 0 ms: Couldn't connect to server`)
  const at = url.target.indexOf('?')
  const path = at < 0 ? url.target : url.target.slice(0, at)
  const query =
    at < 0
      ? []
      : url.target
          .slice(at + 1)
          .split('&')
          .filter(Boolean)
          .map(pair)
  const headers = Object.fromEntries(request.headers.map(([name, value]) => [name.toLowerCase(), value]))
  const answer = await port.handle({
    method: request.method as HttpMethod,
    path,
    query,
    headers,
    ...(request.body ? { body: parsed(request.body) } : {}),
  })
  return {
    address: origin,
    connection: { close: () => answer.stream?.close() } as unknown as Connection,
    response: {
      version: 'HTTP/1.1',
      status: answer.status,
      reason: reasonPhrase(answer.status),
      headers: Object.entries(answer.headers).map(
        ([name, value]) => [name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()), value] as const,
      ),
      framing: { kind: 'none' },
      body: bodyOf(answer),
    },
  }
}

function pair(text: string): readonly [string, string] {
  const [name = '', ...rest] = text.split('=')
  const decode = (part: string) => decodeURIComponent(part.replace(/\+/g, ' '))
  return [decode(name), decode(rest.join('='))]
}

function parsed(body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body)
  try {
    return JSON.parse(text)
  } catch {
    return body
  }
}

async function* bodyOf({ body, stream }: RestResponse): AsyncGenerator<Uint8Array> {
  const bytes = (value: unknown) =>
    value instanceof Uint8Array ? value : toBytes(typeof value === 'string' ? value : `${JSON.stringify(value)}\n`)
  if (body !== undefined) yield bytes(body)
  if (stream) for await (const item of stream) yield bytes(item)
}
