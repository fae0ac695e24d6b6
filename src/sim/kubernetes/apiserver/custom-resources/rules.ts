import type { FieldError } from '../../api/field-error.ts'
import { CelError, evaluateCel } from '../../cel/evaluate.ts'

type Json = Record<string, any>
const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const REASONS: Record<string, FieldError['reason']> = {
  FieldValueInvalid: 'FieldValueInvalid',
  FieldValueForbidden: 'FieldValueForbidden',
  FieldValueRequired: 'FieldValueRequired',
  FieldValueDuplicate: 'FieldValueDuplicate',
}
const WORDS: Record<string, string> = {
  FieldValueInvalid: 'Invalid value',
  FieldValueForbidden: 'Forbidden',
  FieldValueRequired: 'Required value',
  FieldValueDuplicate: 'Duplicate value',
}

/** x-kubernetes-validations, from the root down. Rules that name oldSelf only hold for changes. */
export function validateRules(schema: any, value: unknown, old: unknown, path: string): FieldError[] {
  if (!schema || value === undefined) return []
  const errors: FieldError[] = []
  for (const rule of schema['x-kubernetes-validations'] ?? []) {
    const transition = /\boldSelf\b/.test(rule.rule)
    if (transition && old === undefined && !rule.optionalOldSelf) continue
    const failure = check(rule, value, old, transition)
    if (failure === undefined) continue
    const reason = REASONS[rule.reason] ?? 'FieldValueInvalid'
    const field = rule.fieldPath ? `${path}${rule.fieldPath}` : path
    errors.push({ reason, field: field || '<nil>', message: `${WORDS[reason]}: ${failure}` })
  }
  const child = (name: string) => (path === '' ? name : `${path}.${name}`)
  if (isMap(value))
    for (const key of Object.keys(value).sort()) {
      const property =
        schema.properties?.[key] ?? (isMap(schema.additionalProperties) ? schema.additionalProperties : undefined)
      if (property) errors.push(...validateRules(property, value[key], isMap(old) ? old[key] : undefined, child(key)))
    }
  if (Array.isArray(value))
    for (const [i, item] of value.entries()) {
      const keys: string[] | undefined =
        schema['x-kubernetes-list-type'] === 'map' ? schema['x-kubernetes-list-map-keys'] : undefined
      const before = keys && Array.isArray(old) ? old.find((o) => keys.every((k) => o?.[k] === item?.[k])) : undefined
      errors.push(...validateRules(schema.items, item, before, `${path}[${i}]`))
    }
  return errors
}

/** The complaint; undefined when the rule holds. */
function check(rule: any, self: unknown, oldSelf: unknown, transition: boolean): string | undefined {
  const variables = transition ? { self, oldSelf } : { self }
  try {
    if (evaluateCel(rule.rule, variables) === true) return undefined
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    return `rule evaluation error: ${error.message}`
  }
  if (rule.messageExpression) {
    try {
      const text = evaluateCel(rule.messageExpression, variables)
      if (typeof text === 'string' && text.trim() !== '') return text
    } catch {
      // A message that fails falls back to the fixed one.
    }
  }
  return rule.message || `failed rule: ${String(rule.rule).trim()}`
}
