import type { KubeObject } from '../../api/object.ts'
import type { Controller } from './controller.ts'
import { equal } from './equal.ts'
import { keyOf } from './meta.ts'
import { isPodFinished, isPodReady } from './pods.ts'
import { matchesLabels } from './selector.ts'

export interface EndpointPort {
  name: string
  port?: number
  protocol: string
  appProtocol?: string
}

/** Services with a selector are enqueued when they change and when a Pod they select does, in a way that counts. */
export function watchServicesAndPods(controller: Controller): void {
  const services = new Map<string, Map<string, KubeObject>>()
  controller.watch('services', ({ type, object }) => {
    const { namespace = '', name } = object.metadata
    let names = services.get(namespace)
    if (!names) {
      names = new Map()
      services.set(namespace, names)
    }
    if (type === 'DELETED') names.delete(name)
    else names.set(name, object)
    controller.enqueue(keyOf(object))
  })
  controller.watch('pods', ({ type, object, previous }) => {
    const before = type === 'MODIFIED' ? previous : undefined
    if (before && !countsForEndpoints(before, object)) return
    for (const service of services.get(object.metadata.namespace ?? '')?.values() ?? []) {
      if (!service.spec.selector) continue
      const selects = (pod: KubeObject | undefined) =>
        pod !== undefined && matchesLabels(service.spec.selector, pod.metadata.labels)
      if (selects(object) || selects(before)) controller.enqueue(keyOf(service))
    }
  })
}

function countsForEndpoints(before: KubeObject, after: KubeObject): boolean {
  return (
    isPodReady(before) !== isPodReady(after) ||
    before.status?.podIP !== after.status?.podIP ||
    before.status?.phase !== after.status?.phase ||
    before.spec.nodeName !== after.spec.nodeName ||
    before.metadata.deletionTimestamp !== after.metadata.deletionTimestamp ||
    !equal(before.metadata.labels, after.metadata.labels)
  )
}

/** The Pods behind a Service that have an address and may still serve. */
export function servicePods(controller: Controller, service: KubeObject): KubeObject[] {
  return controller.api
    .list('pods', { namespace: service.metadata.namespace, labels: { matchLabels: service.spec.selector } })
    .filter((pod) => pod.status?.podIP && !isPodFinished(pod))
}

/** A Service's ports as this Pod has them; those whose name the Pod does not have are left out. */
export function portsOn(pod: KubeObject, service: KubeObject): EndpointPort[] {
  const out: EndpointPort[] = []
  for (const { name = '', protocol = 'TCP', port, targetPort = port, appProtocol } of service.spec.ports ?? []) {
    const found = typeof targetPort === 'number' ? targetPort : namedPort(pod, targetPort, protocol)
    if (found !== undefined) out.push({ name, port: found, protocol, ...(appProtocol && { appProtocol }) })
  }
  return out
}

function namedPort(pod: KubeObject, name: string, protocol: string): number | undefined {
  const sidecars = (pod.spec.initContainers ?? []).filter((c: any) => c.restartPolicy === 'Always')
  for (const container of [...pod.spec.containers, ...sidecars]) {
    for (const port of container.ports ?? []) {
      if (port.name === name && (port.protocol ?? 'TCP') === protocol) return port.containerPort
    }
  }
  return undefined
}

export function isHeadless(service: KubeObject): boolean {
  return service.spec.clusterIP === 'None' || (!service.spec.clusterIP && service.spec.type === 'ExternalName')
}

/** The Pod's own DNS name under the Service, if it has one. */
export function hostnameUnder(pod: KubeObject, service: KubeObject): string | undefined {
  const { hostname, subdomain } = pod.spec
  return hostname && subdomain === service.metadata.name ? hostname : undefined
}

export function podReference({ metadata }: KubeObject) {
  return { kind: 'Pod', name: metadata.name, namespace: metadata.namespace, uid: metadata.uid }
}
