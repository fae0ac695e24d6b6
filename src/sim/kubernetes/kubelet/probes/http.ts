import { SystemError } from '../../../linux/errors.ts'
import type { Connection } from '../../../linux/socket.ts'
import { sendRequest } from '../../../programs/http/client.ts'
import { toText } from '../../../programs/http/message.ts'
import { collect } from '../../../programs/http/reader.ts'
import { tlsConnect } from '../../../programs/http/tls.ts'
import type { NodeServices } from '../node.ts'
import type { Container } from '../pod.ts'

export interface HttpRequest {
  host: string
  port: number
  path: string
  scheme: string
  headers: readonly { name: string; value: string }[]
  /** ms */
  timeout?: number
}

/** A port given by number, or by the name of one of the container's ports. */
export function portNumber(port: string | number, container: Container): number {
  if (typeof port === 'number') return port
  const named = container.ports?.find((p) => p.name === port)
  const number = named?.containerPort ?? Number(port)
  if (!(number > 0 && number < 65_536)) throw new Error(`couldn't find port: ${JSON.stringify(port)}`)
  return number
}

/** One GET over the simulated network, as the kubelet's prober does it. Rejects with Go's words. */
export async function httpGet(node: NodeServices, request: HttpRequest): Promise<{ status: number; body: string }> {
  const { host, port, scheme } = request
  const path = request.path.startsWith('/') ? request.path : `/${request.path}`
  const url = `${scheme.toLowerCase()}://${host}:${port}${path}`
  const failed = (words: string) => new Error(`Get ${JSON.stringify(url)}: ${words}`)
  if (!node.host) return { status: 200, body: '' }
  const timer = node.deadline(request.timeout ?? 30_000)
  let connection: Connection | undefined
  const work = async () => {
    connection = await node.host!.net.connect({ address: host, port }, { timeout: request.timeout ?? 30_000 })
    return exchange(connection, scheme, path, `${host}:${port}`, request.headers)
  }
  try {
    const answer = await Promise.race([work(), timer.expired])
    if (answer === 'expired') throw failed('context deadline exceeded (Client.Timeout exceeded while awaiting headers)')
    if (!answer) throw failed('EOF')
    return answer
  } catch (error) {
    if (error instanceof SystemError) throw failed(dialWords(error, host, port))
    throw error
  } finally {
    timer.cancel()
    connection?.close()
  }
}

/** `dial tcp 10.10.1.5:80: connect: connection refused` */
export function dialWords(error: SystemError, host: string, port: number): string {
  if (error.code === 'ECONNRESET') return `read tcp ${host}:${port}: read: connection reset by peer`
  if (error.code === 'ETIMEDOUT') return 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
  return `dial tcp ${host}:${port}: connect: ${error.message.toLowerCase()}`
}

async function exchange(
  connection: Connection,
  scheme: string,
  path: string,
  authority: string,
  extra: HttpRequest['headers'],
) {
  const session = scheme === 'HTTPS' ? await tlsConnect(connection, authority) : undefined
  if (scheme === 'HTTPS' && !session) throw new Error('http: server gave HTTP response to HTTPS client')
  const host = extra.find((h) => h.name.toLowerCase() === 'host')?.value ?? authority
  const headers: [string, string][] = [
    ['Host', host],
    ['User-Agent', 'kube-probe/1.36'],
    ['Accept', '*/*'],
    ...extra.filter((h) => h.name.toLowerCase() !== 'host').map((h) => [h.name, h.value] as [string, string]),
    ['Connection', 'close'],
  ]
  const response = await sendRequest(connection, { method: 'GET', target: path, headers }, session?.reader)
  if (!response) return undefined
  return { status: response.status, body: toText(await collect(response.body)) }
}
