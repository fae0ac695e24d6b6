import type { KubeObject } from '../api/object.ts'
import { defineController } from './shared/controller.ts'
import { keyOf, splitKey } from './shared/meta.ts'
import { type EndpointGroup, reconcileSlices, type SliceEndpoint } from './shared/slices.ts'

const SLICES = 'endpointslices.discovery.k8s.io'
const MANAGER = 'endpointslicemirroring-controller.k8s.io'
const SKIP = ['endpointslice.kubernetes.io/skip-mirror', 'control-plane.alpha.kubernetes.io/leader']

/** Copies hand-written Endpoints of Services without a selector into EndpointSlices. */
export const endpointSliceMirroringController = defineController('endpointslicemirroring-controller', (controller) => {
  const { api } = controller
  const enqueue = ({ object }: { object: KubeObject }) => controller.enqueue(keyOf(object))
  controller.watch('endpoints', enqueue)
  controller.watch('services', enqueue)

  return (key) => {
    const { namespace, name } = splitKey(key)
    const service = api.get('services', namespace, name)
    const endpoints = api.get('endpoints', namespace, name)
    const existing = endpoints
      ? api
          .list(SLICES, { namespace, ownedBy: endpoints.metadata.uid })
          .filter((slice) => slice.metadata.labels?.['endpointslice.kubernetes.io/managed-by'] === MANAGER)
      : []
    const isWanted = service && endpoints && !service.spec.selector && !isSkipped(endpoints)
    if (!endpoints || (!isWanted && existing.length === 0)) return
    const labels = {
      ...endpoints.metadata.labels,
      'endpointslice.kubernetes.io/managed-by': MANAGER,
      'kubernetes.io/service-name': name,
    }
    const groups = isWanted ? groupsOf(endpoints) : []
    const annotations = withoutOwn(endpoints.metadata.annotations)
    reconcileSlices(controller, {
      owner: endpoints,
      labels,
      annotations,
      addressType: 'IPv4',
      existing,
      groups,
      placeholder: false,
    })
  }
})

function isSkipped({ metadata }: KubeObject): boolean {
  return metadata.labels?.[SKIP[0]!] === 'true' || metadata.annotations?.[SKIP[1]!] !== undefined
}

function withoutOwn(annotations: Record<string, string> = {}): Record<string, string> {
  const skipped = [
    'kubectl.kubernetes.io/last-applied-configuration',
    'endpoints.kubernetes.io/last-change-trigger-time',
  ]
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !skipped.includes(key)))
}

function groupsOf(endpoints: KubeObject): EndpointGroup[] {
  return (endpoints.subsets ?? []).map(({ addresses = [], notReadyAddresses = [], ports = [] }: any): EndpointGroup => {
    const convert =
      (ready: boolean) =>
      ({ ip, hostname, nodeName, targetRef }: any): SliceEndpoint => ({
        addresses: [ip],
        conditions: { ready },
        ...(hostname && { hostname }),
        ...(nodeName && { nodeName }),
        ...(targetRef && { targetRef }),
      })
    return {
      ports: ports.map(({ name = '', protocol = 'TCP', ...rest }: any) => ({ name, ...rest, protocol })),
      endpoints: [...addresses.map(convert(true)), ...notReadyAddresses.map(convert(false))],
    }
  })
}
