import { type FieldError, forbiddenField, invalid } from '../../api/field-error.ts'
import { validateLabelKey } from '../../api/names.ts'
import { compareQuantities, quantityValue } from '../../api/quantity.ts'
import { NON_NEGATIVE } from '../validation.ts'

const STANDARD = new Set(['cpu', 'memory', 'ephemeral-storage', 'storage', 'requests.storage'])
const OF_CONTAINERS = new Set(['cpu', 'memory', 'ephemeral-storage'])
const isHugePages = (name: string) => name.startsWith('hugepages-')
const isExtended = (name: string) =>
  name.includes('/') && !name.startsWith('kubernetes.io/') && !name.startsWith('requests.')

/** Resource requirements of a container. */
export function validateResources(resources: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  const { limits = {}, requests = {} } = resources ?? {}
  const check = (list: Record<string, string>, path: string) => {
    for (const [name, value] of Object.entries(list)) {
      const at = `${path}[${name}]`
      for (const p of validateLabelKey(name)) errors.push(invalid(at, name, p))
      if (!name.includes('/')) {
        if (!STANDARD.has(name) && !isHugePages(name))
          errors.push(invalid(at, name, 'must be a standard resource type or fully qualified'))
        if (!OF_CONTAINERS.has(name) && !isHugePages(name))
          errors.push(invalid(at, name, 'must be a standard resource for containers'))
      }
      if (compareQuantities(value, '0') < 0) errors.push(invalid(at, value, NON_NEGATIVE))
      else if (isExtended(name) && compareQuantities(value, String(quantityValue(value))) !== 0)
        errors.push(invalid(at, value, 'must be an integer'))
    }
  }
  check(limits, `${field}.limits`)
  check(requests, `${field}.requests`)
  for (const [name, value] of Object.entries<string>(requests)) {
    const limit = limits[name]
    if (limit !== undefined) {
      if (isExtended(name) && compareQuantities(value, limit) !== 0)
        errors.push(invalid(`${field}.requests`, value, `must be equal to ${name} limit of ${limit}`))
      else if (compareQuantities(value, limit) > 0)
        errors.push(invalid(`${field}.requests`, value, `must be less than or equal to ${name} limit of ${limit}`))
    } else if (isExtended(name) || isHugePages(name)) {
      errors.push({
        ...forbiddenField(`${field}.limits`, ''),
        reason: 'FieldValueRequired',
        message: 'Required value: Limit must be set for non overcommitable resources',
      })
    }
  }
  return errors
}
