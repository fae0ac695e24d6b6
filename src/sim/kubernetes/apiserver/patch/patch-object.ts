import type { PatchType } from '../../api/client.ts'
import { invalid } from '../../api/field-error.ts'
import { ApiError, type KubeObject } from '../../api/object.ts'
import { badRequest, invalidObject, unsupportedMediaType } from '../../api/status-error.ts'
import { fromStorage } from '../conversion.ts'
import { decodeObject } from '../operations/decode-object.ts'
import type { Operations } from '../operations/operations.ts'
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
      try {
        return decodeObject(info, next, options)
      } catch (error) {
        throw error instanceof ApiError ? undecodable(error, patch, type) : error
      }
    },
    options,
    subresource,
  )
  return { object: updated, created: false }
}

/** A patch whose result is no object of the kind: the complaint is about the patch. */
function undecodable(error: ApiError, patch: unknown, type: PatchType): ApiError {
  const m = /cannot be handled as a \w+: (.*)$/s.exec(error.message)
  if (!m || m[1]!.startsWith('strict decoding error')) return error
  const words = m[1]!
  if (type !== 'strategic') return invalidObject('', '', '', [invalid('patch', JSON.stringify(patch), words)])
  const into = /of type (\S+)$/.exec(words)?.[1]
  const from = /^json: cannot unmarshal (\w+)/.exec(words)?.[1]
  let detail = words
  if (words.startsWith('illegal base64')) detail = `error decoding from json: ${words}`
  else if (into?.startsWith('[]')) detail = `cannot restore slice from ${goKind(from)}`
  else if (into?.startsWith('map[')) detail = `cannot restore map from ${goKind(from)}`
  else if (into?.includes('.')) detail = `cannot restore struct from: ${goKind(from)}`
  else if (into) detail = `unrecognized type: ${into}`
  return invalidObject('', '', '', [invalid('patch', goValue(patch), detail)])
}

const goKind = (json: string | undefined) =>
  json === 'number' ? 'int64' : json === 'array' ? 'slice' : json === 'object' ? 'map' : (json ?? '')

/** As Go prints maps: `map[a:b c:[d e]]`. */
function goValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`
  if (value === null) return '<nil>'
  if (typeof value !== 'object') return String(value)
  const members = Object.keys(value)
    .sort()
    .map((key) => `${key}:${goValue((value as Record<string, unknown>)[key])}`)
  return `map[${members.join(' ')}]`
}
