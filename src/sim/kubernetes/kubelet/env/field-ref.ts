import { milliValue, quantityValue } from '../../api/quantity.ts'
import type { Container, Pod } from '../pod.ts'

/** The value of a downward-API field; throws when there is none. */
export function fieldValue(pod: Pod, path: string, facts: { hostIP: string; podIP?: string }): string {
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path)
  if (subscript) return pod.metadata[subscript[1] as 'labels']?.[subscript[2]!] ?? ''
  const podIP = facts.podIP ?? pod.status?.podIP ?? ''
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name
    case 'metadata.namespace':
      return pod.metadata.namespace ?? ''
    case 'metadata.uid':
      return pod.metadata.uid
    case 'metadata.labels':
      return formatMap(pod.metadata.labels)
    case 'metadata.annotations':
      return formatMap(pod.metadata.annotations)
    case 'spec.nodeName':
      return pod.spec.nodeName ?? ''
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? ''
    case 'status.hostIP':
    case 'status.hostIPs':
      return facts.hostIP
    case 'status.podIP':
    case 'status.podIPs':
      return podIP
  }
  throw new Error(`unsupported fieldPath: ${path}`)
}

function formatMap(map: Record<string, string> | undefined): string {
  return Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}\n`)
    .join('')
    .replace(/\n$/, '')
}

/** `limits.cpu` and the like, divided and rounded up; a missing limit is the node's. */
export function resourceValue(
  container: Container,
  ref: { resource: string; divisor?: string },
  allocatable: Record<string, string>,
): string {
  const [list, ...rest] = ref.resource.split('.')
  const name = rest.join('.')
  const resources = container.resources as Record<string, Record<string, string> | undefined> | undefined
  const own = resources?.[list!]?.[name]
  const value = own ?? (list === 'limits' ? allocatable[name] : undefined) ?? '0'
  const divisor = ref.divisor === undefined || ref.divisor === '0' ? '1' : ref.divisor
  if (name === 'cpu') return String(Math.ceil(milliValue(value) / milliValue(divisor)))
  return String(Math.ceil(quantityValue(value) / quantityValue(divisor)))
}
