import { SystemError } from '../../../linux/errors.ts'
import type { Process } from '../../../linux/process.ts'
import { FetchError, HttpAgent } from '../../http/agent.ts'
import { encodeRequest, readResponse } from '../../http/client.ts'
import { tlsConnect } from '../../http/tls.ts'
import { logfmt } from '../log.ts'

type KubeJson = any

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
const RETRY = 10_000

interface Informer {
  objects: Map<string, KubeJson>
  stopped: boolean
}

/** The cluster's objects as a Pod's service account may list and watch them, over the network. */
export class KubernetesObjects {
  readonly #process: Process
  readonly #agent: HttpAgent
  readonly #onChange: () => void
  readonly #fault: (error: unknown) => void
  readonly #informers = new Map<string, Informer>()

  constructor(process: Process, onChange: () => void, fault: (error: unknown) => void) {
    this.#process = process
    this.#agent = new HttpAgent(process, 'Prometheus/2.32.1')
    this.#onChange = onChange
    this.#fault = fault
  }

  /** The namespace this Pod is in. */
  get ownNamespace(): string {
    try {
      return this.#process.files.readText(`${ACCOUNT}/namespace`).trim()
    } catch {
      return 'default'
    }
  }

  /** What is known by now; the first call begins to watch. An empty namespace is all of them; `query` selects. */
  list(resource: string, namespace: string, group = 'api/v1', query = ''): readonly KubeJson[] {
    const path = pathOf(resource, namespace, group, query)
    let informer = this.#informers.get(path)
    if (!informer) {
      informer = { objects: new Map(), stopped: false }
      this.#informers.set(path, informer)
      this.#follow(path, informer).catch(this.#fault)
    }
    return [...informer.objects.values()]
  }

  get(resource: string, namespace: string, name: string, within: string, query = ''): KubeJson | undefined {
    this.list(resource, within, 'api/v1', query)
    return this.#informers.get(pathOf(resource, within, 'api/v1', query))?.objects.get(`${namespace}/${name}`)
  }

  stop(): void {
    for (const informer of this.#informers.values()) informer.stopped = true
  }

  async #follow(path: string, informer: Informer): Promise<void> {
    while (!informer.stopped) {
      const problem = await this.#listAndWatch(path, informer)
      if (informer.stopped) return
      if (problem) {
        const kind = KINDS[path.replace(/\?.*/, '').replace(/.*\//, '')] ?? 'Object'
        logfmt(this.#process, 'klog.go:116', 'error', {
          component: 'k8s_client_runtime',
          func: 'ErrorDepth',
          msg: `pkg/mod/k8s.io/client-go@v0.22.4/tools/cache/reflector.go:167: Failed to watch *v1.${kind}: failed to list *v1.${kind}: ${problem}`,
        })
      }
      await this.#process.sleep(problem ? RETRY : 1000)
    }
  }

  #headers(): [string, string][] {
    const token = this.#process.files.readText(`${ACCOUNT}/token`).trim()
    return [
      ['Authorization', `Bearer ${token}`],
      ['Accept', 'application/json'],
    ]
  }

  /** Returns why it failed; undefined when the watch just ended. */
  async #listAndWatch(path: string, informer: Informer): Promise<string | undefined> {
    const host = this.#process.env.get('KUBERNETES_SERVICE_HOST')
    const port = Number(this.#process.env.get('KUBERNETES_SERVICE_PORT') ?? 443)
    if (!host || !this.#process.files.exists(`${ACCOUNT}/token`))
      return 'unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined'
    try {
      const list = await this.#agent.fetch(`https://${host}:${port}${path}`, {
        headers: this.#headers(),
        timeout: 30_000,
        tls: { issuers: ['CN=kubernetes'] },
      })
      const body = JSON.parse(list.text)
      if (list.status !== 200) return body.message ?? list.statusText
      informer.objects.clear()
      for (const object of body.items) informer.objects.set(keyOf(object), object)
      this.#onChange()
      await this.#watch(
        `${path}${path.includes('?') ? '&' : '?'}watch=true&allowWatchBookmarks=true&resourceVersion=${body.metadata.resourceVersion}`,
        host,
        port,
        informer,
      )
      return undefined
    } catch (error) {
      if (error instanceof FetchError) return error.message
      if (error instanceof SyntaxError) return 'invalid character in the answer'
      throw error
    }
  }

  async #watch(target: string, host: string, port: number, informer: Informer): Promise<void> {
    const connection = await this.#process.net.connect({ address: host, port }, { timeout: 30_000 })
    try {
      const session = await tlsConnect(connection, host)
      if (!session) return
      await connection.write(
        encodeRequest({ method: 'GET', target, headers: [['Host', `${host}:${port}`], ...this.#headers()] }),
      )
      const response = await readResponse(session.reader, 'GET')
      if (response?.status !== 200) return
      const decoder = new TextDecoder()
      let text = ''
      for await (const piece of response.body) {
        if (informer.stopped) return
        text += decoder.decode(piece)
        let at = text.indexOf('\n')
        while (at >= 0) {
          const { type, object } = JSON.parse(text.slice(0, at))
          text = text.slice(at + 1)
          at = text.indexOf('\n')
          if (type === 'ERROR') return
          if (type === 'BOOKMARK') continue
          if (type === 'DELETED') informer.objects.delete(keyOf(object))
          else informer.objects.set(keyOf(object), object)
          this.#onChange()
        }
      }
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
    } finally {
      connection.close()
    }
  }
}

const pathOf = (resource: string, namespace: string, group: string, query: string) =>
  `/${group}${namespace ? `/namespaces/${namespace}` : ''}/${resource}${query && `?${query}`}`

const keyOf = (object: KubeJson) => `${object.metadata.namespace ?? ''}/${object.metadata.name}`

const KINDS: Record<string, string> = {
  pods: 'Pod',
  nodes: 'Node',
  services: 'Service',
  endpoints: 'Endpoints',
  endpointslices: 'EndpointSlice',
  ingresses: 'Ingress',
}
