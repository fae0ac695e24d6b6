import { type FieldError, required } from '../../api/field-error.ts'
import { validateReplicaTemplate } from '../replica-set/validate.ts'
import { nonNegative } from '../validation.ts'

export function validateReplicationController({ spec = {} }: any): FieldError[] {
  const errors: FieldError[] = [...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds')]
  const empty = Object.keys(spec.selector ?? {}).length === 0
  if (empty) errors.push(required('spec.selector'))
  errors.push(...nonNegative(spec.replicas, 'spec.replicas'))
  errors.push(
    ...validateReplicaTemplate(
      spec.template,
      'spec.template',
      empty ? undefined : { matchLabels: spec.selector },
      'ReplicationController',
    ),
  )
  return errors
}
