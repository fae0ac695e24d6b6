import type { KubeObject } from '../../api/object.ts'
import { typeInfo } from '../../api/schema.ts'
import { decodeType } from '../decode.ts'
import type { ResourceInfo } from '../registry.ts'

/** Gives, of each resource, an object without anything, for comparison. */
export function emptyObjects(): (info: ResourceInfo) => KubeObject {
  const known = new Map<ResourceInfo, KubeObject>()
  return (info) => {
    let empty = known.get(info)
    if (!empty) {
      empty = (info.type ? withNullLists(info.type, decodeType<KubeObject>(info.type, {}).value) : {}) as KubeObject
      empty.metadata ??= {} as KubeObject['metadata']
      known.set(info, empty)
    }
    return empty
  }
}

/** Lists that Go always prints count as present, though empty. */
function withNullLists<T>(type: string, value: T): T {
  const object = value as Record<string, unknown>
  for (const field of typeInfo(type)?.fields.values() ?? []) {
    if (field.type[0] === '[' && field.r) object[field.name] ??= null
    else if (object[field.name] && typeInfo(field.type)) withNullLists(field.type, object[field.name])
  }
  return value
}
