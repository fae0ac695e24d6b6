import type { Status } from '../../../sim/kubernetes/api/object.ts'
import type { Process } from '../../../sim/linux/process.ts'
import type { ClientStreams, HttpMethod, RestPort, RestResponse, RestStream } from '../../../sim/rest/port.ts'
import { CliError, ConnectionError, StatusError } from '../errors/errors.ts'
import type { ClientConfig } from '../kubeconfig/client-config.ts'
import { bodyText } from './body.ts'
import type { Klog } from './klog.ts'
import { genericStatus, warningsOf } from './response.ts'
import { logRequest, logResponse } from './round-trip.ts'

export type Query = readonly (readonly [string, string | number | boolean | undefined])[]

export interface Call {
  method?: HttpMethod
  path: string
  query?: Query
  body?: unknown
  contentType?: string
  accept?: string
  /** A failure is an answer as any other. */
  takesFailures?: boolean
  /** kubectl's own unless told. */
  userAgent?: string
  upgrade?: ClientStreams
  /** Query parameters without a value are sent, too. */
  keepEmpty?: boolean
  /** A path as the user wrote it, not a request for a resource. */
  raw?: boolean
}

/** Milliseconds a request takes on the wire. */
const ROUND_TRIP = 2

/** Speaks to one API server as one user. Failure Statuses are thrown as StatusError. */
export class RestClient {
  readonly config: ClientConfig
  readonly #process: Process
  readonly #klog: Klog
  readonly #warned = new Set<string>()
  readonly #url: { origin: string; host: string; base: string }
  warnings = 0
  #port: RestPort | undefined

  constructor(process: Process, config: ClientConfig, klog: Klog) {
    this.#process = process
    this.config = config
    this.#klog = klog
    const match = /^(https?:\/\/([^/]+))(\/.*)?$/.exec(config.server)
    this.#url = { origin: match?.[1] ?? config.server, host: match?.[2] ?? config.server, base: match?.[3] ?? '' }
  }

  /** `192.168.10.210:6443` */
  get host(): string {
    return this.#url.host
  }

  /** The JSON answer. */
  async json<T = any>(call: Call): Promise<T> {
    return (await this.send(call)).body as T
  }

  /** The answer as text, whatever it is. */
  async text(call: Call): Promise<string> {
    return bodyText((await this.send(call)).body)
  }

  /** A watch or followed log. */
  async stream(call: Call): Promise<RestStream> {
    const response = await this.send(call)
    if (response.stream) return response.stream
    return single(response.body)
  }

  async send(call: Call): Promise<RestResponse> {
    if (this.config.anonymous && this.config.server.startsWith('https:')) await this.#askWho()
    const port = this.#dial()
    const request = {
      method: call.method ?? ('GET' as const),
      path: this.#url.base + call.path,
      query: (call.query ?? [])
        .filter(([, v]) => v !== undefined && (v !== '' || call.keepEmpty))
        .map(([k, v]) => [k, String(v)] as const),
      headers: this.#headers(call),
      body: call.body,
      upgrade: call.upgrade,
    }
    const started = this.#process.uptime()
    await logRequest(this.#klog, this.#url.origin, request)
    await this.#process.sleep(ROUND_TRIP)
    const response = await port.handle(request)
    await logResponse(this.#klog, this.#url.origin, request, response, this.#process.uptime() - started)
    await this.#warn(response)
    if (response.status >= 400 && !call.takesFailures) throw new StatusError(statusOf(response, call))
    return response
  }

  /** Asks for a user name and password, once. */
  async #askWho(): Promise<void> {
    const ask = async (what: string) => {
      await this.#process.print(`Please enter ${what}: `)
      const bytes = await this.#process.stdin.read()
      if (bytes.length === 0) throw new CliError('EOF')
      return new TextDecoder().decode(bytes).split('\n')[0]!
    }
    this.config.user = { username: await ask('Username'), password: await ask('Password') }
    this.config.anonymous = false
  }

  #dial(): RestPort {
    this.#port ??= this.#process.machine.dial(this.#url.origin)
    if (!this.#port) throw new ConnectionError(this.#url.host)
    return this.#port
  }

  #headers(call: Call): Record<string, string> {
    const { user, impersonate } = this.config
    const headers: Record<string, string> = {
      accept: call.accept ?? 'application/json, */*',
      'user-agent': call.userAgent ?? 'kubectl/v1.36.2 (linux/amd64) kubernetes/7d4a8b2',
    }
    if (call.body !== undefined) headers['content-type'] = call.contentType ?? 'application/json'
    if (user.token) headers.authorization = `Bearer ${user.token}`
    else if (user.username) headers.authorization = `Basic ${btoa(`${user.username}:${user.password ?? ''}`)}`
    // TLS would carry the certificate beside the request; the port has only headers.
    else if (user['client-certificate-data']) headers['x-client-certificate'] = user['client-certificate-data']
    if (impersonate.user) headers['impersonate-user'] = impersonate.user
    if (impersonate.groups.length > 0) headers['impersonate-group'] = impersonate.groups.join(',')
    if (impersonate.uid) headers['impersonate-uid'] = impersonate.uid
    return headers
  }

  async #warn(response: RestResponse): Promise<void> {
    for (const warning of warningsOf(response)) {
      if (this.#warned.has(warning)) continue
      this.#warned.add(warning)
      this.warnings++
      await this.#process.printError(`Warning: ${warning}\n`)
    }
  }
}

function statusOf(response: RestResponse, { raw, method = 'GET', path }: Call): Status {
  const body = response.body as Status | undefined
  if (typeof body === 'object' && body !== null && body.kind === 'Status') return body
  return genericStatus(response, raw ? '' : subjectOf(method, path))
}

/** `get nodes.metrics.k8s.io`, `delete pods web`: what client-go tells of a request for a resource; else empty. */
function subjectOf(method: string, path: string): string {
  const match = /^\/(?:api|apis\/([^/]+))\/v[^/]+\/(?:namespaces\/[^/]+\/(?=.))?([^/?]+)(?:\/([^/?]+))?/.exec(path)
  if (!match) return ''
  const [, group, resource, name] = match
  return [method.toLowerCase(), group ? `${resource}.${group}` : resource, name].filter(Boolean).join(' ')
}

function single(body: unknown): RestStream {
  return {
    close() {},
    async *[Symbol.asyncIterator]() {
      if (body !== undefined) yield body
    },
  }
}
