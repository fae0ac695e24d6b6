import { duplicate, type FieldError, forbiddenField, invalid, required } from '../../api/field-error.ts'
import { compareQuantities } from '../../api/quantity.ts'

/** Defaults a Container limit takes from its neighbours. */
export function defaultLimitRange({ spec }: any): void {
  for (const limit of spec?.limits ?? []) {
    if (limit.type !== 'Container') continue
    limit.default = { ...limit.max, ...limit.default }
    limit.defaultRequest = { ...limit.min, ...limit.default, ...limit.defaultRequest }
    for (const name of ['default', 'defaultRequest']) if (Object.keys(limit[name]).length === 0) delete limit[name]
  }
}

export function validateLimitRange({ spec = {} }: any): FieldError[] {
  const errors: FieldError[] = []
  const types = new Set<string>()
  for (const [i, limit] of (spec.limits ?? []).entries()) {
    const field = `spec.limits[${i}]`
    if (!limit.type) errors.push(required(`${field}.type`))
    if (types.has(limit.type)) errors.push(duplicate(`${field}.type`, limit.type))
    types.add(limit.type)
    const { min = {}, max = {}, default: standard = {}, defaultRequest = {}, maxLimitRequestRatio = {} } = limit
    if (limit.type === 'Pod') {
      if (limit.default) errors.push(forbiddenField(`${field}.default`, "may not be specified when `type` is 'Pod'"))
      if (limit.defaultRequest)
        errors.push(forbiddenField(`${field}.defaultRequest`, "may not be specified when `type` is 'Pod'"))
    }
    if (limit.type === 'PersistentVolumeClaim' && min.storage === undefined && max.storage === undefined)
      errors.push(
        required(`${field}.limits`, 'either minimum or maximum storage value is required, but neither was provided'),
      )
    for (const name of [
      ...new Set([
        ...Object.keys(max),
        ...Object.keys(min),
        ...Object.keys(standard),
        ...Object.keys(defaultRequest),
        ...Object.keys(maxLimitRequestRatio),
      ]),
    ]) {
      const more = (a: string | undefined, b: string | undefined) =>
        a !== undefined && b !== undefined && compareQuantities(a, b) > 0
      if (more(min[name], max[name]))
        errors.push(
          invalid(`${field}.min[${name}]`, min[name], `min value ${min[name]} is greater than max value ${max[name]}`),
        )
      if (more(min[name], defaultRequest[name]))
        errors.push(
          invalid(
            `${field}.defaultRequest[${name}]`,
            defaultRequest[name],
            `min value ${min[name]} is greater than default request value ${defaultRequest[name]}`,
          ),
        )
      if (more(defaultRequest[name], max[name]))
        errors.push(
          invalid(
            `${field}.defaultRequest[${name}]`,
            defaultRequest[name],
            `default request value ${defaultRequest[name]} is greater than max value ${max[name]}`,
          ),
        )
      if (more(defaultRequest[name], standard[name]))
        errors.push(
          invalid(
            `${field}.defaultRequest[${name}]`,
            defaultRequest[name],
            `default request value ${defaultRequest[name]} is greater than default limit value ${standard[name]}`,
          ),
        )
      if (more(min[name], standard[name]))
        errors.push(
          invalid(
            `${field}.default[${name}]`,
            min[name],
            `min value ${min[name]} is greater than default value ${standard[name]}`,
          ),
        )
      if (more(standard[name], max[name]))
        errors.push(
          invalid(
            `${field}.default[${name}]`,
            standard[name],
            `default value ${standard[name]} is greater than max value ${max[name]}`,
          ),
        )
      const ratio = maxLimitRequestRatio[name]
      if (ratio !== undefined && compareQuantities(ratio, '1') < 0)
        errors.push(invalid(`${field}.maxLimitRequestRatio[${name}]`, ratio, `ratio ${ratio} is less than 1`))
    }
  }
  return errors
}
