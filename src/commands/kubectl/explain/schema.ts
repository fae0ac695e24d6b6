/** An OpenAPI v3 schema, as far as explain reads it. */
export interface Schema {
  $ref?: string
  type?: string
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  additionalProperties?: Schema | boolean
  allOf?: Schema[]
  enum?: unknown[]
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[]
}

export type Schemas = Readonly<Record<string, Schema>>

/** What a reference (or a lone allOf) stands for. */
export function resolve(schema: Schema, schemas: Schemas): Schema {
  if (schema.$ref) return resolve(schemas[schema.$ref.split('/').at(-1)!] ?? {}, schemas)
  if (schema.allOf?.length === 1 && !schema.properties) return resolve(schema.allOf[0]!, schemas)
  return schema
}

/** The schema whose fields are shown for a field: of list items and map values, too. */
export function element(schema: Schema, schemas: Schemas): Schema {
  const full = resolve(schema, schemas)
  if (full.items) return element(full.items, schemas)
  if (typeof full.additionalProperties === 'object') return element(full.additionalProperties, schemas)
  return full
}

/** `[]Container`, `map[string]string`, `integer`. */
export function typeName(schema: Schema, schemas: Schemas): string {
  if (schema.items) return `[]${typeName(schema.items, schemas)}`
  if (typeof schema.additionalProperties === 'object')
    return `map[string]${typeName(schema.additionalProperties, schemas)}`
  if (schema.allOf?.length === 1 && !schema.properties) return typeName(schema.allOf[0]!, schemas)
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1)!.split('.').at(-1)!
    return name === 'Time' || name === 'MicroTime' ? 'string' : name
  }
  if (schema.type === 'object' || !schema.type) return 'Object'
  return schema.type
}
