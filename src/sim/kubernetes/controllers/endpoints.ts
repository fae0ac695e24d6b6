import type { KubeObject } from '../api/object.ts'
import { defineController } from './shared/controller.ts'
import { equal } from './shared/equal.ts'
import { formatTime, splitKey } from './shared/meta.ts'
import { isNotFound } from './shared/pod-control.ts'
import { isPodReady } from './shared/pods.ts'
import {
  type EndpointPort,
  hostnameUnder,
  isHeadless,
  podReference,
  portsOn,
  servicePods,
  watchServicesAndPods,
} from './shared/service-pods.ts'

const HEADLESS = 'service.kubernetes.io/headless'
const TRIGGER = 'endpoints.kubernetes.io/last-change-trigger-time'
const CAPACITY = 1000

/** Keeps the Endpoints object of every Service with a selector. */
export const endpointsController = defineController(
  'endpoints-controller',
  (controller) => {
    const { api } = controller
    watchServicesAndPods(controller)
    /** Services seen: Endpoints that never had one are left alone. */
    const known = new Set<string>()
    controller.watch('endpoints', ({ type, object }) => {
      if (type === 'DELETED') controller.enqueue(`${object.metadata.namespace}/${object.metadata.name}`)
    })

    return (key) => {
      const { namespace, name } = splitKey(key)
      const service = api.get('services', namespace, name)
      const current = api.get('endpoints', namespace, name)
      if (!service) {
        // Also those that were written by hand.
        if (current && known.has(key)) removeEndpoints(namespace, name)
        known.delete(key)
        return
      }
      known.add(key)
      if (!service.spec.selector || service.spec.type === 'ExternalName') return
      const pods = servicePods(controller, service)
      controller.weigh(key, pods.length)
      const subsets = subsetsOf(service, pods)
      const labels: Record<string, string> = {
        ...service.metadata.labels,
        'endpoints.kubernetes.io/managed-by': 'endpoint-controller',
      }
      if (isHeadless(service)) labels[HEADLESS] = ''
      const wanted = subsets.length > 0 ? subsets : undefined
      if (current && equal(current.subsets, wanted) && equal(current.metadata.labels, labels)) return
      const annotations = { ...current?.metadata.annotations, [TRIGGER]: formatTime(api.now()) }
      const object: any = { apiVersion: 'v1', kind: 'Endpoints', ...current, subsets: wanted }
      object.metadata = { ...current?.metadata, name, namespace, labels, annotations }
      if (current) api.update('endpoints', object)
      else api.create('endpoints', object)
    }

    function removeEndpoints(namespace: string, name: string): void {
      try {
        api.delete('endpoints', namespace, name)
      } catch (error) {
        if (!isNotFound(error)) throw error
      }
    }
  },
  { account: 'endpoint-controller', eventSource: 'endpoint-controller' },
)

function subsetsOf(service: KubeObject, pods: readonly KubeObject[]): unknown[] {
  const groups = new Map<string, { ports: EndpointPort[]; ready: unknown[]; notReady: unknown[] }>()
  for (const pod of pods.slice(0, CAPACITY)) {
    const anyway = service.spec.publishNotReadyAddresses
    if (pod.metadata.deletionTimestamp && !anyway) continue
    const ports = portsOn(pod, service).sort((a, b) => (a.port ?? 0) - (b.port ?? 0))
    if (ports.length === 0 && !isHeadless(service)) continue
    const id = JSON.stringify(ports)
    const group = groups.get(id) ?? { ports, ready: [], notReady: [] }
    groups.set(id, group)
    const hostname = hostnameUnder(pod, service)
    const address = {
      ...(hostname && { hostname }),
      ip: pod.status.podIP,
      nodeName: pod.spec.nodeName,
      targetRef: podReference(pod),
    }
    if (anyway || isPodReady(pod)) group.ready.push(address)
    else group.notReady.push(address)
  }
  return [...groups.keys()].sort().map((id) => {
    const { ports, ready, notReady } = groups.get(id)!
    return {
      ...(ready.length > 0 && { addresses: ready.sort(byIp) }),
      ...(notReady.length > 0 && { notReadyAddresses: notReady.sort(byIp) }),
      ...(ports.length > 0 && { ports: ports.map(({ name, ...rest }) => (name ? { name, ...rest } : rest)) }),
    }
  })
}

function byIp(a: any, b: any): number {
  return a.ip < b.ip ? -1 : a.ip > b.ip ? 1 : 0
}
