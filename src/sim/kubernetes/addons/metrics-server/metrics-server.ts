import { SystemError } from '../../../linux/errors.ts'
import type { Process, Program } from '../../../linux/process.ts'
import type { Connection } from '../../../linux/socket.ts'
import type { Handled, ServerRequest } from '../../../programs/http/server.ts'
import { serveHttp } from '../../../programs/http/server.ts'
import { tlsAccept } from '../../../programs/http/tls.ts'
import { defer } from '../../../time/waiting.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiBackend } from '../../apiserver/aggregation.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { addressesOf } from '../addresses.ts'
import { klog } from '../klog.ts'
import { PodApi } from '../pod-api.ts'
import { MetricsStorage } from './storage.ts'

/** metrics-server: reads the kubelets' usage every `--metric-resolution` and serves it as metrics.k8s.io. */
export function metricsServer(server: ApiServer): Program {
  return async (process) => {
    const stopped = defer<number>(process.machine.world.waiting)
    process.on('SIGTERM', () => stopped.resolve(0))
    process.on('SIGINT', () => stopped.resolve(0))
    const options = new Map(
      process.argv.slice(1).map((arg) => {
        const [name = '', value = 'true'] = arg.replace(/^--?/, '').split('=')
        return [name, value] as const
      }),
    )
    const port = Number(options.get('secure-port') ?? 443)
    let api: PodApi
    try {
      api = await PodApi.open(process, server, 'metrics-server')
      await api.request('GET', '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication').catch(
        // Not every cluster publishes it.
        () => undefined,
      )
    } catch (error) {
      await process.printError(`panic: ${(error as Error).message}\n\ngoroutine 1 [running]:\nmain.main()\n`)
      return 2
    }
    process.setMemory(16 * 2 ** 20)
    await klog(process, 'I', `serving.go:342] Generated self-signed cert (/tmp/apiserver.crt, /tmp/apiserver.key)`)
    const storage = new MetricsStorage()
    const resolution = seconds(options.get('metric-resolution') ?? '60s')
    const insecure = options.get('kubelet-insecure-tls') === 'true'
    let listener: ReturnType<Process['net']['listen']>
    try {
      listener = process.net.listen({ port })
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      await process.printError(
        `panic: failed to create listener: failed to listen on 0.0.0.0:${port}: listen tcp 0.0.0.0:${port}: bind: ${error.message.toLowerCase()}\n`,
      )
      return 2
    }
    await klog(process, 'I', `secure_serving.go:266] Serving securely on [::]:${port}`)
    const unregister = server.registerBackend(addressesOf(process), port, backendOf(storage))
    const fault = (error: unknown) => stopped.reject(error)
    answerAll(process, listener, storage, server).catch(fault)
    scrapeForEver(process, api, server, storage, { resolution, insecure }).catch(fault)
    void process.ended.then(unregister)
    try {
      return await stopped.promise
    } finally {
      unregister()
    }
  }
}

const backendOf = ({ store }: MetricsStorage): ApiBackend => ({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  resources: [
    { resource: 'nodes', singular: '', kind: 'NodeMetrics', namespaced: false },
    { resource: 'pods', singular: '', kind: 'PodMetrics', namespaced: true },
  ],
  store,
})

function seconds(text: string): number {
  let ms = 0
  for (const [, number, unit] of text.matchAll(/([\d.]+)(ms|s|m|h)/g))
    ms += Number(number) * { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[unit as 'ms' | 's' | 'm' | 'h']
  return Math.max(1000, ms)
}

/** Each kubelet serves with a certificate it signed itself, for its name and not for its address. */
async function scrapeForEver(
  process: Process,
  api: PodApi,
  server: ApiServer,
  storage: MetricsStorage,
  { resolution, insecure }: { resolution: number; insecure: boolean },
): Promise<void> {
  for (;;) {
    const started = process.uptime()
    const list = (path: string) => api.request<{ items: KubeObject[] }>('GET', path)
    try {
      const [nodes, pods] = [await list('/api/v1/nodes'), await list('/api/v1/pods')]
      const samples = []
      for (const node of nodes.items) {
        const { name } = node.metadata
        const address = node.status?.addresses?.find((a: any) => a.type === 'InternalIP')?.address ?? name
        const url = `https://${address}:10250/metrics/resource`
        const failed = (why: string) =>
          klog(process, 'E', `scraper.go:140] "Failed to scrape node" err="Get \\"${url}\\": ${why}" node="${name}"`)
        if (!insecure) {
          await failed(`x509: cannot validate certificate for ${address} because it doesn't contain any IP SANs`)
          continue
        }
        try {
          const kubelet = server.kubelet(name)
          if (!kubelet) throw new Error(`dial tcp ${address}:10250: connect: connection refused`)
          samples.push({ node, stats: kubelet.stats() })
        } catch (error) {
          await failed((error as Error).message)
        }
      }
      const byKey = new Map(pods.items.map((p) => [`${p.metadata.namespace}/${p.metadata.name}`, p]))
      if (samples.length > 0) storage.keep(samples, byKey, process.wallClock(), resolution)
    } catch (error) {
      await klog(
        process,
        'E',
        `reflector.go:138] Failed to watch *v1.Node: failed to list *v1.Node: ${(error as Error).message}`,
      )
    }
    await process.compute(3)
    await process.sleep(Math.max(100, resolution - (process.uptime() - started)))
  }
}

async function answerAll(
  process: Process,
  listener: ReturnType<Process['net']['listen']>,
  storage: MetricsStorage,
  server: ApiServer,
): Promise<void> {
  const now = process.wallClock()
  const certificate = {
    subject: 'CN=localhost@1795248000',
    issuer: 'CN=localhost-ca@1795248000',
    names: ['localhost'],
    notBefore: now - 3_600_000,
    notAfter: now + 365 * 86_400_000,
    serial: '2',
  }
  const serve = async (connection: Connection) => {
    const session = await tlsAccept(connection, () => certificate)
    if (!session) return connection.close()
    await serveHttp(connection, (request) => answer(process, request, storage, server), { reader: session.reader })
  }
  for (;;) {
    const connection = await listener.accept()
    // A client that goes away ends its own connection only.
    serve(connection).catch(() => connection.close())
  }
}

async function answer(
  process: Process,
  request: ServerRequest,
  storage: MetricsStorage,
  server: ApiServer,
): Promise<Handled> {
  await process.compute(0.2)
  const path = request.target.split('?')[0]!
  const text = (status: number, body: string) => ({ status, headers: [['Content-Type', 'text/plain']] as const, body })
  if (path === '/livez' || path === '/healthz') return text(200, 'ok')
  if (path === '/readyz') {
    if (storage.ready) return text(200, 'ok')
    await klog(process, 'I', 'server.go:187] "Failed probe" probe="metric-storage-ready" err="no metrics to serve"')
    return text(
      500,
      '[+]ping ok\n[+]log ok\n[+]poststarthook/max-in-flight-filter ok\n[-]metric-storage-ready failed: reason withheld\n[+]metadata-informer-sync ok\n[+]shutdown ok\nreadyz check failed\n',
    )
  }
  const authorization = request.headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1]
  const response = await server.handle({
    method: 'GET',
    path,
    headers: authorization ? { authorization } : { 'x-anonymous': 'true' },
  })
  return {
    status: response.status,
    headers: [['Content-Type', 'application/json']],
    body: typeof response.body === 'string' ? response.body : JSON.stringify(response.body),
  }
}
