import { type FieldError, invalid, notSupported, required } from '../../api/field-error.ts'
import { validateReplicaTemplate } from '../replica-set/validate.ts'
import {
  atMost100Percent,
  intOrPercent,
  isEmptySelector,
  nonNegative,
  percentage,
  validateLabelSelector,
} from '../validation.ts'

export function validateDaemonSet({ spec = {} }: any): FieldError[] {
  const errors: FieldError[] = []
  errors.push(...validateLabelSelector(spec.selector, 'spec.selector'))
  if (!spec.selector) errors.push(required('spec.selector'))
  else if (isEmptySelector(spec.selector))
    errors.push(invalid('spec.selector', spec.selector, 'empty selector is invalid for daemonset'))
  errors.push(...validateReplicaTemplate(spec.template, 'spec.template', spec.selector, 'DaemonSet'))
  errors.push(...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'))
  errors.push(...validateUpdateStrategy(spec.updateStrategy ?? {}, 'spec.updateStrategy'))
  errors.push(...nonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit'))
  return errors
}

function validateUpdateStrategy(strategy: any, field: string): FieldError[] {
  if (strategy.type === 'OnDelete') return []
  if (strategy.type !== 'RollingUpdate')
    return [notSupported(`${field}.type`, strategy.type, ['OnDelete', 'RollingUpdate'])]
  const rolling = strategy.rollingUpdate
  if (!rolling) return [required(`${field}.rollingUpdate`)]
  const path = `${field}.rollingUpdate`
  const errors = [
    ...intOrPercent(rolling.maxUnavailable, `${path}.maxUnavailable`),
    ...intOrPercent(rolling.maxSurge, `${path}.maxSurge`),
  ]
  const isZero = (value: unknown) => value === 0 || percentage(value) === 0
  if (isZero(rolling.maxUnavailable) && isZero(rolling.maxSurge))
    errors.push(required(`${path}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'))
  else if (!isZero(rolling.maxUnavailable) && !isZero(rolling.maxSurge))
    errors.push(invalid(`${path}.maxSurge`, rolling.maxSurge, 'may not be set when maxUnavailable is non-zero'))
  errors.push(
    ...atMost100Percent(rolling.maxUnavailable, `${path}.maxUnavailable`),
    ...atMost100Percent(rolling.maxSurge, `${path}.maxSurge`),
  )
  return errors
}
