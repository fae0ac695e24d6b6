import { type FieldError, invalid, notSupported } from '../../api/field-error.ts'
import { atMost100Percent, intOrPercent, validateLabelSelector } from '../validation.ts'

export function validateBudget({ spec = {} }: any): FieldError[] {
  const errors: FieldError[] = []
  if (spec.minAvailable !== undefined && spec.maxUnavailable !== undefined)
    errors.push(invalid('spec', { ...spec }, 'minAvailable and maxUnavailable cannot be both set'))
  for (const name of ['minAvailable', 'maxUnavailable'])
    if (spec[name] !== undefined)
      errors.push(...intOrPercent(spec[name], `spec.${name}`), ...atMost100Percent(spec[name], `spec.${name}`))
  errors.push(...validateLabelSelector(spec.selector, 'spec.selector'))
  if (spec.unhealthyPodEvictionPolicy && !['AlwaysAllow', 'IfHealthyBudget'].includes(spec.unhealthyPodEvictionPolicy))
    errors.push(
      notSupported('spec.unhealthyPodEvictionPolicy', spec.unhealthyPodEvictionPolicy, [
        'AlwaysAllow',
        'IfHealthyBudget',
      ]),
    )
  return errors
}
