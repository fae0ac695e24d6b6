import type { LabelSelector } from '../../api/client.ts'
import type { FieldError } from '../../api/field-error.ts'
import { invalid } from '../../api/field-error.ts'
import { matchesSelector } from '../../api/label-selector.ts'
import { validateLabelKey, validateLabelValue } from '../../api/names.ts'
import { validatePodSpec } from './validate.ts'

/** A workload's template; its labels must be selected by the workload. */
export function validateTemplate(template: any, field: string, selector?: LabelSelector): FieldError[] {
  const errors: FieldError[] = []
  const labels = template?.metadata?.labels
  if (selector && !matchesSelector(selector, labels))
    errors.push(invalid(`${field}.metadata.labels`, labels ?? null, '`selector` does not match template `labels`'))
  for (const [key, value] of Object.entries<string>(labels ?? {})) {
    for (const p of validateLabelKey(key)) errors.push(invalid(`${field}.labels`, key, p))
    for (const p of validateLabelValue(value)) errors.push(invalid(`${field}.labels`, value, p))
  }
  for (const key of Object.keys(template?.metadata?.annotations ?? {}))
    for (const p of validateLabelKey(key.toLowerCase())) errors.push(invalid(`${field}.annotations`, key, p))
  errors.push(...validatePodSpec(template?.spec ?? {}, `${field}.spec`))
  return errors
}
