import text from './data/types.ts'

/**
 * The API's field data. A type's code: `s` string, `i` int32, `l` int64, `b` bool, `d` double, `q` quantity, `x` int or
 * string, `t` time, `m` micro time, `y` base64 bytes, `*` any JSON, `[T` list of T, `{T` map of T, else a type's name.
 */
export type TypeCode = string

export interface FieldExtra {
  /** required */
  r?: 1
  /** printed even when empty (a Go value without omitempty) */
  z?: 1
  /** default */
  d?: unknown
  /** enum */
  e?: string[]
  /** list type: atomic, set or map; and the keys of a map */
  l?: 'atomic' | 'set' | 'map'
  k?: string[]
  /** patch strategy (`merge`, `retainKeys`, `merge,retainKeys`, `replace`) and merge key */
  p?: string
  m?: string
  /** an atomic map */
  a?: 1
  /** format of a string */
  f?: string
}

export interface Field extends FieldExtra {
  name: string
  type: TypeCode
}

export interface TypeInfo {
  name: string
  /** In the order servers print them. */
  fields: Map<string, Field>
  /** Changed only as a whole (server-side apply). */
  atomic: boolean
  kinds: [group: string, version: string, kind: string][]
}

interface RawType {
  f: Record<string, TypeCode | [TypeCode, FieldExtra]>
  a?: 1
  g?: [string, string, string][] | number
  u?: unknown
}

let raw: Record<string, RawType> | undefined
const compiled = new Map<string, TypeInfo>()
let byKind: Map<string, string> | undefined

function load(): Record<string, RawType> {
  raw ??= JSON.parse(text) as Record<string, RawType>
  return raw
}

/** `core.v1.Pod`. */
export function typeInfo(name: string): TypeInfo | undefined {
  const known = compiled.get(name)
  if (known) return known
  const type = load()[name]
  if (!type) return undefined
  const fields = new Map<string, Field>()
  for (const [field, value] of Object.entries(type.f)) {
    const [code, extra] = typeof value === 'string' ? [value, undefined] : value
    fields.set(field, { ...extra, name: field, type: code })
  }
  const info = { name, fields, atomic: type.a === 1, kinds: Array.isArray(type.g) ? type.g : [] }
  compiled.set(name, info)
  return info
}

/** The type of a kind: `('apps', 'v1', 'Deployment')` → `apps.v1.Deployment`. */
export function typeOfKind(group: string, version: string, kind: string): string | undefined {
  if (!byKind) {
    byKind = new Map()
    for (const [name, type] of Object.entries(load()))
      if (Array.isArray(type.g))
        for (const [g, v, k] of type.g) if (!byKind.has(`${g}/${v}/${k}`)) byKind.set(`${g}/${v}/${k}`, name)
  }
  return byKind.get(`${group}/${version}/${kind}`)
}
