import type { PatchType } from '../../api/client.ts'
import type { KubeObject } from '../../api/object.ts'
import { badRequest, unsupportedMediaType } from '../../api/status-error.ts'
import { fromStorage } from '../conversion.ts'
import type { Operations } from '../operations.ts'
import type { ResourceInfo } from '../registry.ts'
import type { CallOptions } from '../request-context.ts'
import { scaleOf, updateScale } from '../subresources/index.ts'
import { jsonPatch } from './json-patch.ts'
import { mergePatch } from './merge-patch.ts'
import { strategicMergePatch } from './strategic-merge-patch.ts'

export interface PatchRequest {
  type: PatchType
  subresource: string
  force?: boolean
}

/** Applies a patch to the stored object and writes it, as an update. */
export function patchObject(
  operations: Operations,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
  patch: unknown,
  { type, subresource, force }: PatchRequest,
  options: CallOptions,
): { object: KubeObject; created: boolean } {
  if (type === 'strategic' && info.custom)
    throw unsupportedMediaType(
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    )
  if (type === 'apply')
    return operations.apply(info, namespace, name, patch as KubeObject, options, force ?? false, subresource)
  const patched = (current: KubeObject, kind: string | undefined) => {
    switch (type) {
      case 'merge':
        if (typeof patch !== 'object' || patch === null || Array.isArray(patch))
          throw badRequest('json: cannot unmarshal array into Go value of type map[string]interface {}')
        return mergePatch(current, patch)
      case 'json':
        return jsonPatch(current, patch)
      default:
        return strategicMergePatch(kind ?? '*', current, patch)
    }
  }
  if (subresource === 'scale') {
    const object = updateScale(
      operations,
      info,
      namespace,
      name,
      (old) => patched(scaleOf(info, old), 'autoscaling.v1.Scale') as object,
      options,
    )
    return { object, created: false }
  }
  const updated = operations.update(
    info,
    namespace,
    name,
    (old) => {
      const next = patched(fromStorage(info, old), info.type) as KubeObject
      return operations.decode(info, next, options)
    },
    options,
    subresource,
  )
  return { object: updated, created: false }
}
