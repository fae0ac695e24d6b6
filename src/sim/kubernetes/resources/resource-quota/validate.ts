import { type FieldError, invalid } from '../../api/field-error.ts'
import { deepEqual } from '../../api/json.ts'
import { validateLabelKey } from '../../api/names.ts'
import { compareQuantities, quantityValue } from '../../api/quantity.ts'
import { IMMUTABLE, NON_NEGATIVE } from '../validation.ts'

const STANDARD = new Set([
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
])
const TYPES = new Set([...STANDARD, 'storage'])
const SCOPES = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'CrossNamespacePodAffinity',
  'VolumeAttributesClass',
]
const COUNTS = new Set([
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
])
const COMPUTE = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory', 'pods']

export function validateQuota({ spec = {} }: any): FieldError[] {
  const errors: FieldError[] = []
  for (const [name, value] of Object.entries<string>(spec.hard ?? {})) {
    const field = `spec.hard[${name}]`
    for (const p of validateLabelKey(name)) errors.push(invalid(field, name, p))
    if (!name.includes('/')) {
      const huge = name.startsWith('hugepages-') || name.startsWith('requests.hugepages-')
      if (!TYPES.has(name) && !huge)
        errors.push(invalid(field, name, 'must be a standard resource type or fully qualified'))
      if (!STANDARD.has(name) && !huge) errors.push(invalid(field, name, 'must be a standard resource for quota'))
    }
    if (compareQuantities(value, '0') < 0) errors.push(invalid(field, value, NON_NEGATIVE))
    if ((COUNTS.has(name) || name.startsWith('count/')) && compareQuantities(value, String(quantityValue(value))) !== 0)
      errors.push(invalid(field, value, 'must be an integer'))
  }
  const scopes: string[] = spec.scopes ?? []
  for (const scope of scopes) {
    if (!SCOPES.includes(scope)) errors.push(invalid('spec.scopes', scopes, 'unsupported scope'))
    else if (
      Object.keys(spec.hard ?? {}).some(
        (name) =>
          !(scope === 'BestEffort' ? ['pods', 'count/pods'] : [...COMPUTE, 'count/pods']).includes(name) &&
          scopeConcernsPods(scope),
      )
    )
      errors.push(invalid('spec.scopes', scopes, 'unsupported scope applied to resource'))
  }
  for (const [a, b] of [
    ['BestEffort', 'NotBestEffort'],
    ['Terminating', 'NotTerminating'],
  ] as const)
    if (scopes.includes(a) && scopes.includes(b)) errors.push(invalid('spec.scopes', scopes, 'conflicting scopes'))
  return errors
}

const scopeConcernsPods = (scope: string) =>
  ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'PriorityClass'].includes(scope)

export function validateQuotaUpdate({ spec = {} }: any, old: any): FieldError[] {
  return deepEqual([...(spec.scopes ?? [])].sort(), [...(old.spec?.scopes ?? [])].sort())
    ? []
    : [invalid('spec.scopes', spec.scopes ?? null, IMMUTABLE)]
}
