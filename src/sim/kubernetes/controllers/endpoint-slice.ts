import type { KubeObject } from '../api/object.ts'
import { defineController } from './shared/controller.ts'
import { controllerOf, splitKey } from './shared/meta.ts'
import { isPodReady } from './shared/pods.ts'
import {
  hostnameUnder,
  isHeadless,
  podReference,
  portsOn,
  servicePods,
  watchServicesAndPods,
} from './shared/service-pods.ts'
import { type EndpointGroup, reconcileSlices, type SliceEndpoint } from './shared/slices.ts'

const SLICES = 'endpointslices.discovery.k8s.io'
const MANAGER = 'endpointslice-controller.k8s.io'

/** Keeps the EndpointSlices of every Service with a selector. */
export const endpointSliceController = defineController(
  'endpointslice-controller',
  (controller) => {
    const { api } = controller
    watchServicesAndPods(controller)
    // Somebody else changing or deleting a slice asks for a pass; the pass finds nothing to do after its own writes.
    controller.watch(SLICES, ({ type, object }) => {
      const owner = controllerOf(object)
      const managed = object.metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === MANAGER
      if (type !== 'ADDED' && managed && owner) controller.enqueue(`${object.metadata.namespace}/${owner.name}`)
    })

    return (key) => {
      const { namespace, name } = splitKey(key)
      const service = api.get('services', namespace, name)
      if (!service?.spec.selector || service.spec.type === 'ExternalName' || service.metadata.deletionTimestamp) return
      const labels: Record<string, string> = {
        ...service.metadata.labels,
        'endpointslice.kubernetes.io/managed-by': MANAGER,
        'kubernetes.io/service-name': name,
      }
      if (isHeadless(service)) labels['service.kubernetes.io/headless'] = ''
      const existing = api
        .list(SLICES, { namespace, ownedBy: service.metadata.uid })
        .filter((slice) => slice.metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === MANAGER)
      const pods = servicePods(controller, service)
      controller.weigh(key, pods.length)
      const groups = groupsOf(service, pods, zoneOf)
      reconcileSlices(controller, { owner: service, labels, addressType: 'IPv4', existing, groups, placeholder: true })
    }

    function zoneOf(node: string | undefined): string | undefined {
      const labels = node ? api.get('nodes', undefined, node)?.metadata.labels : undefined
      return labels?.['topology.kubernetes.io/zone']
    }
  },
  // What kube-proxy needs to write its rules is in here: the simulated rules follow the slices at once.
  { latency: { min: 40, max: 140 } },
)

function groupsOf(
  service: KubeObject,
  pods: readonly KubeObject[],
  zoneOf: (node: string | undefined) => string | undefined,
): EndpointGroup[] {
  const groups = new Map<string, EndpointGroup>()
  for (const pod of pods) {
    const ports = portsOn(pod, service)
    const id = JSON.stringify(ports)
    const group = groups.get(id) ?? { ports, endpoints: [] }
    groups.set(id, group)
    const terminating = pod.metadata.deletionTimestamp !== undefined
    const serving = isPodReady(pod)
    const zone = zoneOf(pod.spec.nodeName)
    const hostname = hostnameUnder(pod, service)
    const endpoint: SliceEndpoint = {
      addresses: [pod.status.podIP],
      conditions: {
        ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating),
        serving,
        terminating,
      },
      ...(hostname && { hostname }),
      nodeName: pod.spec.nodeName,
      targetRef: podReference(pod),
      ...(zone && { zone }),
    }
    group.endpoints.push(endpoint)
  }
  return [...groups.values()]
}
