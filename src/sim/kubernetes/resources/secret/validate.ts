import { type FieldError, invalid, required } from '../../api/field-error.ts'
import { goJsonProblem } from '../../api/go-json.ts'
import { base64Length, isTooBig, tooBig, validateImmutable } from '../config-map/validate.ts'
import { configKey } from '../pod/validate-container.ts'
import { IMMUTABLE } from '../validation.ts'

const REDACTED = '<secret contents redacted>'

export function validateSecret(object: any): FieldError[] {
  const errors: FieldError[] = []
  let size = 0
  const data: Record<string, string> = object.data ?? {}
  for (const [key, value] of Object.entries(data)) {
    for (const p of configKey(key)) errors.push(invalid(`data[${key}]`, key, p))
    size += base64Length(value)
  }
  if (isTooBig(size)) errors.push({ ...tooBig(), field: 'data' })
  switch (object.type) {
    case 'kubernetes.io/service-account-token':
      if (!object.metadata.annotations?.['kubernetes.io/service-account.name'])
        errors.push(required('metadata.annotations[kubernetes.io/service-account.name]'))
      break
    case 'kubernetes.io/dockercfg':
      errors.push(...json(data, '.dockercfg'))
      break
    case 'kubernetes.io/dockerconfigjson':
      errors.push(...json(data, '.dockerconfigjson'))
      break
    case 'kubernetes.io/basic-auth':
      if (data.username === undefined && data.password === undefined)
        errors.push(required('data[username]'), required('data[password]'))
      break
    case 'kubernetes.io/ssh-auth':
      if (!data['ssh-privatekey']) errors.push(required('data[ssh-privatekey]'))
      break
    case 'kubernetes.io/tls':
      for (const key of ['tls.crt', 'tls.key']) if (data[key] === undefined) errors.push(required(`data[${key}]`))
      break
  }
  return errors
}

function json(data: Record<string, string>, key: string): FieldError[] {
  const value = data[key]
  if (value === undefined) return [required(`data[${key}]`)]
  const problem = goJsonProblem(atob(value))
  return problem ? [invalid(`data[${key}]`, REDACTED, problem)] : []
}

export function validateSecretUpdate(object: any, old: any): FieldError[] {
  const errors: FieldError[] = []
  if (object.type !== old.type) errors.push(invalid('type', object.type, IMMUTABLE))
  return [...errors, ...validateImmutable(object, old, ['data'])]
}
