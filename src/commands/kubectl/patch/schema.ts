import { typeInfo, typeOfKind } from '../../../sim/kubernetes/api/schema.ts'
import { parseGroupVersion } from '../discovery/resource.ts'

/** What is known of a place in an object: its type's code. */
export type Shape = string | undefined

export interface FieldShape {
  shape: Shape
  strategies: readonly string[]
  mergeKey: string | undefined
}

/** Undefined for kinds without field data (custom resources): those are patched as plain JSON. */
export function shapeOf(apiVersion: string, kind: string): Shape {
  const { group, version } = parseGroupVersion(apiVersion)
  return typeOfKind(group, version, kind)
}

export function fieldShape(shape: Shape, name: string): FieldShape {
  if (shape?.startsWith('{')) return { shape: shape.slice(1), strategies: [], mergeKey: undefined }
  const field = shape ? typeInfo(shape)?.fields.get(name) : undefined
  return { shape: field?.type, strategies: field?.p?.split(',') ?? [], mergeKey: field?.m }
}

/** Of a list's items. */
export const itemShape = (shape: Shape): Shape => (shape?.startsWith('[') ? shape.slice(1) : undefined)
