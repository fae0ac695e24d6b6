import type { KubeObject } from '../../api/object.ts'
import { badRequest } from '../../api/status-error.ts'
import { toStorage } from '../conversion.ts'
import { decodeCustom } from '../custom-resources/decode.ts'
import { DecodeError, decodeType } from '../decode.ts'
import type { ResourceInfo } from '../registry.ts'
import type { CallOptions } from '../request-context.ts'

/** Reads a body as this version's type, with defaults; in the storage version. */
export function decodeObject(info: ResourceInfo, body: unknown, options: CallOptions): KubeObject {
  const apiVersion = info.group ? `${info.group}/${info.version}` : info.version
  const given = body as Partial<KubeObject> | null
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw badRequest(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(given) ? 'array' : typeof given} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    )
  if (given.kind !== undefined && given.kind !== info.kind && given.kind.toLowerCase() === info.kind.toLowerCase())
    throw badRequest(
      `${given.kind} in version ${JSON.stringify(info.version)} cannot be handled as a ${info.kind}: no kind ${JSON.stringify(given.kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`,
    )
  if (
    (given.kind !== undefined && given.kind !== info.kind) ||
    (given.apiVersion !== undefined && given.apiVersion !== '' && given.apiVersion !== apiVersion)
  )
    throw badRequest(
      `${given.kind ?? ''} in version ${JSON.stringify((given.apiVersion ?? '').split('/').pop())} cannot be handled as a ${info.kind}: converting (${given.apiVersion ?? ''}.${given.kind ?? ''}) to (${apiVersion}.${info.kind}): unknown conversion`,
    )
  let object: KubeObject
  try {
    const { value, unknown } = info.custom ? decodeCustom(info, given) : decodeType<KubeObject>(info.type ?? '', given)
    object = value
    if (unknown.length > 0 && options.fieldValidation === 'Strict')
      throw new DecodeError(`strict decoding error: ${unknown.join(', ')}`)
    if (options.fieldValidation === 'Warn') options.warnings.push(...unknown)
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    throw badRequest(
      `${info.kind} in version ${JSON.stringify(info.version)} cannot be handled as a ${info.kind}: ${error.message}`,
    )
  }
  const ordered: KubeObject = { kind: info.kind, apiVersion, ...withoutType(object) } as KubeObject
  ordered.metadata ??= {} as KubeObject['metadata']
  const stored = toStorage(info, ordered)
  info.definition?.defaults?.(stored)
  return stored
}

function withoutType(object: KubeObject): Record<string, unknown> {
  const { apiVersion, kind, ...rest } = object
  return rest
}
