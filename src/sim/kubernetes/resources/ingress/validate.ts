import { type FieldError, invalid, notSupported, required } from '../../api/field-error.ts'
import { isDns1123Subdomain } from '../../api/names.ts'
import { isPort, PORT_RANGE, portName } from '../validation.ts'

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix']

export function validateIngress({ spec }: any): FieldError[] {
  const errors: FieldError[] = []
  if (!spec?.rules?.length && !spec?.defaultBackend)
    return [invalid('spec', null, 'either `defaultBackend` or `rules` must be specified')]
  if (spec.defaultBackend) errors.push(...validateBackend(spec.defaultBackend, 'spec.defaultBackend'))
  for (const [i, rule] of (spec.rules ?? []).entries()) {
    const field = `spec.rules[${i}]`
    if (rule.host) {
      const host: string = rule.host
      if (/^\d+(\.\d+){3}$/.test(host))
        errors.push(invalid(`${field}.host`, host, 'must be a DNS name, not an IP address'))
      if (host.includes('*')) {
        if (!/^\*(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/.test(host))
          errors.push(
            invalid(
              `${field}.host`,
              host,
              `a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
            ),
          )
      } else for (const p of isDns1123Subdomain(host)) errors.push(invalid(`${field}.host`, host, p))
    }
    if (!rule.http) continue
    if (!rule.http.paths?.length) errors.push(required(`${field}.http.paths`))
    for (const [j, path] of (rule.http.paths ?? []).entries())
      errors.push(...validatePath(path, `${field}.http.paths[${j}]`))
  }
  return errors
}

function validatePath(path: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  if (path.pathType === undefined) errors.push(required(`${field}.pathType`, 'pathType must be specified'))
  else if (path.pathType === 'Exact' || path.pathType === 'Prefix') {
    if (!path.path?.startsWith('/')) errors.push(invalid(`${field}.path`, path.path ?? '', 'must be an absolute path'))
    for (const bad of ['//', '/./', '/../', '%2f', '%2F'])
      if (path.path?.includes(bad)) errors.push(invalid(`${field}.path`, path.path, `must not contain '${bad}'`))
  } else if (path.pathType === 'ImplementationSpecific') {
    if (path.path && !path.path.startsWith('/'))
      errors.push(invalid(`${field}.path`, path.path, 'must be an absolute path'))
  } else errors.push(notSupported(`${field}.pathType`, path.pathType, PATH_TYPES))
  return [...errors, ...validateBackend(path.backend ?? {}, `${field}.backend`)]
}

function validateBackend(backend: any, field: string): FieldError[] {
  const { service, resource } = backend
  if (service && resource) return [invalid(field, '', 'cannot set both resource and service backends')]
  if (!service && !resource) return [required(field, 'resource or service backend is required')]
  if (!service) return []
  const errors: FieldError[] = []
  if (!service.name) errors.push(required(`${field}.service.name`))
  const { port } = service
  if (!port || (!port.name && !port.number))
    errors.push(required(`${field}.service`, 'port name or number is required'))
  else if (port.name && port.number)
    errors.push(invalid(`${field}.service`, '', 'cannot set both port name & port number'))
  else if (port.name)
    for (const p of portName(port.name)) errors.push(invalid(`${field}.service.port.name`, port.name, p))
  else if (!isPort(port.number)) errors.push(invalid(`${field}.service.port.number`, port.number, PORT_RANGE))
  return errors
}
