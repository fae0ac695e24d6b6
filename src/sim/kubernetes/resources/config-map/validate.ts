import { duplicate, type FieldError, forbiddenField, invalid } from '../../api/field-error.ts'
import { deepEqual } from '../../api/json.ts'
import { configKey } from '../pod/validate-container.ts'

/** Bytes. */
const LIMIT = 1024 * 1024

const bytes = (text: string): number => new TextEncoder().encode(text).length

/** Bytes a base64 text stands for. */
export const base64Length = (text: string): number =>
  (text.length / 4) * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0)

export const tooBig = (): FieldError => ({
  reason: 'FieldValueTooLong',
  field: '',
  message: `Too long: may not be more than ${LIMIT} bytes`,
})

export function validateConfigMap(object: any): FieldError[] {
  const errors: FieldError[] = []
  let size = 0
  for (const [key, value] of Object.entries<string>(object.data ?? {})) {
    for (const p of configKey(key)) errors.push(invalid(`data[${key}]`, key, p))
    if (object.binaryData?.[key] !== undefined) errors.push(duplicate(`data[${key}]`, key))
    size += bytes(value)
  }
  for (const [key, value] of Object.entries<string>(object.binaryData ?? {})) {
    for (const p of configKey(key)) errors.push(invalid(`binaryData[${key}]`, key, p))
    size += base64Length(value)
  }
  if (size > LIMIT) errors.push({ ...tooBig(), field: '[]' })
  return errors
}

export const isTooBig = (size: number): boolean => size > LIMIT

/** An immutable ConfigMap or Secret stays as it is. */
export function validateImmutable(object: any, old: any, fields: readonly string[]): FieldError[] {
  if (!old.immutable) return []
  const errors: FieldError[] = []
  const words = 'field is immutable when `immutable` is set'
  if (!object.immutable) errors.push(forbiddenField('immutable', words))
  for (const field of fields)
    if (!deepEqual(object[field] ?? {}, old[field] ?? {})) errors.push(forbiddenField(field, words))
  return errors
}
