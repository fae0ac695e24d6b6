import { type FieldError, forbiddenField, notSupported } from '../../api/field-error.ts'

const HIGHEST = 1_000_000_000
const SYSTEM: Record<string, number> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
}

export function validatePriorityClass(object: any): FieldError[] {
  const errors: FieldError[] = []
  const { name = '' } = object.metadata
  if (name.startsWith('system-')) {
    if (SYSTEM[name] === undefined)
      errors.push(
        forbiddenField(
          'metadata.name',
          `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
        ),
      )
    else if (SYSTEM[name] !== object.value)
      errors.push(
        forbiddenField(
          'metadata.name',
          `priority class names with 'system-' prefix are reserved for system use only. error: value of ${name} PriorityClass must be ${SYSTEM[name]}`,
        ),
      )
  } else if (object.value > HIGHEST)
    errors.push(forbiddenField('value', `maximum allowed value of a user defined priority is ${HIGHEST}`))
  if (object.preemptionPolicy && !['PreemptLowerPriority', 'Never'].includes(object.preemptionPolicy))
    errors.push(notSupported('preemptionPolicy', object.preemptionPolicy, ['PreemptLowerPriority', 'Never']))
  return errors
}

export function validatePriorityClassUpdate(object: any, old: any): FieldError[] {
  const errors: FieldError[] = []
  if (object.value !== old.value) errors.push(forbiddenField('value', 'may not be changed in an update.'))
  if (object.preemptionPolicy !== old.preemptionPolicy)
    errors.push(forbiddenField('preemptionPolicy', 'field is immutable'))
  return errors
}
