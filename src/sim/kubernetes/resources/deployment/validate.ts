import { type FieldError, forbiddenField, invalid, notSupported, required } from '../../api/field-error.ts'
import { deepEqual } from '../../api/json.ts'
import { validateReplicaTemplate } from '../replica-set/validate.ts'
import {
  atMost100Percent,
  IMMUTABLE,
  intOrPercent,
  isEmptySelector,
  nonNegative,
  percentage,
  validateLabelSelector,
} from '../validation.ts'

export function validateDeployment({ spec = {} }: any): FieldError[] {
  const errors: FieldError[] = []
  errors.push(...nonNegative(spec.replicas, 'spec.replicas'))
  if (!spec.selector) errors.push(required('spec.selector'))
  else {
    errors.push(...validateLabelSelector(spec.selector, 'spec.selector'))
    if (isEmptySelector(spec.selector))
      errors.push(invalid('spec.selector', spec.selector, 'empty selector is invalid for deployment'))
  }
  errors.push(...validateReplicaTemplate(spec.template, 'spec.template', spec.selector, 'ReplicaSet'))
  errors.push(...validateStrategy(spec.strategy ?? {}, 'spec.strategy'))
  errors.push(...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'))
  errors.push(...nonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'))
  if (spec.progressDeadlineSeconds !== undefined) {
    errors.push(...nonNegative(spec.progressDeadlineSeconds, 'spec.progressDeadlineSeconds'))
    if (spec.progressDeadlineSeconds <= (spec.minReadySeconds ?? 0))
      errors.push(
        invalid('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds, 'must be greater than minReadySeconds'),
      )
  }
  return errors
}

function validateStrategy(strategy: any, field: string): FieldError[] {
  switch (strategy.type) {
    case 'Recreate':
      return strategy.rollingUpdate
        ? [forbiddenField(`${field}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")]
        : []
    case 'RollingUpdate':
      if (!strategy.rollingUpdate)
        return [required(`${field}.rollingUpdate`, 'this should be defaulted and never be nil')]
      return validateRollingUpdate(strategy.rollingUpdate, `${field}.rollingUpdate`)
    default:
      return [notSupported(`${field}.type`, strategy.type, ['Recreate', 'RollingUpdate'])]
  }
}

function validateRollingUpdate({ maxUnavailable, maxSurge }: any, field: string): FieldError[] {
  const errors = [
    ...intOrPercent(maxUnavailable, `${field}.maxUnavailable`),
    ...intOrPercent(maxSurge, `${field}.maxSurge`),
  ]
  const isZero = (value: unknown) => value === 0 || percentage(value) === 0
  if (isZero(maxUnavailable) && isZero(maxSurge))
    errors.push(invalid(`${field}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'))
  errors.push(...atMost100Percent(maxUnavailable, `${field}.maxUnavailable`))
  return errors
}

export function selectorUnchanged(object: any, old: any): FieldError[] {
  return deepEqual(object.spec?.selector, old.spec?.selector)
    ? []
    : [invalid('spec.selector', object.spec?.selector, IMMUTABLE)]
}
