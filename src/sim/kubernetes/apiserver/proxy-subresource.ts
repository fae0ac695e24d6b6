import { SystemError } from '../../linux/errors.ts'
import type { Connection } from '../../linux/socket.ts'
import { sendRequest } from '../../programs/http/client.ts'
import { ByteReader, collect, HttpParseError } from '../../programs/http/reader.ts'
import { tlsConnect } from '../../programs/http/tls.ts'
import type { RestRequest, RestResponse } from '../../rest/port.ts'
import type { PortForwardStream } from '../api/kubelet-port.ts'
import type { KubeObject } from '../api/object.ts'
import { badRequest, notFound, pathNotFound, statusFailure } from '../api/status-error.ts'
import type { ResourceInfo } from './registry.ts'
import type { RequestPath } from './request-path.ts'
import type { ServerParts } from './server.ts'

/** Where a proxied request goes. */
interface Place {
  scheme: string
  pod: KubeObject
  port: number
}

const unavailable = (message: string) => statusFailure(503, 'ServiceUnavailable', message, {})

/** `proxy` of Pods, Services and Nodes: an HTTP request that the API server passes on, and what came back. */
export async function proxySubresource(
  parts: ServerParts,
  request: RestRequest,
  target: RequestPath,
  info: ResourceInfo,
): Promise<RestResponse> {
  if (info.name === 'nodes') return nodeProxy(parts, request, target)
  const place = info.name === 'services' ? servicePlace(parts, target) : podPlace(parts, target)
  const kubelet = parts.kubelets.get(place.pod.spec?.nodeName ?? '')
  const address = `${place.pod.status?.podIP ?? ''}:${place.port}`
  if (!kubelet) throw unavailable(`error trying to reach service: dial tcp ${address}: i/o timeout`)
  let stream: PortForwardStream | undefined
  try {
    const { namespace = '', name: pod } = place.pod.metadata
    stream = await kubelet.portForward({ namespace, pod, port: place.port })
    return await exchange(stream, place, address, request)
  } catch (error) {
    if (error instanceof SystemError)
      throw unavailable(`error trying to reach service: dial tcp ${address}: connect: ${error.message.toLowerCase()}`)
    if (error instanceof HttpParseError)
      throw unavailable('error trying to reach service: net/http: HTTP/1.x transport connection broken')
    throw error
  } finally {
    stream?.close()
  }
}

/** `[scheme:]name[:port]` */
function parseName(text: string): { scheme: string; name: string; port: string } {
  const pieces = text.split(':')
  if (pieces.length === 1) return { scheme: 'http', name: text, port: '' }
  if (pieces.length === 2) return { scheme: 'http', name: pieces[0]!, port: pieces[1]! }
  const [scheme = '', name = '', port = ''] = pieces
  if (pieces.length > 3 || !['', 'http', 'https'].includes(scheme))
    throw badRequest(`invalid service request ${JSON.stringify(text)}`)
  return { scheme: scheme || 'http', name, port }
}

function podPlace(parts: ServerParts, target: RequestPath): Place {
  const { scheme, name, port } = parseName(target.name!)
  const pod = parts.operations.read(parts.registry.named('pods')!, target.namespace, name)
  const declared = pod.spec.containers.flatMap((container: any) => container.ports ?? [])[0]?.containerPort
  if (!pod.status?.podIP) throw badRequest('address not allowed')
  return { scheme, pod, port: port ? Number(port) : (declared ?? (scheme === 'https' ? 443 : 80)) }
}

/** An endpoint of a Service, by the port's name or its number. */
function servicePlace(parts: ServerParts, target: RequestPath): Place {
  const { scheme, name, port } = parseName(target.name!)
  const { operations, registry } = parts
  const service = operations.read(registry.named('services')!, target.namespace, name)
  let portName = port
  if (/^\d+$/.test(port)) {
    const found = service.spec.ports?.find((p: any) => p.port === Number(port))
    if (!found) throw unavailable(`no service port ${port} found for service ${JSON.stringify(name)}`)
    portName = found.name ?? ''
  }
  const endpoints = operations.table(registry.named('endpoints')!).get(target.namespace ?? '', name)
  const places: Place[] = (endpoints?.subsets ?? []).flatMap((subset: any) => {
    const number = subset.ports?.find((p: any) => (p.name ?? '') === portName)?.port
    return number === undefined
      ? []
      : (subset.addresses ?? []).flatMap((address: any) => {
          const pod = address.targetRef?.name
          return pod
            ? [{ scheme, port: number, pod: operations.read(registry.named('pods')!, target.namespace, pod) }]
            : []
        })
  })
  if (places.length === 0) throw unavailable(`no endpoints available for service ${JSON.stringify(target.name)}`)
  return parts.random.pick(places)
}

const KEPT_BACK =
  /^(authorization|host|connection|content-length|transfer-encoding|x-client-certificate|impersonate-.*)$/

async function exchange(
  stream: PortForwardStream,
  { scheme }: Place,
  host: string,
  request: RestRequest,
): Promise<RestResponse> {
  const nowhere = { address: '', port: 0 }
  const connection: Connection = {
    local: nowhere,
    remote: nowhere,
    read: () => stream.read(),
    write: (bytes) => stream.write(bytes),
    finish() {},
    close: () => stream.close(),
  }
  let reader = new ByteReader(connection)
  if (scheme === 'https') {
    const session = await tlsConnect(connection, host.replace(/:\d+$/, ''))
    if (!session)
      throw unavailable('error trying to reach service: tls: first record does not look like a TLS handshake')
    reader = session.reader
  }
  const { body } = request
  const response = await sendRequest(
    connection,
    {
      method: request.method,
      target: targetOf(request),
      headers: [
        ['Host', host],
        ...Object.entries(request.headers ?? {}).filter(([name]) => !KEPT_BACK.test(name)),
        ['Connection', 'close'],
      ],
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
    },
    reader,
  )
  if (!response) throw unavailable('error trying to reach service: EOF')
  const headers = Object.fromEntries(response.headers.map(([name, value]) => [name.toLowerCase(), value]))
  for (const name of ['connection', 'content-length', 'transfer-encoding']) delete headers[name]
  return { status: response.status, headers, body: await collect(response.body) }
}

/** What follows `/proxy` in the path, as it was sent, and the query. */
function targetOf({ path, query = [] }: RestRequest): string {
  const rest = /^(?:\/[^/]+){2,6}?\/proxy(\/.*)?$/.exec(path)?.[1] ?? '/'
  if (query.length === 0) return rest
  return `${rest}?${query.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&')}`
}

/** The kubelet's own pages. */
function nodeProxy(parts: ServerParts, request: RestRequest, target: RequestPath): RestResponse {
  const name = target.name!.split(':')[0]!
  const kubelet = parts.kubelets.get(name)
  if (!kubelet) {
    if (!parts.operations.table(parts.registry.named('nodes')!).get('', name))
      throw notFound({ group: '', resource: 'nodes' }, name)
    throw unavailable(`error trying to reach service: dial tcp ${name}:10250: connect: connection refused`)
  }
  const path = targetOf(request).split('?')[0]!
  const text = path === '/healthz' ? 'ok' : kubelet.metrics?.(path)
  if (text === undefined) throw pathNotFound()
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text }
}
