import { BoundedRegExp } from '../../../linux/regexp/bounded-regexp.ts'
import { type FieldError, invalid, notSupported, required, tooLong, tooMany } from '../../api/field-error.ts'
import { deepEqual } from '../../api/json.ts'
import { structuredCloneJson } from '../decode.ts'

/** Structural schemas of custom resources: pruning, defaulting, validating. */

type Json = Record<string, any>
const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Drops what the schema does not know, telling each path. Changes the value. */
export function prune(schema: any, value: unknown, path: string, unknown: string[], isRoot = false): void {
  if (!schema) return
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) prune(schema.items, item, `${path}[${i}]`, unknown)
    return
  }
  if (!isMap(value)) return
  const { properties = {}, additionalProperties } = schema
  for (const key of Object.keys(value)) {
    if (isRoot && (key === 'apiVersion' || key === 'kind' || key === 'metadata')) continue
    const at = path === '' ? key : `${path}.${key}`
    const known = properties[key]
    if (known) {
      if (known['x-kubernetes-embedded-resource'])
        prune(
          {
            ...known,
            properties: {
              apiVersion: {},
              kind: {},
              metadata: { 'x-kubernetes-preserve-unknown-fields': true },
              ...known.properties,
            },
          },
          value[key],
          at,
          unknown,
        )
      else prune(known, value[key], at, unknown)
    } else if (isMap(additionalProperties)) prune(additionalProperties, value[key], at, unknown)
    else if (additionalProperties !== true && !schema['x-kubernetes-preserve-unknown-fields']) {
      unknown.push(`unknown field ${JSON.stringify(at)}`)
      delete value[key]
    }
  }
}

/** Fills in the schema's defaults. Changes the value. */
export function applyDefaults(schema: any, value: unknown): void {
  if (!schema) return
  if (Array.isArray(value)) {
    for (const item of value) applyDefaults(schema.items, item)
    return
  }
  if (!isMap(value)) return
  for (const [key, property] of Object.entries<any>(schema.properties ?? {})) {
    if (property.default !== undefined && (value[key] === undefined || (value[key] === null && !property.nullable)))
      value[key] = structuredCloneJson(property.default)
    if (value[key] !== undefined) applyDefaults(property, value[key])
  }
  if (isMap(schema.additionalProperties))
    for (const key of Object.keys(value))
      if (!schema.properties?.[key]) applyDefaults(schema.additionalProperties, value[key])
}

const kindOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value === 'boolean' ? 'boolean' : typeof value === 'string' ? 'string' : 'object'
}

function hasType(schema: any, value: unknown): boolean {
  if (schema['x-kubernetes-int-or-string']) return typeof value === 'string' || Number.isInteger(value)
  if (!schema.type) return true
  const kind = kindOf(value)
  return kind === schema.type || (schema.type === 'number' && kind === 'integer')
}

/** OpenAPI validation, with the words of the library servers use. */
export function validateSchema(schema: any, value: unknown, path: string, isRoot = false): FieldError[] {
  if (!schema) return []
  if (value === null && schema.nullable) return []
  if (!hasType(schema, value)) {
    const shown = kindOf(value)
    return [
      {
        ...invalid(
          path || '<nil>',
          shown,
          `${path} in body must be of type ${schema['x-kubernetes-int-or-string'] ? 'integer,string' : schema.type}: ${JSON.stringify(shown)}`,
        ),
        reason: 'FieldValueTypeInvalid',
      },
    ]
  }
  const errors: FieldError[] = []
  if (schema.enum && !schema.enum.some((e: unknown) => deepEqual(e, value)))
    errors.push(notSupported(path, value, schema.enum.map(String)))
  if (typeof value === 'string') errors.push(...validateString(schema, value, path))
  if (typeof value === 'number') errors.push(...validateNumber(schema, value, path))
  if (Array.isArray(value)) errors.push(...validateArray(schema, value, path))
  if (isMap(value)) errors.push(...validateObject(schema, value, path, isRoot))
  for (const part of schema.allOf ?? []) errors.push(...validateSchema(part, value, path))
  if (schema.anyOf && !schema.anyOf.some((s: any) => validateSchema(s, value, path).length === 0))
    errors.push(
      invalid(
        path || '<nil>',
        kindOf(value) === 'object' ? '' : value,
        `${JSON.stringify(path)} must validate at least one schema (anyOf)`,
      ),
    )
  if (schema.oneOf && schema.oneOf.filter((s: any) => validateSchema(s, value, path).length === 0).length !== 1)
    errors.push(
      invalid(
        path || '<nil>',
        kindOf(value) === 'object' ? '' : value,
        `${JSON.stringify(path)} must validate one and only one schema (oneOf). Found none valid`,
      ),
    )
  if (schema.not && validateSchema(schema.not, value, path).length === 0)
    errors.push(
      invalid(
        path || '<nil>',
        kindOf(value) === 'object' ? '' : value,
        `${JSON.stringify(path)} must not validate the schema (not)`,
      ),
    )
  return errors
}

function validateString(schema: any, value: string, path: string): FieldError[] {
  const errors: FieldError[] = []
  const length = [...value].length
  if (schema.maxLength !== undefined && length > schema.maxLength) errors.push(tooLong(path, schema.maxLength))
  if (schema.minLength !== undefined && length < schema.minLength)
    errors.push(invalid(path, value, `${path} in body should be at least ${schema.minLength} chars long`))
  if (schema.pattern !== undefined && !new BoundedRegExp(schema.pattern).test(value))
    errors.push(invalid(path, value, `${path} in body should match '${schema.pattern}'`))
  const format = FORMATS[schema.format]
  if (format && !format(value))
    errors.push(invalid(path, value, `${path} in body must be of type ${schema.format}: ${JSON.stringify(value)}`))
  return errors
}

const FORMATS: Record<string, (value: string) => boolean> = {
  'date-time': (v) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(v),
  date: (v) => /^\d{4}-\d\d-\d\d$/.test(v),
  ipv4: (v) => /^(\d{1,3}\.){3}\d{1,3}$/.test(v),
  email: (v) => /^[^@\s]+@[^@\s]+$/.test(v),
  uuid: (v) => /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i.test(v),
  uri: (v) => /^[a-z][a-z0-9+.-]*:/i.test(v),
}

function validateNumber(schema: any, value: number, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (schema.maximum !== undefined && (schema.exclusiveMaximum ? value >= schema.maximum : value > schema.maximum))
    errors.push(
      invalid(
        path,
        value,
        `${path} in body should be less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${schema.maximum}`,
      ),
    )
  if (schema.minimum !== undefined && (schema.exclusiveMinimum ? value <= schema.minimum : value < schema.minimum))
    errors.push(
      invalid(
        path,
        value,
        `${path} in body should be greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${schema.minimum}`,
      ),
    )
  if (schema.multipleOf !== undefined && !Number.isInteger(value / schema.multipleOf))
    errors.push(invalid(path, value, `${path} in body should be a multiple of ${schema.multipleOf}`))
  return errors
}

function validateArray(schema: any, value: unknown[], path: string): FieldError[] {
  const errors: FieldError[] = []
  if (schema.maxItems !== undefined && value.length > schema.maxItems)
    errors.push(tooMany(path, value.length, schema.maxItems))
  if (schema.minItems !== undefined && value.length < schema.minItems)
    errors.push(invalid(path, value.length, `${path} in body should have at least ${schema.minItems} items`))
  for (const [i, item] of value.entries()) errors.push(...validateSchema(schema.items, item, `${path}[${i}]`))
  const seen = new Set<string>()
  const keys: string[] | undefined =
    schema['x-kubernetes-list-type'] === 'map' ? schema['x-kubernetes-list-map-keys'] : undefined
  if (keys || schema['x-kubernetes-list-type'] === 'set' || schema.uniqueItems)
    for (const [i, item] of value.entries()) {
      const key = keys ? Object.fromEntries(keys.map((k) => [k, (item as Json)?.[k]])) : item
      const text = JSON.stringify(key)
      if (seen.has(text))
        errors.push({ reason: 'FieldValueDuplicate', field: `${path}[${i}]`, message: `Duplicate value: ${text}` })
      seen.add(text)
    }
  return errors
}

function validateObject(schema: any, value: Json, path: string, isRoot: boolean): FieldError[] {
  const errors: FieldError[] = []
  for (const name of schema.required ?? [])
    if (value[name] === undefined) errors.push(required(path === '' ? name : `${path}.${name}`))
  const count = Object.keys(value).length
  if (schema.maxProperties !== undefined && count > schema.maxProperties)
    errors.push(tooMany(path, count, schema.maxProperties))
  if (schema.minProperties !== undefined && count < schema.minProperties)
    errors.push(invalid(path, count, `${path} in body should have at least ${schema.minProperties} properties`))
  for (const key of Object.keys(value).sort()) {
    if (isRoot && (key === 'metadata' || key === 'apiVersion' || key === 'kind')) continue
    const property =
      schema.properties?.[key] ?? (isMap(schema.additionalProperties) ? schema.additionalProperties : undefined)
    if (property) errors.push(...validateSchema(property, value[key], path === '' ? key : `${path}.${key}`))
  }
  return errors
}
