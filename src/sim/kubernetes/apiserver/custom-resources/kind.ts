import { type FieldError, invalid } from '../../api/field-error.ts'
import { age } from '../../resources/cells.ts'
import type { Cell, KindDefinition } from '../../resources/definition.ts'
import type { CustomResource } from '../registry.ts'
import { readJsonPath } from './json-path.ts'
import { validateRules } from './rules.ts'
import { validateSchema } from './schema.ts'

const UNCHECKED =
  'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation'

/** How the objects of one custom resource version are validated and shown. */
export function customKind(resource: string, custom: CustomResource): KindDefinition {
  const validate = (object: any, old: any): FieldError[] => {
    const errors = validateSchema(custom.schema, object, '', true)
    if (errors.length === 0) return validateRules(custom.schema, object, old, '')
    return hasRules(custom.schema)
      ? [...errors, { ...invalid('<nil>', null, UNCHECKED), reason: 'FieldValueInvalid' }]
      : errors
  }
  return {
    resource,
    validate: (object, context) => (context.operation === 'UPDATE' ? [] : validate(object, undefined)),
    validateUpdate: (object, old) => validate(object, old),
    validateStatusUpdate: (object, old) => validate(object, old),
    cells: (object, now) => [object.metadata.name, ...custom.columns.map((c) => cell(c, object, now))],
    fields: Object.fromEntries(
      custom.selectableFields.map((path) => [
        path.replace(/^\./, ''),
        (object: any) => String(readJsonPath(object, path)[0] ?? ''),
      ]),
    ),
  }
}

function hasRules(schema: any): boolean {
  return JSON.stringify(schema ?? {}).includes('"x-kubernetes-validations"')
}

function cell({ type, jsonPath }: CustomResource['columns'][number], object: any, now: number): Cell {
  const found = readJsonPath(object, jsonPath)
  if (found.length === 0) return type === 'date' ? '<unknown>' : null
  const value = found[0]
  switch (type) {
    case 'integer':
    case 'number':
      return typeof value === 'number' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date':
      return typeof value === 'string' ? age(value, now) : null
    default:
      return found.length > 1 || jsonPath.includes('[') ? found.map(text).join(',') : text(value)
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
