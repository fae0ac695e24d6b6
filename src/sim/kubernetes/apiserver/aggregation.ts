import { rfc3339 } from '../../time/date.ts'
import type { Clock } from '../../time/event-queue.ts'
import { deepEqual } from '../api/json.ts'
import type { KubeObject } from '../api/object.ts'
import type { Operations } from './operations/operations.ts'
import type { ResourceInfo } from './registry.ts'
import { internalOptions } from './request-context.ts'
import type { Store } from './store.ts'

/** One resource of a server behind an APIService. It can be read only. */
export interface BackendResource {
  /** plural */
  resource: string
  singular: string
  kind: string
  namespaced: boolean
  /** get and list where none are given */
  verbs?: string[]
}

/** What a program that serves a group of the API gives: its resources, and their objects in tables by `nodes.metrics.k8s.io`. */
export interface ApiBackend {
  group: string
  version: string
  resources: readonly BackendResource[]
  store: Store
}

export interface Aggregation {
  /** A program listens at an address of the cluster's network and serves a group. Returns how to end that. */
  register(addresses: readonly string[], port: number, backend: ApiBackend): () => void
  /** An APIService stands for the version, but nothing answers for it. */
  isUnavailable(group: string, version: string): boolean
  /** Its subresources are metrics: `pods/web-1/http_requests`. */
  servesMetricsOfObjects(group: string, version: string): boolean
}

interface Verdict {
  available: boolean
  reason: string
  message: string
  backend?: ApiBackend
}

/** How soon after a change the availability controller looks again, in ms. */
const REACTION = 200

/** Serves the groups of APIServices whose Service has an endpoint that answers, and keeps their conditions. */
export function aggregate(operations: Operations, clock: Clock): Aggregation {
  const { registry } = operations
  const named = (name: string) => registry.named(name)!
  const services = operations.table(named('apiservices.apiregistration.k8s.io'))
  const backends = new Map<string, ApiBackend>()
  /** By APIService: what it stands for, and whose resources are served. */
  const served = new Map<string, { group: string; version: string; backend: ApiBackend | undefined }>()
  let due = false
  const later = () => {
    if (due) return
    due = true
    clock.after(REACTION, () => {
      due = false
      checkAll()
    })
  }

  function checkAll(): void {
    const remote = new Map(
      services
        .list()
        .filter((o) => o.spec?.service)
        .map((o) => [o.metadata.name, o] as const),
    )
    for (const [name, { group, version }] of served) {
      if (remote.has(name)) continue
      registry.removeVersion(group, version)
      served.delete(name)
    }
    for (const object of remote.values()) check(object)
  }

  function check(object: KubeObject): void {
    const { group, version } = object.spec
    const verdict = judge(operations, object, backends)
    const known = served.get(object.metadata.name)
    if (!known || known.backend !== verdict.backend) {
      registry.removeVersion(group, version)
      registry.ensureVersion(group, version).answers = verdict.available
      for (const resource of verdict.backend?.resources ?? [])
        registry.add(resourceInfo(resource, verdict.backend as ApiBackend))
      served.set(object.metadata.name, { group, version, backend: verdict.backend })
    }
    report(operations, object, verdict)
  }

  services.subscribe(later)
  for (const name of ['services', 'endpointslices.discovery.k8s.io']) {
    operations.table(named(name)).subscribe(({ object }) => {
      const service = object.metadata.labels?.['kubernetes.io/service-name'] ?? object.metadata.name
      const concerned = services
        .list()
        .some((o) => o.spec?.service?.name === service && o.spec.service.namespace === object.metadata.namespace)
      if (concerned) later()
    })
  }
  return {
    register(addresses, port, backend) {
      const keys = addresses.map((address) => keyOf(`${address}:${port}`, backend))
      for (const key of keys) backends.set(key, backend)
      later()
      return () => {
        for (const key of keys) if (backends.get(key) === backend) backends.delete(key)
        later()
      }
    },
    servesMetricsOfObjects: (group, version) =>
      group === 'custom.metrics.k8s.io' &&
      [...served.values()].some((each) => each.group === group && each.version === version && each.backend),
    isUnavailable: (group, version) =>
      [...served.values()].some((each) => each.group === group && each.version === version && !each.backend),
  }
}

/** One program may serve several groups at one port. */
const keyOf = (end: string, { group, version }: { group: string; version: string }) => `${end} ${group}/${version}`

/** The checks of kube-aggregator's availability controller, with its words. */
function judge(operations: Operations, object: KubeObject, backends: ReadonlyMap<string, ApiBackend>): Verdict {
  const { service, group, version } = object.spec
  const { name, namespace, port = 443 } = service
  const where = `service/${name} in ${JSON.stringify(namespace)}`
  const failed = (reason: string, message: string): Verdict => ({ available: false, reason, message })
  const found = operations.table(operations.registry.named('services')!).get(namespace, name)
  if (!found) return failed('ServiceNotFound', `${where} is not present`)
  const servicePort = found.spec.ports?.find((p: any) => p.port === port)
  if (!servicePort) return failed('ServicePortError', `${where} is not listening on port ${port}`)
  const slices = operations
    .table(operations.registry.named('endpointslices.discovery.k8s.io')!)
    .labelled(namespace, 'kubernetes.io/service-name', name)
  const ends: string[] = slices.flatMap((slice: any) => {
    const number = slice.ports?.find((p: any) => (p.name ?? '') === (servicePort.name ?? ''))?.port
    if (number === undefined) return []
    return (slice.endpoints ?? [])
      .filter((e: any) => e.conditions?.ready !== false)
      .map((e: any) => `${e.addresses[0]}:${number}`)
  })
  if (ends.length === 0)
    return failed(
      'MissingEndpoints',
      `endpoints for ${where} have no addresses with port name ${JSON.stringify(servicePort.name ?? '')}`,
    )
  for (const end of ends) {
    const backend = backends.get(keyOf(end, { group, version }))
    if (backend) return { available: true, reason: 'Passed', message: 'all checks passed', backend }
  }
  const url = `https://${ends[0]}/apis/${group}/${version}`
  return failed(
    'FailedDiscoveryCheck',
    `failing or missing response from ${url}: Get ${JSON.stringify(url)}: dial tcp ${ends[0]}: connect: connection refused`,
  )
}

function report(operations: Operations, object: KubeObject, verdict: Verdict): void {
  const old = object.status?.conditions?.find((c: any) => c.type === 'Available')
  const status = verdict.available ? 'True' : 'False'
  const { reason, message } = verdict
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : rfc3339(operations.now())
  const condition = { lastTransitionTime, message, reason, status, type: 'Available' }
  if (deepEqual(old, condition)) return
  const info = operations.registry.named('apiservices.apiregistration.k8s.io')!
  operations.update(
    info,
    undefined,
    object.metadata.name,
    (current) => ({ ...current, metadata: { ...current.metadata }, status: { conditions: [condition] } }),
    internalOptions(),
    'status',
  )
}

function resourceInfo(of: BackendResource, { group, version, store }: ApiBackend): ResourceInfo {
  const name = `${of.resource}.${group}`
  return {
    ...of,
    name,
    group,
    version,
    listKind: `${of.kind}List`,
    verbs: of.verbs ?? ['get', 'list'],
    shortNames: [],
    categories: [],
    subresources: new Map(),
    type: undefined,
    definition: undefined,
    storage: name,
    storageVersion: { group, version },
    backend: store,
  }
}
