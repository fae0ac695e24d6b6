import type { KubernetesDiscovery } from '../config/config.ts'
import type { Found } from './discovery.ts'
import type { KubernetesObjects } from './kubernetes-objects.ts'

type KubeJson = any
type LabelRecord = Record<string, string>

const META = '__meta_kubernetes_'
const legal = (name: string) => name.replaceAll(/[^a-zA-Z0-9_]/g, '_')

/** The watch gives a new object for each change, so what follows from one is worked out once. */
function once(of: (object: KubeJson) => LabelRecord): (object: KubeJson) => LabelRecord {
  const known = new WeakMap<object, LabelRecord>()
  return (object) => {
    const labels = known.get(object) ?? of(object)
    known.set(object, labels)
    return labels
  }
}

type Objects = Pick<KubernetesObjects, 'list' | 'get'>

/** Only the objects that the selectors, each for one role, let the API server send. */
function selected(objects: KubernetesObjects, selectors: KubernetesDiscovery['selectors']): Objects {
  if (selectors.length === 0) return objects
  const query = (resource: string) => {
    const selector = selectors.find(({ role }) => RESOURCES[role] === resource)
    return [
      selector?.label && `labelSelector=${encodeURIComponent(selector.label)}`,
      selector?.field && `fieldSelector=${encodeURIComponent(selector.field)}`,
    ]
      .filter(Boolean)
      .join('&')
  }
  return {
    list: (resource, namespace, group) => objects.list(resource, namespace, group, query(resource)),
    get: (resource, namespace, name, within) => objects.get(resource, namespace, name, within, query(resource)),
  }
}

/** Targets of a kubernetes_sd_config's role, with the meta labels its documentation names. */
export function kubernetesTargets(all: KubernetesObjects, config: KubernetesDiscovery): Found[] {
  const role = ROLES[config.role]!
  const objects = selected(all, config.selectors)
  if (config.role === 'node') return role(objects, '')
  const named = config.ownNamespace ? [all.ownNamespace, ...config.namespaces] : config.namespaces
  const namespaces = named.length > 0 ? named : ['']
  return namespaces.flatMap((namespace) => role(objects, namespace))
}

const RESOURCES: Record<string, string> = {
  node: 'nodes',
  pod: 'pods',
  service: 'services',
  endpoints: 'endpoints',
  endpointslice: 'endpointslices',
  ingress: 'ingresses',
}

const ROLES: Record<string, (objects: Objects, namespace: string) => Found[]> = {
  node: (objects) => objects.list('nodes', '').map(nodeTarget),
  pod: (objects, namespace) => objects.list('pods', namespace).flatMap(podTargets),
  service: (objects, namespace) => objects.list('services', namespace).flatMap(serviceTargets),
  endpoints: (objects, namespace) =>
    objects.list('endpoints', namespace).flatMap((endpoints) => endpointsTargets(objects, namespace, endpoints)),
  endpointslice: (objects, namespace) =>
    objects
      .list('endpointslices', namespace, 'apis/discovery.k8s.io/v1')
      .flatMap((slice) => sliceTargets(objects, namespace, slice)),
  ingress: (objects, namespace) =>
    objects.list('ingresses', namespace, 'apis/networking.k8s.io/v1').flatMap(ingressTargets),
}

/** Labels and annotations of an object, each with a label that says that it is there. */
function marks(kind: string, object: KubeJson): LabelRecord {
  const result: LabelRecord = {}
  for (const what of ['label', 'annotation'] as const) {
    for (const [name, value] of Object.entries((object.metadata[`${what}s`] ?? {}) as LabelRecord)) {
      result[`${META}${kind}_${what}_${legal(name)}`] = value
      result[`${META}${kind}_${what}present_${legal(name)}`] = 'true'
    }
  }
  return result
}

function nodeTarget(node: KubeJson): Found {
  const addresses = node.status?.addresses ?? []
  const address =
    (addresses.find((a: KubeJson) => a.type === 'InternalIP') ?? addresses[0])?.address ?? node.metadata.name
  const port = node.status?.daemonEndpoints?.kubeletEndpoint?.Port ?? 10250
  const found: LabelRecord = {
    __address__: `${address}:${port}`,
    instance: node.metadata.name,
    [`${META}node_name`]: node.metadata.name,
    ...marks('node', node),
  }
  for (const a of addresses) found[`${META}node_address_${legal(a.type)}`] ??= a.address
  return found
}

const podMeta = once((pod) => {
  const owner = (pod.metadata.ownerReferences ?? []).find((o: KubeJson) => o.controller)
  const ready = pod.status?.conditions?.find((c: KubeJson) => c.type === 'Ready')?.status ?? 'unknown'
  return {
    [`${META}pod_name`]: pod.metadata.name,
    [`${META}pod_ip`]: pod.status?.podIP ?? '',
    [`${META}pod_ready`]: ready.toLowerCase(),
    [`${META}pod_phase`]: pod.status?.phase ?? '',
    [`${META}pod_node_name`]: pod.spec.nodeName ?? '',
    [`${META}pod_host_ip`]: pod.status?.hostIP ?? '',
    [`${META}pod_uid`]: pod.metadata.uid,
    ...(owner ? { [`${META}pod_controller_kind`]: owner.kind, [`${META}pod_controller_name`]: owner.name } : {}),
    ...marks('pod', pod),
  }
})

const containerMeta = (container: KubeJson, port: KubeJson, isInit: boolean): LabelRecord => ({
  [`${META}pod_container_name`]: container.name,
  [`${META}pod_container_image`]: container.image ?? '',
  [`${META}pod_container_init`]: String(isInit),
  ...(port
    ? {
        [`${META}pod_container_port_name`]: port.name ?? '',
        [`${META}pod_container_port_number`]: String(port.containerPort),
        [`${META}pod_container_port_protocol`]: port.protocol ?? 'TCP',
      }
    : {}),
})

function podTargets(pod: KubeJson): Found[] {
  const ip = pod.status?.podIP
  if (!ip) return []
  const common = { [`${META}namespace`]: pod.metadata.namespace, ...podMeta(pod) }
  const containers = [
    ...pod.spec.containers.map((c: KubeJson) => [c, false] as const),
    ...(pod.spec.initContainers ?? []).map((c: KubeJson) => [c, true] as const),
  ]
  return containers.flatMap(([container, isInit]) => {
    const ports = container.ports ?? []
    if (ports.length === 0) return [{ __address__: ip, ...common, ...containerMeta(container, undefined, isInit) }]
    return ports.map((port: KubeJson) => ({
      __address__: `${ip}:${port.containerPort}`,
      ...common,
      ...containerMeta(container, port, isInit),
    }))
  })
}

const serviceMeta = once((service) => ({
  [`${META}service_name`]: service.metadata.name,
  ...marks('service', service),
}))

function serviceTargets(service: KubeJson): Found[] {
  const { name, namespace } = service.metadata
  return (service.spec.ports ?? []).map((port: KubeJson) => ({
    __address__: `${name}.${namespace}.svc:${port.port}`,
    [`${META}namespace`]: namespace,
    [`${META}service_port_name`]: port.name ?? '',
    [`${META}service_port_number`]: String(port.port),
    [`${META}service_port_protocol`]: port.protocol ?? 'TCP',
    [`${META}service_type`]: service.spec.type ?? 'ClusterIP',
    ...(service.spec.type === 'ExternalName'
      ? { [`${META}service_external_name`]: service.spec.externalName }
      : { [`${META}service_cluster_ip`]: service.spec.clusterIP ?? '' }),
    ...serviceMeta(service),
  }))
}

interface Backed {
  address: string
  ready: boolean
  nodeName?: string
  hostname?: string
  target?: { kind?: string; name?: string; namespace?: string }
  ports: readonly { name?: string; port: number; protocol?: string }[]
}

/** Addresses with what stands behind them, and the Pods' other ports. */
function backedTargets(
  objects: Objects,
  within: string,
  common: LabelRecord,
  prefix: 'endpoint' | 'endpointslice_endpoint',
  portPrefix: 'endpoint_port' | 'endpointslice_port',
  all: readonly Backed[],
): Found[] {
  const found: Found[] = []
  const bound = new Map<string, { pod: KubeJson; ports: Set<number> }>()
  for (const { address, ready, nodeName, hostname, target, ports } of all) {
    for (const port of ports) {
      const labels: LabelRecord = {
        __address__: `${address}:${port.port}`,
        ...common,
        [`${META}${portPrefix}_name`]: port.name ?? '',
        [`${META}${portPrefix}_protocol`]: port.protocol ?? 'TCP',
        [prefix === 'endpoint' ? `${META}endpoint_ready` : `${META}endpointslice_endpoint_conditions_ready`]:
          String(ready),
      }
      if (prefix !== 'endpoint') labels[`${META}${portPrefix}`] = String(port.port)
      if (nodeName) labels[`${META}endpoint_node_name`] = nodeName
      if (hostname) labels[`${META}endpoint_hostname`] = hostname
      if (target?.kind) {
        const key = prefix === 'endpoint' ? 'endpoint_address_target' : 'endpointslice_address_target'
        labels[`${META}${key}_kind`] = target.kind
        labels[`${META}${key}_name`] = target.name ?? ''
      }
      const pod =
        target?.kind === 'Pod' ? objects.get('pods', target.namespace ?? '', target.name ?? '', within) : undefined
      if (pod) {
        Object.assign(labels, podMeta(pod))
        for (const container of pod.spec.containers)
          for (const each of container.ports ?? [])
            if (each.containerPort === port.port) Object.assign(labels, containerMeta(container, each, false))
        const entry = bound.get(pod.metadata.uid) ?? { pod, ports: new Set<number>() }
        entry.ports.add(port.port)
        bound.set(pod.metadata.uid, entry)
      }
      found.push(labels)
    }
  }
  for (const { pod, ports } of bound.values())
    for (const container of pod.spec.containers)
      for (const port of container.ports ?? [])
        if (!ports.has(port.containerPort))
          found.push({
            __address__: `${pod.status?.podIP}:${port.containerPort}`,
            ...common,
            ...podMeta(pod),
            ...containerMeta(container, port, false),
          })
  return found
}

const endpointsMarks = once((endpoints) => marks('endpoints', endpoints))

function endpointsTargets(objects: Objects, within: string, endpoints: KubeJson): Found[] {
  const { name, namespace } = endpoints.metadata
  const service = objects.get('services', namespace, name, within)
  const common: LabelRecord = {
    [`${META}namespace`]: namespace,
    [`${META}endpoints_name`]: name,
    ...endpointsMarks(endpoints),
    ...(service ? serviceMeta(service) : {}),
  }
  const all = (endpoints.subsets ?? []).flatMap((subset: KubeJson): Backed[] => {
    const of = (list: KubeJson[] | undefined, ready: boolean): Backed[] =>
      (list ?? []).map((a) => ({
        address: a.ip,
        ready,
        nodeName: a.nodeName,
        hostname: a.hostname,
        target: a.targetRef,
        ports: subset.ports ?? [],
      }))
    return [...of(subset.addresses, true), ...of(subset.notReadyAddresses, false)]
  })
  return backedTargets(objects, within, common, 'endpoint', 'endpoint_port', all)
}

function sliceTargets(objects: Objects, within: string, slice: KubeJson): Found[] {
  const { name, namespace, labels = {} } = slice.metadata
  const service = objects.get('services', namespace, labels['kubernetes.io/service-name'] ?? '', within)
  const common: LabelRecord = {
    [`${META}namespace`]: namespace,
    [`${META}endpointslice_name`]: name,
    [`${META}endpointslice_address_type`]: slice.addressType,
    ...marks('endpointslice', slice),
    ...(service ? serviceMeta(service) : {}),
  }
  const all = (slice.endpoints ?? []).flatMap((endpoint: KubeJson): Backed[] =>
    endpoint.addresses.map((address: string) => ({
      address,
      ready: endpoint.conditions?.ready !== false,
      nodeName: endpoint.nodeName,
      hostname: endpoint.hostname,
      target: endpoint.targetRef,
      ports: slice.ports ?? [],
    })),
  )
  return backedTargets(objects, within, common, 'endpointslice_endpoint', 'endpointslice_port', all)
}

function ingressTargets(ingress: KubeJson): Found[] {
  const { name, namespace } = ingress.metadata
  return (ingress.spec.rules ?? []).flatMap((rule: KubeJson) =>
    (rule.http?.paths ?? [{}]).map((path: KubeJson) => ({
      __address__: rule.host ?? '*',
      [`${META}namespace`]: namespace,
      [`${META}ingress_name`]: name,
      [`${META}ingress_scheme`]: (ingress.spec.tls ?? []).some((t: KubeJson) => t.hosts?.includes(rule.host))
        ? 'https'
        : 'http',
      [`${META}ingress_host`]: rule.host ?? '*',
      [`${META}ingress_path`]: path.path ?? '/',
      [`${META}ingress_class_name`]: ingress.spec.ingressClassName ?? '',
      ...marks('ingress', ingress),
    })),
  )
}
