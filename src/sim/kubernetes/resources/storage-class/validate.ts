import { type FieldError, forbiddenField, notSupported, required } from '../../api/field-error.ts'
import { deepEqual } from '../../api/json.ts'

export function validateStorageClass(object: any): FieldError[] {
  const errors: FieldError[] = []
  if (!object.provisioner) errors.push(required('provisioner'))
  if (object.reclaimPolicy && !['Delete', 'Retain'].includes(object.reclaimPolicy))
    errors.push(notSupported('reclaimPolicy', object.reclaimPolicy, ['Delete', 'Retain']))
  if (!['Immediate', 'WaitForFirstConsumer'].includes(object.volumeBindingMode))
    errors.push(notSupported('volumeBindingMode', object.volumeBindingMode, ['Immediate', 'WaitForFirstConsumer']))
  return errors
}

export function validateStorageClassUpdate(object: any, old: any): FieldError[] {
  const errors: FieldError[] = []
  for (const [field, what] of [
    ['parameters', 'parameters'],
    ['provisioner', 'provisioner'],
    ['reclaimPolicy', 'reclaimPolicy'],
    ['volumeBindingMode', 'volumeBindingMode'],
  ] as const)
    if (!deepEqual(object[field] ?? {}, old[field] ?? {}))
      errors.push(forbiddenField(field, `updates to ${what} are forbidden.`))
  return errors
}
