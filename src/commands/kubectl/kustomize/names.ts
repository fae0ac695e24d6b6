import { isMap } from '../patch/equal.ts'
import type { Resource } from './accumulate.ts'
import { nameHash } from './name-hash.ts'

/** Gives generated objects their hashes, and makes all references follow the new names. */
export function finishNames(resources: readonly Resource[]): void {
  for (const resource of resources) {
    if (!resource.hashed) continue
    // The hash is of the content alone.
    const name = `${resource.object.metadata.name}-${nameHash(resource.object, '')}`
    resource.object = { ...resource.object, metadata: { ...resource.object.metadata, name } }
  }
  const rename = (kind: string, name: unknown): unknown => {
    if (typeof name !== 'string') return name
    const target = resources.find((r) => r.object.kind === kind && r.names.includes(name))
    return target ? target.object.metadata.name : name
  }
  for (const resource of resources) resource.object = follow(resource.object, rename, '')
}

type Rename = (kind: string, name: unknown) => unknown

/** Fields whose `name` names an object of a kind. */
const BY_NAME: Record<string, string> = {
  configMapRef: 'ConfigMap',
  configMapKeyRef: 'ConfigMap',
  configMap: 'ConfigMap',
  secretRef: 'Secret',
  secretKeyRef: 'Secret',
  secret: 'Secret',
  imagePullSecrets: 'Secret',
  service: 'Service',
}

/** Fields that are such a name themselves. */
const DIRECT: Record<string, string> = {
  secretName: 'Secret',
  claimName: 'PersistentVolumeClaim',
  serviceAccountName: 'ServiceAccount',
  serviceName: 'Service',
  ingressClassName: 'IngressClass',
}

/** References that say their kind. */
const WITH_KIND = new Set(['scaleTargetRef', 'roleRef', 'subjects'])

function follow(value: unknown, rename: Rename, parent: string): any {
  if (Array.isArray(value)) return value.map((item) => follow(item, rename, parent))
  if (!isMap(value)) return value
  const out: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(value)) {
    if (key === 'name' && BY_NAME[parent]) out[key] = rename(BY_NAME[parent]!, field)
    else if (key === 'name' && WITH_KIND.has(parent)) out[key] = rename(String(value.kind), field)
    else if (DIRECT[key] && typeof field === 'string') out[key] = rename(DIRECT[key]!, field)
    else out[key] = key === 'data' && parent === '' ? field : follow(field, rename, key)
  }
  return out
}
