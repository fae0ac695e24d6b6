import { query, type RestPort, type RestRequest, type RestResponse } from '../../rest/port.ts'
import type { Clock } from '../../time/event-queue.ts'
import type { Random } from '../../time/random.ts'
import type { Waiting } from '../../time/waiting.ts'
import type { ApiClient } from '../api/client.ts'
import type { KubeletPort } from '../api/kubelet-port.ts'
import { ApiError } from '../api/object.ts'
import { KIND_DEFINITIONS } from '../resources/index.ts'
import { checkAdmissionPolicies } from './admission-policy-status.ts'
import { type Aggregation, type ApiBackend, aggregate } from './aggregation.ts'
import { authenticate } from './auth/authenticate.ts'
import { authorizePath, authorizeResource } from './auth/authorize.ts'
import { bootstrap, keepKubernetesService } from './bootstrap.ts'
import { signCertificates } from './certificate-signing.ts'
import { serveCustomResources } from './custom-resources/definitions.ts'
import { aggregatedDiscovery, legacyDiscovery, wantsAggregated } from './discovery.ts'
import { InProcessClient } from './in-process-client.ts'
import { metricValues } from './metric-values.ts'
import { type Descriptions, openApiPath } from './openapi/index.ts'
import { loadDescriptions } from './openapi/load-descriptions.ts'
import { Operations } from './operations/operations.ts'
import { isProtobuf, withJsonBody } from './protobuf/body.ts'
import { ResourceRegistry } from './registry.ts'
import { SYSTEM } from './request-context.ts'
import { RequestMetrics } from './request-metrics.ts'
import { parseResourcePath } from './request-path.ts'
import { handleResource } from './requests/handle-resource.ts'
import { recordServiceAddresses } from './service-addresses.ts'
import { Store } from './store.ts'
import { systemPath } from './system-paths.ts'

export interface ApiServerOptions {
  clock: Clock
  random: Random
  waiting: Waiting
  /** ms since 1970 at clock time 0. */
  readonly epoch: number
  /** Where it is reached inside the cluster's network; 192.168.10.210 and 6443 unless given. */
  address?: string
  port?: number
}

export interface ApiServer extends RestPort {
  /** The same operations in process, trusted and synchronous. */
  readonly client: ApiClient
  readonly operations: Operations
  /** The kubelet that answers for a node: logs, exec, attach, port-forward. */
  registerKubelet(node: string, kubelet: KubeletPort): void
  unregisterKubelet(node: string): void
  /** The kubelet of a node, for servers in the cluster that read its metrics. */
  kubelet(node: string): KubeletPort | undefined
  /** A program at these addresses serves an API group for an APIService. Returns how to end that. */
  registerBackend(addresses: readonly string[], port: number, backend: ApiBackend): () => void
  /** ms since 1970 */
  now(): number
}

/** What the handlers of requests share. */
export interface ServerParts {
  clock: Clock
  waiting: Waiting
  random: Random
  operations: Operations
  registry: ResourceRegistry
  kubelets: ReadonlyMap<string, KubeletPort>
  aggregation: Aggregation
  metrics: RequestMetrics
}

/** A Kubernetes API server with an empty cluster: the first namespaces and what every cluster has. */
export function createApiServer(options: ApiServerOptions): ApiServer {
  const { clock, random, waiting, address = '192.168.10.210', port = 6443 } = options
  const now = () => options.epoch + clock.now
  const store = new Store()
  const registry = new ResourceRegistry(KIND_DEFINITIONS)
  const operations = new Operations({ store, registry, random: random.fork('apiserver'), now })
  const kubelets = new Map<string, KubeletPort>()
  const parts: ServerParts = {
    clock,
    waiting,
    random: random.fork('apiserver-requests'),
    operations,
    registry,
    kubelets,
    aggregation: aggregate(operations, clock),
    metrics: new RequestMetrics(now()),
  }
  bootstrap(operations)
  serveCustomResources(operations, clock)
  checkAdmissionPolicies(operations, clock)
  signCertificates(operations, clock)
  keepKubernetesService(operations, clock, address, port)
  recordServiceAddresses(operations)
  return {
    client: new InProcessClient(operations, SYSTEM, 'kube-apiserver'),
    operations,
    registerKubelet: (node, kubelet) => void kubelets.set(node, kubelet),
    unregisterKubelet: (node) => void kubelets.delete(node),
    kubelet: (node) => kubelets.get(node),
    registerBackend: (addresses, port, backend) => parts.aggregation.register(addresses, port, backend),
    now,
    handle: (request) => counted(parts, request),
  }
}

const JSON_HEADERS = { 'content-type': 'application/json' }

function counted(parts: ServerParts, request: RestRequest): RestResponse | Promise<RestResponse> {
  const response = handle(parts, request)
  if (response instanceof Promise)
    return response.then((settled) => {
      parts.metrics.count(request, settled.status)
      return settled
    })
  parts.metrics.count(request, response.status)
  return response
}

function handle(parts: ServerParts, request: RestRequest): RestResponse | Promise<RestResponse> {
  try {
    if (isProtobuf(request))
      return withJsonBody(request)
        .then((json) => route(parts, json))
        .catch(failed)
    const response = route(parts, request)
    return response instanceof Promise ? response.catch(failed) : response
  } catch (error) {
    return failed(error)
  }
}

function failed(error: unknown): RestResponse {
  if (!(error instanceof ApiError)) throw error
  const retry = error.status.details?.retryAfterSeconds
  return {
    status: error.code,
    headers: retry ? { ...JSON_HEADERS, 'retry-after': String(retry) } : JSON_HEADERS,
    body: error.status,
  }
}

function route(parts: ServerParts, request: RestRequest): RestResponse | Promise<RestResponse> {
  const path = request.path.length > 1 && request.path.endsWith('/') ? request.path.slice(0, -1) : request.path
  const accept = request.headers?.accept ?? ''
  const user = authenticate(parts.operations, request)
  const target = parseResourcePath(path)
  if (target) {
    if (target.subresource && parts.aggregation.servesMetricsOfObjects(target.group, target.version)) {
      authorizeResource(parts.operations, user, request, target)
      const { group, version, resource, subresource } = target
      return metricValues(parts.registry.find(group, version, `${resource}/${subresource}`), request, target)
    }
    if (!parts.registry.find(target.group, target.version, target.resource)) {
      if (!parts.aggregation.isUnavailable(target.group, target.version)) return PAGE_NOT_FOUND
      authorizeResource(parts.operations, user, request, target)
      return UNAVAILABLE
    }
    authorizeResource(parts.operations, user, request, target)
    return handleResource(parts, request, target, user)
  }
  authorizePath(parts.operations, user, request, path)
  if ((path === '/api' || path === '/apis') && wantsAggregated(accept))
    return aggregatedDiscovery(parts.registry, path === '/api')
  if (/^\/api(\/[^/]+)?$|^\/apis(\/[^/]+){0,2}$/.test(path)) {
    const [, , group = '', version = ''] = path.split('/')
    if (version && parts.aggregation.isUnavailable(group, version)) return UNAVAILABLE
    const body = legacyDiscovery(parts.registry, path)
    if (!body) return PAGE_NOT_FOUND
    return { status: 200, headers: JSON_HEADERS, body }
  }
  if (path.startsWith('/openapi/v3/')) {
    const document = (words: Descriptions) => openApiPath(parts.registry, request, path, words) ?? PAGE_NOT_FOUND
    const words = loadDescriptions(parts.waiting)
    return words instanceof Promise ? words.then(document) : document(words)
  }
  const document = openApiPath(parts.registry, request, path, undefined)
  if (document) return document
  if (path === '/metrics') return parts.metrics.answer(parts.operations)
  const response = systemPath(path, query(request, 'verbose') !== undefined)
  return response ?? PAGE_NOT_FOUND
}

/** What servers say of paths they know nothing of: no Status. */
const PAGE_NOT_FOUND: RestResponse = {
  status: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: '404 page not found\n',
}

/** What stands in for a server behind an APIService that does not answer. */
const UNAVAILABLE: RestResponse = {
  status: 503,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: 'service unavailable\n',
}
