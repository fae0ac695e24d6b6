import { type FieldError, invalid, required } from '../../api/field-error.ts'

export function validateCsr({ spec = {} }: any): FieldError[] {
  const errors: FieldError[] = []
  if (!spec.usages?.length) errors.push(required('spec.usages'))
  if (!spec.request)
    errors.push(invalid('spec.request', spec.request ?? '', 'PEM block type must be CERTIFICATE REQUEST'))
  else {
    let pem = ''
    try {
      pem = atob(spec.request)
    } catch {
      pem = ''
    }
    if (!pem.includes('BEGIN CERTIFICATE REQUEST'))
      errors.push(invalid('spec.request', spec.request, 'PEM block type must be CERTIFICATE REQUEST'))
  }
  if (!spec.signerName) errors.push(required('spec.signerName'))
  if (spec.expirationSeconds !== undefined && spec.expirationSeconds < 600)
    errors.push(
      invalid(
        'spec.expirationSeconds',
        spec.expirationSeconds,
        'may not specify a duration less than 600 seconds (10 minutes)',
      ),
    )
  return errors
}
