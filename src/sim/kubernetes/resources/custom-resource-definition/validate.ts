import { type FieldError, invalid, notSupported, required } from '../../api/field-error.ts'
import { isDns1035Label, isDns1123Subdomain } from '../../api/names.ts'

export function validateDefinition({ metadata, spec = {} }: any): FieldError[] {
  const errors: FieldError[] = []
  const { group = '', names = {}, versions = [], scope } = spec
  if (metadata.name !== `${names.plural}.${group}`)
    errors.push(invalid('metadata.name', metadata.name ?? '', 'must be spec.names.plural+"."+spec.group'))
  if (!group) errors.push(required('spec.group'))
  else if (isDns1123Subdomain(group).length > 0)
    for (const p of isDns1123Subdomain(group)) errors.push(invalid('spec.group', group, p))
  else if (!group.includes('.')) errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'))
  if (!['Cluster', 'Namespaced'].includes(scope))
    errors.push(scope ? notSupported('spec.scope', scope, ['Cluster', 'Namespaced']) : required('spec.scope'))
  const stored = versions.filter((v: any) => v.storage).length
  if (stored !== 1)
    errors.push(
      invalid('spec.versions', spec.versions ?? null, 'must have exactly one version marked as storage version'),
    )
  for (const [i, version] of versions.entries()) {
    const path = `spec.versions[${i}]`
    for (const p of isDns1035Label(version.name ?? '')) errors.push(invalid(`${path}.name`, version.name ?? '', p))
    const schema = version.schema?.openAPIV3Schema
    if (!schema) {
      errors.push(required(`${path}.schema.openAPIV3Schema`))
      continue
    }
    const at = `spec.versions[${i}].schema.openAPIV3Schema`
    if (schema.type !== 'object')
      errors.push(
        schema.type
          ? invalid(`${at}.type`, schema.type, 'must be object at the root')
          : required(`${at}.type`, 'must not be empty at the root'),
      )
    errors.push(...validateStructure(schema, at))
  }
  if (!names.plural) errors.push(required('spec.names.plural'))
  if (!names.kind) errors.push(required('spec.names.kind'))
  else
    for (const p of isDns1035Label(names.kind.toLowerCase()))
      errors.push(invalid('spec.names.kind', names.kind, `may have mixed case, but should otherwise match: ${p}`))
  return errors
}

/** Everything below the root says what type it has. */
function validateStructure(schema: any, path: string): FieldError[] {
  const errors: FieldError[] = []
  const check = (child: any, at: string) => {
    if (!child.type && !child['x-kubernetes-int-or-string'] && !child['x-kubernetes-preserve-unknown-fields'])
      errors.push(required(`${at}.type`, 'must not be empty for specified object fields'))
    errors.push(...validateStructure(child, at))
  }
  for (const name of Object.keys(schema.properties ?? {}).sort())
    if (!(name === 'metadata' && !schema.properties[name].type))
      check(schema.properties[name], `${path}.properties[${name}]`)
  if (schema.items && !Array.isArray(schema.items)) {
    if (
      !schema.items.type &&
      !schema.items['x-kubernetes-int-or-string'] &&
      !schema.items['x-kubernetes-preserve-unknown-fields']
    )
      errors.push(required(`${path}.items.type`, 'must not be empty for specified array items'))
    errors.push(...validateStructure(schema.items, `${path}.items`))
  } else if (schema.type === 'array' && !schema.items) errors.push(required(`${path}.items`, 'must be specified'))
  if (typeof schema.additionalProperties === 'object') {
    if (
      !schema.additionalProperties.type &&
      !schema.additionalProperties['x-kubernetes-int-or-string'] &&
      !schema.additionalProperties['x-kubernetes-preserve-unknown-fields']
    )
      errors.push(required(`${path}.additionalProperties.type`, 'must not be empty for specified object fields'))
    errors.push(...validateStructure(schema.additionalProperties, `${path}.additionalProperties`))
  }
  return errors
}
