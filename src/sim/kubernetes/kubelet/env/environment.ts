import type { ApiClient } from '../../api/client.ts'
import type { Container, Pod } from '../pod.ts'
import { expand } from './expansion.ts'
import { fieldValue, resourceValue } from './field-ref.ts'
import { serviceEnvironment } from './service-environment.ts'

export interface EnvironmentFacts {
  api: ApiClient
  hostIP: string
  podIP?: string
  allocatable: Record<string, string>
}

/** The environment of a container, in the order the kubelet gives it. Throws with the words of the missing thing. */
export function containerEnvironment(pod: Pod, container: Container, facts: EnvironmentFacts): [string, string][] {
  const { api } = facts
  const namespace = pod.metadata.namespace!
  const services = serviceEnvironment(api, namespace, pod.spec.enableServiceLinks !== false)
  const env = new Map<string, string>()
  for (const source of container.envFrom ?? []) {
    const ref = source.configMapRef ?? source.secretRef
    if (!ref?.name) continue
    const data = source.configMapRef
      ? configMapData(api, namespace, ref.name, ref.optional)
      : secretData(api, namespace, ref.name, ref.optional)
    for (const key of Object.keys(data).sort()) env.set(`${source.prefix ?? ''}${key}`, data[key]!)
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (!valueFrom) {
      env.set(
        name,
        expand(value ?? '', (key) => env.get(key) ?? services.get(key)),
      )
      continue
    }
    const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom
    if (fieldRef) env.set(name, fieldValue(pod, fieldRef.fieldPath, facts))
    else if (resourceFieldRef)
      env.set(
        name,
        resourceValue(
          containerFor(pod, container, resourceFieldRef.containerName),
          resourceFieldRef,
          facts.allocatable,
        ),
      )
    else {
      const ref = configMapKeyRef ?? secretKeyRef
      if (!ref?.name) continue
      const data = configMapKeyRef
        ? configMapData(api, namespace, ref.name, ref.optional)
        : secretData(api, namespace, ref.name, ref.optional)
      const found = data[ref.key]
      if (found !== undefined) env.set(name, found)
      else if (!ref.optional) {
        throw new Error(
          `couldn't find key ${ref.key} in ${configMapKeyRef ? 'ConfigMap' : 'Secret'} ${namespace}/${ref.name}`,
        )
      }
    }
  }
  for (const [name, value] of services) if (!env.has(name)) env.set(name, value)
  return [...env]
}

function containerFor(pod: Pod, container: Container, name: string | undefined): Container {
  if (!name) return container
  return [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].find((c) => c.name === name) ?? container
}

function configMapData(api: ApiClient, namespace: string, name: string, optional = false): Record<string, string> {
  const object = api.get('configmaps', namespace, name)
  if (!object && !optional) throw new Error(`configmap ${JSON.stringify(name)} not found`)
  return object?.data ?? {}
}

function secretData(api: ApiClient, namespace: string, name: string, optional = false): Record<string, string> {
  const object = api.get('secrets', namespace, name)
  if (!object && !optional) throw new Error(`secret ${JSON.stringify(name)} not found`)
  const out: Record<string, string> = {}
  for (const [key, value] of Object.entries<string>(object?.data ?? {})) out[key] = decodeUtf8(value)
  return out
}

function decodeUtf8(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)))
}
