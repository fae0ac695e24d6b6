import type { Process, Program } from '../../../linux/process.ts'
import { listenHttp } from '../../../programs/http/listen.ts'
import { defer } from '../../../time/waiting.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { NginxProcess } from '../ingress/nginx-process.ts'
import { IngressReporter } from '../ingress/reporter.ts'
import { klog } from '../klog.ts'
import { keyOf, PodApi } from '../pod-api.ts'
import { type ClusterView, ingressConfiguration, mainConfiguration, problemOf } from './configuration.ts'
import { type IngressOptions, parseOptions } from './options.ts'

const CONTROLLER = 'nginx.org/ingress-controller'
/** Changes within this time are one reload, in ms. */
const BATCH = 200

/** NGINX Ingress Controller: writes nginx's configuration from the Ingresses of its class, and runs nginx. */
export function nginxIngress(server: ApiServer): Program {
  return async (process) => {
    const options = parseOptions(process.argv.slice(1))
    if ('unknown' in options) {
      await process.printError(`flag provided but not defined: -${options.unknown}\n`)
      return 2
    }
    await process.printError(
      `NGINX Ingress Controller Version=${process.env.get('CONTROLLER_VERSION') ?? '2.4.2'} Arch=linux/amd64\n`,
    )
    try {
      const api = await PodApi.open(process, server, 'nginx-ingress')
      await checkClass(api, options)
      const controller = new Controller(process, api, options)
      return await controller.run()
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'Killed') throw error
      await klog(process, 'F', `main.go:294] ${error.message}`)
      return 255
    }
  }
}

async function checkClass(api: PodApi, { ingressClass, defaultSecret, configMap }: IngressOptions): Promise<void> {
  const get = (path: string, what: string) =>
    api.request('GET', path).catch((error: Error) => {
      throw new Error(`${what}: ${error.message}`)
    })
  const found = await get(
    `/apis/networking.k8s.io/v1/ingressclasses/${ingressClass}`,
    `Error when getting IngressClass ${ingressClass}`,
  )
  const { controller } = found.spec
  if (controller !== CONTROLLER)
    throw new Error(
      `IngressClass with name ${ingressClass} has an invalid Spec.Controller ${controller}; expected ${CONTROLLER}`,
    )
  const [secretSpace, secretName] = (defaultSecret ?? '').split('/')
  if (secretName)
    await get(
      `/api/v1/namespaces/${secretSpace}/secrets/${secretName}`,
      `Error trying to get the default server TLS secret ${defaultSecret}: could not get ${defaultSecret}`,
    )
  const [mapSpace, mapName] = (configMap ?? '').split('/')
  if (mapName) await get(`/api/v1/namespaces/${mapSpace}/configmaps/${mapName}`, `Error when getting ${configMap}`)
}

class Controller {
  readonly #process: Process
  readonly #api: PodApi
  readonly #options: IngressOptions
  readonly #reporter: IngressReporter
  #ready = false
  /** What conf.d holds, by file name. */
  #written = new Map<string, string>()
  #reported = new Map<string, string>()

  constructor(process: Process, api: PodApi, options: IngressOptions) {
    this.#process = process
    this.#api = api
    this.#options = options
    this.#reporter = new IngressReporter(process, api)
  }

  async run(): Promise<number> {
    const process = this.#process
    const { waiting } = process.machine.world
    const nginx = new NginxProcess(process)
    const fault = (error: unknown) => nginx.ended.reject(error)

    let changed = defer<void>(waiting)
    const touch = () => changed.resolve()
    const scope = this.#options.watchNamespace ? `/namespaces/${this.#options.watchNamespace}` : ''
    const watch = async (path: string) => (await this.#api.watch(path, touch)).objects
    const objects = {
      ingresses: await watch(`/apis/networking.k8s.io/v1${scope}/ingresses`),
      services: await watch(`/api/v1${scope}/services`),
      endpoints: await watch(`/api/v1${scope}/endpoints`),
      secrets: await watch(`/api/v1${scope}/secrets`),
    }
    const [mapSpace] = (this.#options.configMap ?? '').split('/')
    const maps = mapSpace ? await watch(`/api/v1/namespaces/${mapSpace}/configmaps`) : new Map<string, KubeObject>()
    const view = (): ClusterView => ({
      ...objects,
      ingresses: [...objects.ingresses.values()].filter((i) => classOf(i) === this.#options.ingressClass),
      settings: maps.get(this.#options.configMap ?? '')?.data ?? {},
    })

    process.setMemory(24 * 2 ** 20)
    process.files.write('/etc/nginx/nginx.conf', mainConfiguration(this.#options))
    this.#write(view())
    await klog(process, 'I', 'main.go:227] Starting NGINX')
    nginx.start()
    if (this.#options.readyStatus) this.#serveReadiness(nginx).catch(fault)
    await process.sleep(100)
    this.#ready = true
    await this.#report(view())

    const follow = async () => {
      for (;;) {
        await changed.promise
        await process.sleep(BATCH)
        changed = defer<void>(waiting)
        const now = view()
        if (this.#write(now)) {
          await process.compute(15)
          nginx.reload()
        }
        await this.#report(now)
      }
    }
    follow().catch(fault)
    const code = await nginx.ended.promise
    this.#ready = false
    return code
  }

  async #serveReadiness(nginx: NginxProcess): Promise<void> {
    await listenHttp(this.#process, { port: this.#options.readyPort }, (request) => {
      const known = request.target.split('?')[0] === '/nginx-ready'
      if (!known) return { status: 404, headers: [['Content-Type', 'text/plain']], body: '404 page not found\n' }
      return this.#ready && !nginx.stopping
        ? { status: 200, headers: [], body: 'Ready' }
        : { status: 503, headers: [['Content-Type', 'text/plain']], body: 'Nginx is not ready\n' }
    })
  }

  /** Brings conf.d up to date. True when something changed. */
  #write(view: ClusterView): boolean {
    const { files } = this.#process
    const wanted = new Map<string, string>()
    for (const [ingress, hosts] of winners(view.ingresses)) {
      if (hosts.size === 0) continue
      const { namespace, name } = ingress.metadata
      wanted.set(`${namespace}-${name}.conf`, ingressConfiguration(ingress, hosts, view))
    }
    let changed = false
    for (const [name, text] of wanted) {
      if (this.#written.get(name) === text) continue
      files.write(`/etc/nginx/conf.d/${name}`, text)
      changed = true
    }
    for (const name of this.#written.keys()) {
      if (wanted.has(name)) continue
      files.unlink(`/etc/nginx/conf.d/${name}`)
      changed = true
    }
    this.#written = wanted
    return changed
  }

  /** Tells of new and changed Ingresses: events, and the address where that is wanted. */
  async #report(view: ClusterView): Promise<void> {
    const seen = new Map<string, string>()
    for (const [ingress, hosts] of winners(view.ingresses)) {
      const key = keyOf(ingress)
      const problem = problemOf(ingress) ?? (hosts.size === 0 ? 'all hosts are taken by other resources' : undefined)
      const state = `${ingress.metadata.generation ?? 0} ${problem ?? ''}`
      seen.set(key, state)
      if (this.#reported.get(key) === state) continue
      if (problem)
        await this.#reporter.event(ingress, 'Warning', 'Rejected', `${key} was rejected: with error: ${problem}`)
      else
        await this.#reporter.event(
          ingress,
          'Normal',
          'AddedOrUpdated',
          `Configuration for ${key} was added or updated `,
        )
      if (!problem && this.#options.reportStatus) await this.#address(ingress, view)
    }
    this.#reported = seen
  }

  async #address(ingress: KubeObject, view: ClusterView): Promise<void> {
    const address = view.settings['external-status-address']
    const service = view.services.get(`${this.#api.namespace}/${this.#options.externalService ?? ''}`)
    const entries: object[] = address
      ? [/^[\d.]+$/.test(address) ? { ip: address } : { hostname: address }]
      : (service?.status?.loadBalancer?.ingress ?? service?.spec.externalIPs?.map((ip: string) => ({ ip })) ?? [])
    if (entries.length > 0) await this.#reporter.address(ingress, entries)
  }
}

function classOf(ingress: KubeObject): string | undefined {
  return ingress.metadata.annotations?.['kubernetes.io/ingress.class'] ?? ingress.spec.ingressClassName
}

/** The Ingresses with the hosts each has: the oldest that names a host has it. */
function winners(ingresses: readonly KubeObject[]): [KubeObject, Set<string>][] {
  const age = (o: KubeObject) => `${o.metadata.creationTimestamp} ${keyOf(o)}`
  const taken = new Set<string>()
  return [...ingresses]
    .sort((a, b) => (age(a) < age(b) ? -1 : 1))
    .map((ingress) => {
      const own = new Set<string>()
      if (!problemOf(ingress))
        for (const { host } of ingress.spec.rules) {
          if (taken.has(host)) continue
          taken.add(host)
          own.add(host)
        }
      return [ingress, own]
    })
}
