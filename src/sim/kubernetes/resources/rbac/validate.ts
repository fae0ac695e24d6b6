import { type FieldError, invalid, notSupported, required } from '../../api/field-error.ts'
import { deepEqual } from '../../api/json.ts'

export function validateRole(object: any, namespaced: boolean): FieldError[] {
  const errors: FieldError[] = []
  for (const [i, rule] of (object.rules ?? []).entries()) {
    const field = `rules[${i}]`
    if (!rule.verbs?.length) errors.push(required(`${field}.verbs`, 'verbs must contain at least one value'))
    if (rule.nonResourceURLs?.length > 0) {
      if (namespaced)
        errors.push(
          invalid(
            `${field}.nonResourceURLs`,
            rule.nonResourceURLs,
            'namespaced rules cannot apply to non-resource URLs',
          ),
        )
      if (rule.apiGroups?.length > 0 || rule.resources?.length > 0 || rule.resourceNames?.length > 0)
        errors.push(
          invalid(
            `${field}.nonResourceURLs`,
            rule.nonResourceURLs,
            'rules cannot apply to both regular resources and non-resource URLs',
          ),
        )
      continue
    }
    if (!rule.apiGroups?.length)
      errors.push(required(`${field}.apiGroups`, 'resource rules must supply at least one api group'))
    if (!rule.resources?.length)
      errors.push(required(`${field}.resources`, 'resource rules must supply at least one resource'))
  }
  return errors
}

const GROUP = 'rbac.authorization.k8s.io'

export function validateBinding(object: any, clusterScoped: boolean): FieldError[] {
  const errors: FieldError[] = []
  const ref = object.roleRef ?? {}
  if (ref.apiGroup !== GROUP) errors.push(notSupported('roleRef.apiGroup', ref.apiGroup ?? '', [GROUP]))
  const kinds = clusterScoped ? ['ClusterRole'] : ['Role', 'ClusterRole']
  if (!kinds.includes(ref.kind)) errors.push(notSupported('roleRef.kind', ref.kind ?? '', kinds))
  if (!ref.name) errors.push(required('roleRef.name'))
  for (const [i, subject] of (object.subjects ?? []).entries()) {
    const field = `subjects[${i}]`
    if (!subject.name) errors.push(required(`${field}.name`))
    switch (subject.kind) {
      case 'ServiceAccount':
        if (!subject.namespace) errors.push(required(`${field}.namespace`))
        if (subject.apiGroup) errors.push(notSupported(`${field}.apiGroup`, subject.apiGroup, ['']))
        break
      case 'User':
      case 'Group':
        if (subject.apiGroup !== GROUP) errors.push(notSupported(`${field}.apiGroup`, subject.apiGroup ?? '', [GROUP]))
        break
      default:
        errors.push(notSupported(`${field}.kind`, subject.kind ?? '', ['ServiceAccount', 'User', 'Group']))
    }
  }
  return errors
}

export function validateBindingUpdate(object: any, old: any): FieldError[] {
  if (deepEqual(object.roleRef, old.roleRef)) return []
  const { apiGroup, kind, name } = object.roleRef ?? {}
  return [invalid('roleRef', { APIGroup: apiGroup, Kind: kind, Name: name }, 'cannot change roleRef')]
}
