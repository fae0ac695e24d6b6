import type { LabelSelector } from '../../api/client.ts'
import { type FieldError, forbiddenField, invalid, notSupported, required } from '../../api/field-error.ts'
import { validateTemplate } from '../pod/template.ts'
import { isEmptySelector, nonNegative, validateLabelSelector } from '../validation.ts'

/** The template of something that keeps Pods running. */
export function validateReplicaTemplate(
  template: any,
  field: string,
  selector: LabelSelector | undefined,
  owner: string,
): FieldError[] {
  if (!template) return [required(field)]
  const errors = validateTemplate(template, field, selector && !isEmptySelector(selector) ? selector : undefined)
  const policy = template.spec?.restartPolicy
  if (policy !== 'Always' && policy !== undefined)
    errors.push(notSupported(`${field}.spec.restartPolicy`, policy, ['Always']))
  if (template.spec?.activeDeadlineSeconds !== undefined)
    errors.push(
      forbiddenField(`${field}.spec.activeDeadlineSeconds`, `activeDeadlineSeconds in ${owner} is not Supported`),
    )
  return errors
}

export function validateReplicaSet({ spec = {} }: any): FieldError[] {
  const errors: FieldError[] = [
    ...nonNegative(spec.replicas, 'spec.replicas'),
    ...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
  ]
  if (!spec.selector) errors.push(required('spec.selector'))
  else {
    errors.push(...validateLabelSelector(spec.selector, 'spec.selector'))
    if (isEmptySelector(spec.selector))
      errors.push(invalid('spec.selector', spec.selector, 'empty selector is invalid for deployment'))
  }
  errors.push(...validateReplicaTemplate(spec.template, 'spec.template', spec.selector, 'ReplicaSet'))
  return errors
}
