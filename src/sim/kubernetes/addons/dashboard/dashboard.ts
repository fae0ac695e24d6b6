import { SystemError } from '../../../linux/errors.ts'
import type { Process, Program } from '../../../linux/process.ts'
import { goFlags, textResponse } from '../../../programs/http/daemon.ts'
import { listenHttp } from '../../../programs/http/listen.ts'
import { header } from '../../../programs/http/message.ts'
import { type Handled, type ServerRequest, serveHttp } from '../../../programs/http/server.ts'
import { tlsAccept } from '../../../programs/http/tls.ts'
import { defer } from '../../../time/waiting.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { PodApi, PodApiError } from '../pod-api.ts'
import { drawOverview } from './draw.ts'
import { goLog } from './go-log.ts'
import { readListings } from './listings.ts'
import { usageOf } from './sidecar.ts'

/** The Kubernetes dashboard: its overview, with the rights of its own account or of the token that comes along. */
export function kubernetesDashboard(server: ApiServer): Program {
  return async (process) => {
    const flags = goFlags(process.argv.slice(1))
    const namespace = flags.get('namespace', 'kube-system')
    const secure = flags.get('auto-generate-certificates', 'false') === 'true'
    const port = Number(secure ? flags.get('port', '8443') : flags.get('insecure-port', '9090'))
    const skips = flags.get('enable-skip-login', 'false') === 'true'
    const stopped = defer<number>(process.machine.world.waiting)
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stopped.resolve(0))
    process.setMemory(20 * 2 ** 20)
    await goLog(process, 'Starting overwatch')
    await goLog(process, `Using namespace: ${namespace}`)
    await goLog(process, 'Using in-cluster config to connect to apiserver')
    let api: PodApi
    try {
      api = await PodApi.open(process, server, 'dashboard/v2.7.0')
      await api.request('GET', `/api/v1/namespaces/${namespace}/secrets/kubernetes-dashboard-csrf`)
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'Killed') throw error
      await process.printError(`panic: ${error.message}\n\ngoroutine 1 [running]:\nmain.main()\n`)
      return 2
    }
    await goLog(process, 'Initializing csrf token from kubernetes-dashboard-csrf secret')
    await goLog(process, 'Successful initial request to the apiserver, version: v1.36.2')
    await goLog(process, 'Creating in-cluster Sidecar client')
    const handler = (request: ServerRequest) => answer(process, api, skips, request)
    const serving = secure ? listenSecurely(process, port, handler) : listenHttp(process, { port }, handler)
    serving.catch(async (error) => {
      if (!(error instanceof SystemError)) return stopped.reject(error)
      await goLog(process, `listen tcp :${port}: bind: ${error.message.toLowerCase()}`)
      stopped.resolve(1)
    })
    await goLog(process, `Serving ${secure ? 'securely on HTTPS' : 'insecurely on HTTP'} port: ${port}`)
    return stopped.promise
  }
}

type Handler = (request: ServerRequest) => Promise<Handled>

async function listenSecurely(process: Process, port: number, handler: Handler): Promise<void> {
  const now = process.wallClock()
  const certificate = {
    subject: 'O=Acme Co',
    issuer: 'O=Acme Co',
    names: [],
    notBefore: now,
    notAfter: now + 365 * 86_400_000,
    serial: '1',
  }
  const listener = process.net.listen({ port })
  for (;;) {
    const connection = await listener.accept()
    const one = async () => {
      const session = await tlsAccept(connection, () => certificate)
      if (!session) return connection.close()
      await serveHttp(connection, handler, { reader: session.reader })
    }
    // A client that goes away ends its own connection only.
    one().catch(() => connection.close())
  }
}

async function answer(process: Process, own: PodApi, skips: boolean, request: ServerRequest): Promise<Handled> {
  const [path, search = ''] = request.target.split('?')
  const agent = header(request.headers, 'user-agent') ?? ''
  // To the kubelet's probes it shows what it shows a browser first: a page without content.
  if (path === '/healthz' || agent.startsWith('kube-probe/')) return textResponse(200, 'ok')
  if (path !== '/') return textResponse(404, '404 page not found\n')
  const token = /^Bearer (.+)$/.exec(header(request.headers, 'authorization') ?? '')?.[1]
  if (!token && !skips)
    return textResponse(
      401,
      'Kubernetes Dashboard: sign in with a token, for instance\n  curl -H "Authorization: Bearer $(kubectl create token NAME)" …\n',
    )
  const api = token ? own.as(token) : own
  const namespace = /(?:^|&)namespace=([^&]+)/.exec(search)?.[1] ?? 'default'
  await process.compute(3)
  try {
    const read = async (collection: string) => (await api.request<{ items: KubeObject[] }>('GET', collection)).items
    const listings = await readListings(namespace, read)
    const usage = await usageOf(api, listings.pods.items)
    await goLog(process, `[${namespace}] Getting overview of the workloads`)
    return page(drawOverview({ namespace, listings, usage, now: process.wallClock() }), request)
  } catch (error) {
    if (!(error instanceof PodApiError)) throw error
    return textResponse(error.code, `${error.message}\n`)
  }
}

/** What a browser's script would draw comes as text; in a page of its own for those that want one. */
function page(text: string, request: ServerRequest): Handled {
  if (!/text\/html/.test(header(request.headers, 'accept') ?? '')) return textResponse(200, text)
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return {
    status: 200,
    headers: [['Content-Type', 'text/html; charset=utf-8']],
    body: `<!DOCTYPE html>\n<html lang="en">\n<head>\n  <meta charset="utf-8">\n  <title>Kubernetes Dashboard</title>\n</head>\n<body>\n<pre>\n${escaped}</pre>\n</body>\n</html>\n`,
  }
}
