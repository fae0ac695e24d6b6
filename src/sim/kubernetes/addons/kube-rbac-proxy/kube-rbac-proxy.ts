import type { Process, Program } from '../../../linux/process.ts'
import { FetchError, HttpAgent } from '../../../programs/http/agent.ts'
import { goFlags, parseListen, textResponse } from '../../../programs/http/daemon.ts'
import { header } from '../../../programs/http/message.ts'
import { type Handled, type ServerRequest, serveHttp } from '../../../programs/http/server.ts'
import { tlsAccept } from '../../../programs/http/tls.ts'
import { defer } from '../../../time/waiting.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { klog } from '../klog.ts'
import { PodApi } from '../pod-api.ts'

/** A token's verdict is asked for anew after this many ms. */
const REMEMBERED = 120_000

/** kube-rbac-proxy: lets through who the API server knows and allows, and answers over TLS what its upstream says. */
export function kubeRbacProxy(server: ApiServer): Program {
  return async (process) => {
    const flags = goFlags(process.argv.slice(1))
    const stopped = defer<number>(process.machine.world.waiting)
    process.on('SIGTERM', () => stopped.resolve(0))
    let api: PodApi
    try {
      api = await PodApi.open(process, server, 'kube-rbac-proxy')
    } catch (error) {
      await klog(process, 'F', `main.go:138] ${(error as Error).message}`)
      return 255
    }
    const listen = flags.get('secure-listen-address', ':8443')
    const upstream = flags.get('upstream', 'http://127.0.0.1/').replace(/\/$/, '')
    await klog(process, 'I', 'main.go:181] Valid token audiences: ')
    await klog(process, 'I', 'main.go:305] Reading certificate files')
    await klog(process, 'I', 'main.go:339] Starting TCP socket on '.concat(listen))
    const agent = new HttpAgent(process, 'Go-http-client/1.1')
    const gate = new Gate(process, api)
    const listener = process.net.listen(parseListen(listen))
    const now = process.wallClock()
    const certificate = {
      subject: `CN=${process.files.readText('/proc/sys/kernel/hostname').trim()}`,
      issuer: 'CN=kube-rbac-proxy-ca',
      names: ['localhost'],
      notBefore: now,
      notAfter: now + 365 * 86_400_000,
      serial: '2',
    }
    const serve = async () => {
      for (;;) {
        const connection = await listener.accept()
        const one = async () => {
          const session = await tlsAccept(connection, () => certificate)
          if (!session) return connection.close()
          await serveHttp(connection, (request) => pass(process, gate, agent, upstream, request), {
            reader: session.reader,
          })
        }
        // A client that goes away ends its own connection only.
        one().catch(() => connection.close())
      }
    }
    await klog(process, 'I', `main.go:345] Listening securely on ${listen}`)
    serve().catch((error) => stopped.reject(error))
    return stopped.promise
  }
}

async function pass(
  process: Process,
  gate: Gate,
  agent: HttpAgent,
  upstream: string,
  request: ServerRequest,
): Promise<Handled> {
  await process.compute(0.2)
  const refusal = await gate.check(request)
  if (refusal) return refusal
  try {
    const { status, headers, body } = await agent.fetch(`${upstream}${request.target}`, {
      method: request.method,
      body: request.body,
    })
    const type = header(headers, 'content-type')
    return { status, headers: type ? [['Content-Type', type]] : [], body }
  } catch (error) {
    if (!(error instanceof FetchError)) throw error
    await klog(process, 'E', `http: proxy error: ${error.message.replace(/^.*?: /, '')}`)
    return { status: 502, headers: [], body: '' }
  }
}

/** Asks the API server who a token is and whether it may read the path. */
class Gate {
  readonly #process: Process
  readonly #api: PodApi
  readonly #verdicts = new Map<string, { until: number; refusal: Handled }>()

  constructor(process: Process, api: PodApi) {
    this.#process = process
    this.#api = api
  }

  async check(request: ServerRequest): Promise<Handled> {
    const token = /^Bearer (.+)$/.exec(header(request.headers, 'authorization') ?? '')?.[1]
    if (!token) return textResponse(401, 'Unauthorized\n')
    const path = request.target.split('?')[0]!
    const verb = request.method.toLowerCase()
    const key = `${verb} ${path} ${token}`
    const known = this.#verdicts.get(key)
    const now = this.#process.wallClock()
    if (known && known.until > now) return known.refusal
    const refusal = await this.#ask(token, verb, path)
    if (this.#verdicts.size > 200) this.#verdicts.clear()
    this.#verdicts.set(key, { until: now + REMEMBERED, refusal })
    return refusal
  }

  async #ask(token: string, verb: string, path: string): Promise<Handled> {
    try {
      const review = await this.#api.request('POST', '/apis/authentication.k8s.io/v1/tokenreviews', {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenReview',
        spec: { token },
      })
      if (!review.status?.authenticated) return textResponse(401, 'Unauthorized\n')
      const { username, uid, groups } = review.status.user
      const access = await this.#api.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: {
          user: username,
          uid,
          groups,
          nonResourceAttributes: { path, verb: verb === 'post' ? 'create' : 'get' },
        },
      })
      if (access.status?.allowed) return undefined
      return textResponse(403, `Forbidden (user=${username}, verb=${verb}, resource=, subresource=)\n`)
    } catch (error) {
      await klog(
        this.#process,
        'E',
        `proxy.go:74] Unable to authenticate the request due to an error: ${(error as Error).message}`,
      )
      return textResponse(401, 'Unauthorized\n')
    }
  }
}
