import type { KubeObject } from '../../api/object.ts'
import type { Controller } from './controller.ts'
import { equal } from './equal.ts'
import { controllerRef, formatTime } from './meta.ts'
import type { EndpointPort } from './service-pods.ts'

export interface SliceEndpoint {
  addresses: string[]
  conditions: { ready: boolean; serving?: boolean; terminating?: boolean }
  hostname?: string
  nodeName?: string
  targetRef?: object
  zone?: string
}

/** Endpoints that have the same ports, and so may share a slice. */
export interface EndpointGroup {
  ports: EndpointPort[]
  endpoints: SliceEndpoint[]
}

export interface SliceSet {
  /** A Service or an Endpoints object. */
  owner: KubeObject
  labels: Record<string, string>
  annotations?: Record<string, string>
  addressType: 'IPv4' | 'IPv6'
  existing: readonly KubeObject[]
  groups: readonly EndpointGroup[]
  /** Keep one empty slice where there is nothing to list. */
  placeholder: boolean
}

const SIZE = 100
const TRIGGER = 'endpoints.kubernetes.io/last-change-trigger-time'

/** Makes the EndpointSlices of an owner hold the wanted endpoints, changing as few slices as possible. */
export function reconcileSlices(controller: Controller, set: SliceSet): void {
  const spare = [...set.existing]
  const wanted: { slice?: KubeObject; ports: EndpointPort[]; endpoints: SliceEndpoint[] }[] = []
  for (const { ports, endpoints } of set.groups) {
    if (endpoints.length === 0) continue
    const missing = new Map(endpoints.map((endpoint) => [identity(endpoint), endpoint]))
    const mine = spare.filter((slice) => equal(slice.ports ?? [], ports) && slice.endpoints?.length > 0)
    const filled = mine.map((slice) => {
      spare.splice(spare.indexOf(slice), 1)
      const kept: SliceEndpoint[] = []
      for (const endpoint of slice.endpoints) {
        const id = identity(endpoint)
        const current = missing.get(id)
        if (current) kept.push(current)
        missing.delete(id)
      }
      return { slice, ports, endpoints: kept }
    })
    const rest = [...missing.values()]
    for (const target of filled) target.endpoints.push(...rest.splice(0, Math.max(0, SIZE - target.endpoints.length)))
    for (const target of filled) {
      if (target.endpoints.length > 0) wanted.push(target)
      else spare.push(target.slice)
    }
    while (rest.length > 0) wanted.push({ ports, endpoints: rest.splice(0, SIZE) })
  }
  if (wanted.length === 0 && set.placeholder) wanted.push({ ports: [], endpoints: [] })
  for (const { slice = spare.shift(), ports, endpoints } of wanted) write(controller, set, slice, ports, endpoints)
  for (const { metadata } of spare) {
    controller.api.delete('endpointslices.discovery.k8s.io', metadata.namespace, metadata.name)
  }
}

function write(
  controller: Controller,
  { owner, labels, annotations, addressType }: SliceSet,
  slice: KubeObject | undefined,
  ports: EndpointPort[],
  endpoints: SliceEndpoint[],
): void {
  const { api } = controller
  const content = { endpoints: endpoints.length > 0 ? endpoints : null, ports: ports.length > 0 ? ports : null }
  const own = annotations ?? { [TRIGGER]: formatTime(api.now()) }
  if (!slice) {
    const { namespace, name } = owner.metadata
    const metadata = {
      generateName: `${name}-`,
      namespace,
      labels,
      ...(annotations || endpoints.length > 0 ? { annotations: own } : {}),
      ownerReferences: [controllerRef(owner)],
    }
    const object = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType, ...content }
    api.create('endpointslices.discovery.k8s.io', object)
    return
  }
  const same =
    equal(slice.endpoints ?? [], endpoints) && equal(slice.ports ?? [], ports) && equal(slice.metadata.labels, labels)
  if (same) return
  const metadata = { ...slice.metadata, labels, annotations: { ...slice.metadata.annotations, ...own } }
  api.update('endpointslices.discovery.k8s.io', { ...slice, metadata, ...content })
}

function identity({ addresses, targetRef, hostname }: SliceEndpoint): string {
  return `${addresses[0]}|${(targetRef as { uid?: string } | undefined)?.uid ?? ''}|${hostname ?? ''}`
}
