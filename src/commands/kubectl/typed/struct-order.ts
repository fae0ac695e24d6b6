import { typeInfo } from '../../../sim/kubernetes/api/schema.ts'
import { type Shape, shapeOf } from '../patch/schema.ts'

/** The object with its fields in the order of the Go struct, as typed clients print JSON. */
export function structOrder(object: any): any {
  return order(object, shapeOf(object.apiVersion ?? '', object.kind ?? ''))
}

function order(value: any, shape: Shape): any {
  if (typeof value !== 'object' || value === null || !shape) return value
  if (Array.isArray(value)) return value.map((item) => order(item, shape.startsWith('[') ? shape.slice(1) : undefined))
  if (shape.startsWith('{')) {
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((key) => [key, order(value[key], shape.slice(1))]),
    )
  }
  const info = typeInfo(shape)
  if (!info) return value
  const out: Record<string, unknown> = {}
  for (const [name, field] of info.fields) if (Object.hasOwn(value, name)) out[name] = order(value[name], field.type)
  for (const key of Object.keys(value)) if (!Object.hasOwn(out, key)) out[key] = value[key]
  return out
}
