import { type FieldError, invalid } from '../../api/field-error.ts'

const LEVELS = ['privileged', 'baseline', 'restricted']

/** The labels that set a Pod security level must name one. */
export function validatePodSecurityLabels(labels: Record<string, string> | undefined): FieldError[] {
  const errors: FieldError[] = []
  for (const mode of ['enforce', 'audit', 'warn']) {
    const key = `pod-security.kubernetes.io/${mode}`
    const level = labels?.[key]
    if (level !== undefined && !LEVELS.includes(level))
      errors.push(invalid(`metadata.labels[${key}]`, level, `must be one of ${LEVELS.join(', ')}`))
    const versionKey = `${key}-version`
    const version = labels?.[versionKey]
    if (version !== undefined && version !== 'latest' && !/^v1\.\d+$/.test(version))
      errors.push(invalid(`metadata.labels[${versionKey}]`, version, 'must be "latest" or "v1.x"'))
  }
  return errors
}
