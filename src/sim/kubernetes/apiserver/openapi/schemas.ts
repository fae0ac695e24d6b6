import { type Field, type TypeCode, typeInfo } from '../../api/schema.ts'
import { fullTypeName, SCALAR_TYPES } from './names.ts'

/** Sentences about types and fields, when somebody supplies them: by type, then by field (`''` is the type itself). */
export type Descriptions = Readonly<Record<string, Readonly<Record<string, string>>>>

type Json = Record<string, unknown>

const SCALARS: Record<string, Json> = {
  s: { type: 'string' },
  y: { type: 'string', format: 'byte' },
  i: { type: 'integer', format: 'int32' },
  l: { type: 'integer', format: 'int64' },
  d: { type: 'number', format: 'double' },
  b: { type: 'boolean' },
  '*': { type: 'object' },
}

const SCALAR_SCHEMAS: Record<string, Json> = {
  q: { description: 'A fixed-point number.', oneOf: [{ type: 'string' }, { type: 'number' }] },
  t: { type: 'string', format: 'date-time' },
  m: { type: 'string', format: 'date-time' },
  x: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
}

const ZERO: Record<string, unknown> = { s: '', i: 0, l: 0, b: false, d: 0 }

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })

/** The schemas of types and of everything they are made of, as OpenAPI v3 components. */
export class SchemaWriter {
  readonly schemas: Record<string, Json> = {}
  readonly #descriptions: Descriptions

  constructor(descriptions: Descriptions = {}) {
    this.#descriptions = descriptions
  }

  add(type: string): void {
    const name = fullTypeName(type)
    if (this.schemas[name]) return
    const info = typeInfo(type)
    if (!info) return
    const schema: Json = { type: 'object' }
    this.schemas[name] = schema
    const words = this.#descriptions[type] ?? {}
    if (words['']) schema.description = words['']
    const properties: Json = {}
    const required: string[] = []
    for (const field of [...info.fields.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      properties[field.name] = this.#property(field, words[field.name])
      if (field.r) required.push(field.name)
    }
    if (required.length > 0) schema.required = required
    schema.properties = properties
    if (info.kinds.length > 0)
      schema['x-kubernetes-group-version-kind'] = info.kinds.map(([group, version, kind]) => ({ group, version, kind }))
    if (info.atomic) schema['x-kubernetes-map-type'] = 'atomic'
  }

  #property(field: Field, description: string | undefined): Json {
    const out: Json = description ? { description } : {}
    Object.assign(out, this.#type(field.type, true))
    if (field.z) out.default = ZERO[field.type] ?? {}
    if (field.d !== undefined) out.default = field.d
    if (field.e) out.enum = field.e
    if (field.f) out.format = field.f
    if (field.l) out['x-kubernetes-list-type'] = field.l
    if (field.k) out['x-kubernetes-list-map-keys'] = field.k
    if (field.p) out['x-kubernetes-patch-strategy'] = field.p
    if (field.m) out['x-kubernetes-patch-merge-key'] = field.m
    if (field.a) out['x-kubernetes-map-type'] = 'atomic'
    return out
  }

  #type(code: TypeCode, isProperty = false): Json {
    if (code[0] === '[') return { type: 'array', items: this.#type(code.slice(1)) }
    if (code[0] === '{') return { type: 'object', additionalProperties: this.#type(code.slice(1)) }
    const scalar = SCALAR_TYPES[code]
    let name: string
    if (scalar) {
      name = scalar
      this.schemas[name] ??= SCALAR_SCHEMAS[code]!
    } else if (code.length === 1) {
      return { ...SCALARS[code] }
    } else {
      name = fullTypeName(code)
      this.add(code)
    }
    return isProperty ? { allOf: [ref(name)] } : ref(name)
  }
}
