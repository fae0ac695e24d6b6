import { type FieldError, invalid, required } from '../../api/field-error.ts'
import { CelError, compileCel } from '../../cel/evaluate.ts'

export function validatePolicy({ spec = {} }: any): FieldError[] {
  const errors: FieldError[] = []
  if (!spec.matchConstraints) errors.push(required('spec.matchConstraints'))
  else if (!spec.matchConstraints.resourceRules?.length) errors.push(required('spec.matchConstraints.resourceRules'))
  for (const [i, condition] of (spec.matchConditions ?? []).entries())
    errors.push(...expression(condition.expression, `spec.matchConditions[${i}].expression`))
  for (const [i, variable] of (spec.variables ?? []).entries())
    errors.push(...expression(variable.expression, `spec.variables[${i}].expression`))
  for (const [i, validation] of (spec.validations ?? []).entries())
    errors.push(...expression(validation.expression, `spec.validations[${i}].expression`))
  if (!spec.validations?.length && !spec.auditAnnotations?.length) {
    const words = 'validations or auditAnnotations must contain at least one item'
    errors.push(required('spec.validations', words), required('spec.auditAnnotations', words))
  }
  return errors
}

function expression(text: string | undefined, field: string): FieldError[] {
  if (!text?.trim()) return [required(field, 'expression is not specified')]
  try {
    compileCel(text)
    return []
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    return [invalid(field, text, `compilation failed: ${error.message}`)]
  }
}
