import type { Process, Program } from '../../../linux/process.ts'
import { textResponse } from '../../../programs/http/daemon.ts'
import { listenHttp } from '../../../programs/http/listen.ts'
import { makeCertificate } from '../../../programs/openssl/certificate.ts'
import { defer } from '../../../time/waiting.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { NginxProcess } from '../ingress/nginx-process.ts'
import { IngressReporter } from '../ingress/reporter.ts'
import { klog } from '../klog.ts'
import { keyOf, PodApi } from '../pod-api.ts'
import { Annotations } from './annotations.ts'
import { type ClusterView, certificateFile, FAKE_CERTIFICATE, nginxConfiguration } from './configuration.ts'
import { type IngressNginxOptions, parseOptions } from './options.ts'

const RELEASE = 'v1.14.0'
/** Changes within this time are one reload, in ms. */
const BATCH = 300
/** The address is published so often, in ms. */
const STATUS = 60_000
const CONFIGURATION = '/etc/nginx/nginx.conf'

/** ingress-nginx: writes nginx's configuration from the Ingresses of its classes, and runs nginx. */
export function ingressNginx(server: ApiServer): Program {
  return async (process) => {
    const options = parseOptions(process.argv.slice(1))
    if ('unknown' in options) {
      await process.printError(`Error: unknown flag: --${options.unknown}\n`)
      return 1
    }
    const line = '-'.repeat(79)
    await process.print(
      `${line}\nNGINX Ingress controller\n  Release:       ${RELEASE}\n  Repository:    https://github.com/kubernetes/ingress-nginx\n  nginx version: nginx/${process.env.get('NGINX_VERSION')}\n\n${line}\n\n`,
    )
    try {
      const api = await PodApi.open(process, server, 'nginx-ingress-controller')
      return await new Controller(process, api, options).run()
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'Killed') throw error
      await klog(process, 'F', `main.go:77] ${error.message}`)
      return 255
    }
  }
}

interface Objects {
  ingresses: ReadonlyMap<string, KubeObject>
  classes: ReadonlyMap<string, KubeObject>
  services: ReadonlyMap<string, KubeObject>
  endpoints: ReadonlyMap<string, KubeObject>
  secrets: ReadonlyMap<string, KubeObject>
  configMaps: ReadonlyMap<string, KubeObject>
}

class Controller {
  readonly #process: Process
  readonly #api: PodApi
  readonly #options: IngressNginxOptions
  readonly #reporter: IngressReporter
  /** Ingresses that an event has told of, with the generation it told of. */
  readonly #told = new Map<string, string>()
  #written = ''

  constructor(process: Process, api: PodApi, options: IngressNginxOptions) {
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
    const objects = await this.#watchAll(() => changed.resolve())
    process.setMemory(64 * 2 ** 20)
    this.#makeFakeCertificate()
    await klog(
      process,
      'I',
      'main.go:101] "SSL fake certificate created" file="/etc/ingress-controller/ssl/default-fake-certificate.pem"',
    )
    await klog(process, 'I', 'nginx.go:273] "Starting NGINX Ingress controller"')
    await this.#write(objects)
    await klog(process, 'I', 'nginx.go:319] "Starting NGINX process"')
    nginx.start()
    listenHttp(process, { port: this.#options.healthPort }, ({ target }) =>
      target.split('?')[0] === '/healthz' && !nginx.stopping
        ? textResponse(200, 'ok')
        : textResponse(nginx.stopping ? 500 : 404, 'not found\n'),
    ).catch(fault)
    const follow = async () => {
      for (;;) {
        await this.#tell(objects)
        await changed.promise
        await process.sleep(BATCH)
        changed = defer<void>(waiting)
        if (!(await this.#write(objects))) continue
        await process.compute(15)
        nginx.reload()
        await klog(process, 'I', 'controller.go:213] "Backend successfully reloaded"')
      }
    }
    const publish = async () => {
      await process.sleep(1000)
      for (;;) {
        await this.#publish(objects)
        await process.sleep(STATUS)
      }
    }
    follow().catch(fault)
    publish().catch(fault)
    return nginx.ended.promise
  }

  async #watchAll(touch: () => void): Promise<Objects> {
    const scope = this.#options.watchNamespace ? `/namespaces/${this.#options.watchNamespace}` : ''
    const watch = async (path: string) => (await this.#api.watch(path, touch)).objects
    const own = this.#options.configMap?.split('/')[0] ?? this.#api.namespace
    return {
      ingresses: await watch(`/apis/networking.k8s.io/v1${scope}/ingresses`),
      classes: await watch('/apis/networking.k8s.io/v1/ingressclasses'),
      services: await watch(`/api/v1${scope}/services`),
      endpoints: await watch(`/api/v1${scope}/endpoints`),
      secrets: await watch(`/api/v1${scope}/secrets`),
      configMaps: await watch(`/api/v1/namespaces/${own}/configmaps`),
    }
  }

  /** Its own Ingresses, the oldest first. */
  #ingresses({ ingresses, classes }: Objects): KubeObject[] {
    const { controllerClass, ingressClass, watchWithoutClass } = this.#options
    const isOwn = ({ metadata, spec }: KubeObject) => {
      const annotated = metadata.annotations?.['kubernetes.io/ingress.class']
      if (annotated !== undefined) return annotated === ingressClass
      if (spec.ingressClassName === undefined) return watchWithoutClass
      return classes.get(`/${spec.ingressClassName}`)?.spec.controller === controllerClass
    }
    const age = (o: KubeObject) => `${o.metadata.creationTimestamp} ${keyOf(o)}`
    return [...ingresses.values()].filter(isOwn).sort((a, b) => (age(a) < age(b) ? -1 : 1))
  }

  #view(objects: Objects): ClusterView {
    const settings = objects.configMaps.get(this.#options.configMap ?? '')?.data ?? {}
    return { ...objects, ingresses: this.#ingresses(objects), settings }
  }

  #makeFakeCertificate(): void {
    const name = [
      ['O', 'Acme Co'],
      ['CN', 'Kubernetes Ingress Controller Fake Certificate'],
    ] as const
    const from = this.#process.wallClock()
    const pem = makeCertificate(this.#process.random, {
      subject: name,
      issuer: name,
      publicKey: [0x30, 0x00],
      from,
      days: 365,
      authority: false,
    })
    this.#process.files.write(FAKE_CERTIFICATE, pem)
  }

  /** Brings nginx.conf up to date. True when something changed. */
  async #write(objects: Objects): Promise<boolean> {
    const { files } = this.#process
    const view = this.#view(objects)
    const text = nginxConfiguration(view, this.#options)
    const named = new Set([
      ...view.ingresses.flatMap(({ metadata, spec }) =>
        (spec.tls ?? []).map((tls: any) => `${metadata.namespace}/${tls.secretName}`),
      ),
      ...(this.#options.defaultCertificate ? [this.#options.defaultCertificate] : []),
    ])
    const pems = [...named].flatMap((key) => {
      const data = view.secrets.get(key)?.data?.['tls.crt'] as string | undefined
      return data === undefined ? [] : [[certificateFile(key), atob(data)] as const]
    })
    const state = JSON.stringify([text, pems])
    if (this.#written === state) return false
    this.#written = state
    await klog(this.#process, 'I', 'controller.go:193] "Configuration changes detected, backend reload required"')
    for (const [file, pem] of pems) files.write(file, pem)
    files.write(CONFIGURATION, text)
    return true
  }

  /** An event for each Ingress that is new or changed, and what is not done of it. */
  async #tell(objects: Objects): Promise<void> {
    const { services, ingresses } = this.#view(objects)
    for (const key of this.#told.keys()) if (!objects.ingresses.has(key)) this.#told.delete(key)
    for (const ingress of ingresses) {
      const key = keyOf(ingress)
      const { generation, annotations } = ingress.metadata
      const state = JSON.stringify([generation, annotations])
      if (this.#told.get(key) === state) continue
      this.#told.set(key, state)
      await klog(this.#process, 'I', `store.go:443] "Found valid IngressClass" ingress="${key}" ingressclass="nginx"`)
      for (const name of new Annotations(ingress, {}).unknown)
        await klog(this.#process, 'W', `store.go:450] not simulated: annotation ${name} of ingress ${key}`)
      for (const service of servicesOf(ingress)) {
        const wanted = `${ingress.metadata.namespace}/${service}`
        if (services.has(wanted)) continue
        await klog(
          this.#process,
          'W',
          `controller.go:1126] Error obtaining Endpoints for Service "${wanted}": no object matching key "${wanted}" in local store`,
        )
      }
      await this.#reporter.event(ingress, 'Normal', 'Sync', 'Scheduled for sync')
    }
  }

  /** Writes the address under which the Ingresses are reached into their status. */
  async #publish(objects: Objects): Promise<void> {
    const wanted = await this.#addresses(objects)
    if (wanted.length === 0) return
    for (const ingress of this.#ingresses(objects)) {
      const known = ingress.status?.loadBalancer?.ingress ?? []
      if (JSON.stringify(known) === JSON.stringify(wanted)) continue
      await klog(
        this.#process,
        'I',
        `status.go:304] "updating Ingress status" namespace="${ingress.metadata.namespace}" ingress="${ingress.metadata.name}"`,
      )
      await this.#reporter.address(ingress, wanted)
    }
  }

  async #addresses({ services }: Objects): Promise<object[]> {
    const { publishService, publishAddress, reportNodeAddress } = this.#options
    if (publishAddress)
      return publishAddress.split(',').map((at) => (/^[\d.]+$/.test(at) ? { ip: at } : { hostname: at }))
    if (publishService) {
      const service = services.get(publishService)
      return service?.status?.loadBalancer?.ingress ?? service?.spec.externalIPs?.map((ip: string) => ({ ip })) ?? []
    }
    const pod = await this.#api.request(
      'GET',
      `/api/v1/namespaces/${this.#api.namespace}/pods/${this.#process.env.get('POD_NAME')}`,
    )
    const node = await this.#api.request('GET', `/api/v1/nodes/${pod.spec.nodeName}`)
    const find = (type: string) => node.status?.addresses?.find((address: any) => address.type === type)?.address
    const ip = (reportNodeAddress ? undefined : find('ExternalIP')) ?? find('InternalIP')
    return ip ? [{ ip }] : []
  }
}

const servicesOf = ({ spec }: KubeObject): string[] =>
  [spec.defaultBackend, ...(spec.rules ?? []).flatMap((rule: any) => rule.http?.paths ?? []).map((p: any) => p.backend)]
    .map((backend) => backend?.service?.name)
    .filter((name) => name !== undefined)
