import { DecodeError, decodeType } from '../../../sim/kubernetes/apiserver/decode.ts'
import { jsonPatch } from '../../../sim/kubernetes/apiserver/patch/json-patch.ts'
import { mergePatch } from '../../../sim/kubernetes/apiserver/patch/merge-patch.ts'
import { strategicMergePatch } from '../../../sim/kubernetes/apiserver/patch/strategic-merge-patch.ts'
import { CliError } from '../errors/errors.ts'
import { type FlagSpec, string } from '../flags/flag.ts'
import type { Session } from '../session.ts'
import { shapeOf } from './schema.ts'

export const overrideFlags = (): FlagSpec[] => [
  string('override-type', 'The method used to override the generated object: json, merge, or strategic.', {
    default: 'merge',
  }),
  string(
    'overrides',
    'An inline JSON override for the generated object. If this is non-empty, it is used to override the generated object. Requires that the object supply a valid apiVersion field.',
  ),
]

/** The object as `--overrides` changes it, decoded as the API's types are. */
export async function mergeOverrides(session: Session, object: any): Promise<any> {
  const merged = withOverrides(session, object)
  const shape = merged === object ? undefined : shapeOf(merged.apiVersion, merged.kind)
  try {
    if (shape) decodeType(shape, merged)
  } catch (error) {
    if (error instanceof DecodeError) throw new CliError(error.message)
    throw error
  }
  return merged
}

function withOverrides(session: Session, object: any): any {
  const text = session.flags.string('overrides')
  if (!text) return object
  let patch: any
  try {
    patch = JSON.parse(text)
  } catch {
    throw new CliError('Invalid JSON Patch')
  }
  switch (session.flags.string('override-type')) {
    case 'json':
      return jsonPatch(object, patch)
    case 'strategic':
      return strategicMergePatch(shapeOf(object.apiVersion, object.kind) ?? '', object, patch)
    case 'merge':
      return mergePatch(object, patch)
    default:
      throw new CliError(`invalid override type: ${session.flags.string('override-type')}`)
  }
}
