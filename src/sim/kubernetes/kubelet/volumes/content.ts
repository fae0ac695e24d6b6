import type { KeyToPath } from 'kubernetes-types/core/v1'
import { fieldValue, resourceValue } from '../env/field-ref.ts'
import type { Payload } from './atomic-writer.ts'
import type { VolumeContext } from './plugin.ts'

/** The files that API objects give to a volume. All throw the words of a FailedMount event. */

const encoder = new TextEncoder()
const decode64 = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))

interface ObjectSource {
  name?: string
  items?: KeyToPath[]
  optional?: boolean
}

export function configMapFiles(context: VolumeContext, source: ObjectSource, mode: number): [string, Payload][] {
  const { node, pod } = context
  const object = node.api.get('configmaps', pod.metadata.namespace, source.name ?? '')
  if (!object) {
    if (source.optional) return []
    throw new Error(`configmap ${JSON.stringify(source.name)} not found`)
  }
  const data = new Map<string, Uint8Array>()
  for (const [key, text] of Object.entries<string>(object.data ?? {})) data.set(key, encoder.encode(text))
  for (const [key, text] of Object.entries<string>(object.binaryData ?? {})) data.set(key, decode64(text))
  return pick(data, source, mode, 'configmap references non-existent config key')
}

export function secretFiles(context: VolumeContext, source: ObjectSource, mode: number): [string, Payload][] {
  const { node, pod } = context
  const object = node.api.get('secrets', pod.metadata.namespace, source.name ?? '')
  if (!object) {
    if (source.optional) return []
    throw new Error(`secret ${JSON.stringify(source.name)} not found`)
  }
  const data = new Map<string, Uint8Array>()
  for (const [key, text] of Object.entries<string>(object.data ?? {})) data.set(key, decode64(text))
  return pick(data, source, mode, 'references non-existent secret key')
}

function pick(
  data: ReadonlyMap<string, Uint8Array>,
  { items, optional }: ObjectSource,
  mode: number,
  missing: string,
): [string, Payload][] {
  if (!items) return [...data].map(([key, bytes]) => [key, { bytes, mode }])
  const out: [string, Payload][] = []
  for (const item of items) {
    const bytes = data.get(item.key)
    if (bytes) out.push([item.path, { bytes, mode: item.mode ?? mode }])
    else if (!optional) throw new Error(`${missing}: ${item.key}`)
  }
  return out
}

interface DownwardItem {
  path: string
  mode?: number
  fieldRef?: { fieldPath: string }
  resourceFieldRef?: { containerName?: string; resource: string; divisor?: string }
}

export function downwardFiles(
  context: VolumeContext,
  items: readonly DownwardItem[],
  mode: number,
): [string, Payload][] {
  const { node, pod, allocatable } = context
  return items.map((item) => {
    const container = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find(
      (c) => c.name === item.resourceFieldRef?.containerName,
    )
    const text =
      item.resourceFieldRef && container
        ? resourceValue(container, item.resourceFieldRef, allocatable)
        : fieldValue(pod, item.fieldRef?.fieldPath ?? '', { hostIP: node.node.ip })
    return [item.path, { bytes: encoder.encode(text), mode: item.mode ?? mode }]
  })
}

/** A fresh service-account token for the Pod. */
export function tokenFile(
  { node, pod }: VolumeContext,
  source: { audience?: string; expirationSeconds?: number; path: string },
  mode: number,
): [string, Payload][] {
  const token = requestToken(node, pod, source)
  const { securityContext, containers } = pod.spec
  const users = containers.map((c) => c.securityContext?.runAsUser ?? securityContext?.runAsUser)
  const shared = users.length > 0 && users[0] !== undefined && users.every((uid) => uid === users[0])
  const own = securityContext?.fsGroup !== undefined ? 0o640 : shared ? 0o600 : mode
  return [[source.path, { bytes: encoder.encode(token), mode: own, ...(shared ? { uid: users[0] } : {}) }]]
}

function requestToken(
  node: VolumeContext['node'],
  pod: VolumeContext['pod'],
  source: { audience?: string; expirationSeconds?: number },
): string {
  const name = pod.spec.serviceAccountName ?? 'default'
  if (!node.api.get('serviceaccounts', pod.metadata.namespace, name)) {
    throw new Error(`failed to fetch token: serviceaccounts ${JSON.stringify(name)} not found`)
  }
  const answer = node.api.create(
    'serviceaccounts',
    {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: { name, namespace: pod.metadata.namespace },
      spec: {
        audiences: source.audience ? [source.audience] : [],
        expirationSeconds: source.expirationSeconds ?? 3600,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: pod.metadata.name, uid: pod.metadata.uid },
      },
    },
    { subresource: 'token' },
  )
  return answer.status?.token ?? ''
}
