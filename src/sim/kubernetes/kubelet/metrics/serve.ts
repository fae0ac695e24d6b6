import type { Process } from '../../../linux/process.ts'
import type { Listener } from '../../../linux/socket.ts'
import { Exposition, expositionResponse } from '../../../programs/exposition/exposition.ts'
import { textResponse } from '../../../programs/http/daemon.ts'
import { header } from '../../../programs/http/message.ts'
import { type Handled, type ServerRequest, serveHttp } from '../../../programs/http/server.ts'
import { tlsAccept } from '../../../programs/http/tls.ts'
import type { RestPort } from '../../../rest/port.ts'
import type { KubeletPort } from '../../api/kubelet-port.ts'
import type { KubeObject } from '../../api/object.ts'

const REMEMBERED = 120_000

interface Served {
  /** The kubelet's process on its machine. */
  host: Process
  nodeName: string
  kubelet: { readonly port: KubeletPort; readonly running: boolean }
  /** Where tokens are checked; undefined while no API server answers. */
  server: () => RestPort | undefined
}

/** The kubelet's own HTTPS port, 10250: its metrics, for who may read nodes/metrics. */
export function serveKubelet(served: Served): { stop(): void } {
  const listener = served.host.net.listen({ port: 10_250 })
  // Ends when the listener is closed.
  accept(served, listener).catch(() => {})
  return { stop: () => listener.close() }
}

async function accept(served: Served, listener: Listener): Promise<void> {
  const { host, nodeName } = served
  const now = host.wallClock()
  const certificate = {
    subject: `CN=${nodeName}@1795248000`,
    issuer: `CN=${nodeName}-ca@1795248000`,
    names: [nodeName],
    notBefore: now - 86_400_000,
    notAfter: now + 364 * 86_400_000,
    serial: '2',
  }
  const verdicts = new Map<string, { until: number; refusal: Handled }>()
  for (;;) {
    const connection = await listener.accept()
    if (!served.kubelet.running) {
      connection.close()
      continue
    }
    const one = async () => {
      const session = await tlsAccept(connection, () => certificate)
      if (!session) return connection.close()
      await serveHttp(connection, (request) => answer(served, verdicts, request), { reader: session.reader })
    }
    // A client that goes away ends its own connection only.
    one().catch(() => connection.close())
  }
}

async function answer(
  served: Served,
  verdicts: Map<string, { until: number; refusal: Handled }>,
  request: ServerRequest,
): Promise<Handled> {
  const path = request.target.split('?')[0]!
  const text = served.kubelet.port.metrics?.(path)
  if (text === undefined && path !== '/healthz') return textResponse(404, '404 page not found\n')
  const token = header(request.headers, 'authorization') ?? ''
  const now = served.host.wallClock()
  const key = `${path === '/healthz' ? 'proxy' : 'metrics'} ${token}`
  let verdict = verdicts.get(key)
  if (!verdict || verdict.until <= now) {
    verdict = { until: now + REMEMBERED, refusal: await refuse(served, token, key.split(' ')[0]!) }
    if (verdicts.size > 100) verdicts.clear()
    verdicts.set(key, verdict)
  }
  if (verdict.refusal) return verdict.refusal
  if (path === '/healthz') return textResponse(200, 'ok')
  return expositionResponse(text ?? new Exposition())
}

/** Undefined when the caller may. */
async function refuse({ server, nodeName }: Served, authorization: string, subresource: string): Promise<Handled> {
  const api = server()
  if (!authorization || !api) return textResponse(401, 'Unauthorized')
  const response = await api.handle({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    headers: { authorization, accept: 'application/json', 'content-type': 'application/json' },
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'get', resource: 'nodes', subresource, name: nodeName } },
    },
  })
  if (response.status === 401) return textResponse(401, 'Unauthorized')
  if ((response.body as KubeObject | undefined)?.status?.allowed) return undefined
  return textResponse(
    403,
    `Forbidden (user=${userOf(response.body)}, verb=get, resource=nodes, subresource=${subresource})`,
  )
}

const userOf = (body: unknown) => /User "([^"]+)"/.exec(JSON.stringify(body))?.[1] ?? 'system:anonymous'
