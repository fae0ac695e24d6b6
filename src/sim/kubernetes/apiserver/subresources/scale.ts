import { invalid } from '../../api/field-error.ts'
import { formatSelector } from '../../api/label-selector.ts'
import type { KubeObject } from '../../api/object.ts'
import { badRequest, conflict, invalidObject, MODIFIED } from '../../api/status-error.ts'
import { DecodeError, decodeType } from '../decode.ts'
import type { Operations } from '../operations/operations.ts'
import type { ResourceInfo } from '../registry.ts'
import type { CallOptions } from '../request-context.ts'

const read = (object: any, path: string): any =>
  path
    .split('.')
    .filter(Boolean)
    .reduce((at, key) => at?.[key], object)

/** autoscaling/v1 Scale of a scalable object. */
export function scaleOf(info: ResourceInfo, object: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const scale = info.custom?.scale
  const replicas = scale ? read(object, scale.specReplicasPath) : object.spec?.replicas
  const current = scale ? read(object, scale.statusReplicasPath) : object.status?.replicas
  const selector = scale
    ? scale.labelSelectorPath && read(object, scale.labelSelectorPath)
    : info.name === 'replicationcontrollers'
      ? formatSelector({ matchLabels: object.spec?.selector })
      : formatSelector(object.spec?.selector)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace ? { namespace } : {}), uid, resourceVersion, creationTimestamp },
    spec: replicas ? { replicas } : {},
    status: { replicas: current ?? 0, ...(selector ? { selector } : {}) },
  }
}

/** Changes the number of replicas through a Scale. */
export function updateScale(
  operations: Operations,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
  change: (old: KubeObject) => object,
  options: CallOptions,
): KubeObject {
  const updated = operations.update(
    info,
    namespace,
    name,
    (old) => {
      const next = decodeScale(change(old))
      if (next.metadata?.resourceVersion && next.metadata.resourceVersion !== old.metadata.resourceVersion)
        throw conflict(info, name, MODIFIED)
      const replicas = next.spec?.replicas ?? 0
      if (replicas < 0)
        throw invalidObject('autoscaling', 'Scale', name, [
          invalid('spec.replicas', replicas, 'must be greater than or equal to 0'),
        ])
      if (info.custom?.scale)
        return withPath(old, info.custom.scale.specReplicasPath.split('.').filter(Boolean), replicas)
      return { ...old, metadata: { ...old.metadata }, spec: { ...old.spec, replicas } }
    },
    options,
    'scale',
  )
  return scaleOf(info, updated)
}

function decodeScale(body: object): any {
  try {
    return decodeType('autoscaling.v1.Scale', body).value
  } catch (error) {
    if (error instanceof DecodeError)
      throw badRequest(`Scale in version "v1" cannot be handled as a Scale: ${error.message}`)
    throw error
  }
}

function withPath(object: any, path: string[], value: unknown): any {
  const [key, ...rest] = path
  if (key === undefined) return value
  const copy = { ...object, [key]: withPath(object?.[key] ?? {}, rest, value) }
  if (copy.metadata) copy.metadata = { ...copy.metadata }
  return copy
}
