import { duplicate, type FieldError, invalid, notSupported, required } from '../../api/field-error.ts'
import { validateLabelKey, validateLabelValue } from '../../api/names.ts'
import { validateLabelSelector, validateOperator } from '../validation.ts'

export function validateAffinity(affinity: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  const node = affinity?.nodeAffinity
  if (node) {
    const wanted = node.requiredDuringSchedulingIgnoredDuringExecution
    if (wanted)
      errors.push(
        ...validateNodeSelector(wanted, `${field}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution`),
      )
    for (const [i, term] of (node.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
      const path = `${field}.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[${i}]`
      errors.push(...weight(term.weight, path))
      errors.push(...validateTerm(term.preference ?? {}, `${path}.preference`))
    }
  }
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    const part = affinity?.[kind]
    for (const [i, term] of (part?.requiredDuringSchedulingIgnoredDuringExecution ?? []).entries())
      errors.push(...validatePodTerm(term, `${field}.${kind}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`))
    for (const [i, term] of (part?.preferredDuringSchedulingIgnoredDuringExecution ?? []).entries()) {
      const path = `${field}.${kind}.preferredDuringSchedulingIgnoredDuringExecution[${i}]`
      errors.push(...weight(term.weight, path))
      errors.push(...validatePodTerm(term.podAffinityTerm ?? {}, `${path}.podAffinityTerm`))
    }
  }
  return errors
}

function weight(value: number | undefined, path: string): FieldError[] {
  return !value || value < 1 || value > 100 ? [invalid(`${path}.weight`, value ?? 0, 'must be in the range 1-100')] : []
}

export function validateNodeSelector(selector: any, field: string): FieldError[] {
  if (!selector.nodeSelectorTerms?.length)
    return [required(`${field}.nodeSelectorTerms`, 'must have at least one node selector term')]
  return selector.nodeSelectorTerms.flatMap((term: any, i: number) =>
    validateTerm(term, `${field}.nodeSelectorTerms[${i}]`),
  )
}

function validateTerm(term: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [i, e] of (term.matchExpressions ?? []).entries()) {
    const path = `${field}.matchExpressions[${i}]`
    const oneValue = () =>
      e.values?.length === 1
        ? []
        : [required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")]
    errors.push(...validateOperator(e, path, { Gt: oneValue, Lt: oneValue }))
    for (const p of validateLabelKey(e.key ?? '')) errors.push(invalid(`${path}.key`, e.key ?? '', p))
    if (['In', 'NotIn'].includes(e.operator))
      for (const [j, value] of (e.values ?? []).entries())
        for (const p of validateLabelValue(value)) errors.push(invalid(`${path}.values[${j}]`, value, p))
  }
  for (const [i, e] of (term.matchFields ?? []).entries()) {
    const path = `${field}.matchFields[${i}]`
    if (e.key !== 'metadata.name') errors.push(invalid(`${path}.key`, e.key ?? '', 'not a valid field selector key'))
    if (!['In', 'NotIn'].includes(e.operator))
      errors.push(invalid(`${path}.operator`, e.operator ?? '', 'not a valid selector operator'))
    else if (e.values?.length !== 1)
      errors.push(
        required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"),
      )
  }
  return errors
}

function validatePodTerm(term: any, field: string): FieldError[] {
  const errors = [
    ...validateLabelSelector(term.labelSelector, `${field}.labelSelector`),
    ...validateLabelSelector(term.namespaceSelector, `${field}.namespaceSelector`),
  ]
  if (!term.topologyKey) errors.push(required(`${field}.topologyKey`, 'can not be empty'))
  else
    for (const p of validateLabelKey(term.topologyKey))
      errors.push(invalid(`${field}.topologyKey`, term.topologyKey, p))
  return errors
}

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

export function validateTolerations(tolerations: any[] | undefined, field: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [i, t] of (tolerations ?? []).entries()) {
    const path = `${field}[${i}]`
    if (t.key) for (const p of validateLabelKey(t.key)) errors.push(invalid(`${path}.key`, t.key, p))
    if (!t.key && t.operator !== 'Exists')
      errors.push(
        invalid(
          `${path}.operator`,
          t.operator ?? '',
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      )
    if (t.tolerationSeconds !== undefined && t.effect !== 'NoExecute')
      errors.push(
        invalid(`${path}.effect`, t.effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"),
      )
    switch (t.operator) {
      case 'Equal':
      case '':
      case undefined:
        for (const p of validateLabelValue(t.value ?? '')) errors.push(invalid(`${path}.operator`, t.value, p))
        break
      case 'Exists':
        if (t.value)
          errors.push(invalid(`${path}.operator`, t.value, "value must be empty when `operator` is 'Exists'"))
        break
      default:
        errors.push(notSupported(`${path}.operator`, t.operator, ['Equal', 'Exists']))
    }
    if (t.effect && !EFFECTS.includes(t.effect)) errors.push(notSupported(`${path}.effect`, t.effect, EFFECTS))
  }
  return errors
}

const UNSATISFIABLE = ['DoNotSchedule', 'ScheduleAnyway']

export function validateSpread(constraints: any[] | undefined, field: string): FieldError[] {
  const errors: FieldError[] = []
  const seen = new Set<string>()
  for (const [i, c] of (constraints ?? []).entries()) {
    const path = `${field}[${i}]`
    if (!c.maxSkew || c.maxSkew <= 0)
      errors.push(invalid(`${path}.maxSkew`, c.maxSkew ?? 0, 'must be greater than zero'))
    if (!c.topologyKey) errors.push(required(`${path}.topologyKey`, 'can not be empty'))
    else for (const p of validateLabelKey(c.topologyKey)) errors.push(invalid(`${path}.topologyKey`, c.topologyKey, p))
    if (!UNSATISFIABLE.includes(c.whenUnsatisfiable))
      errors.push(notSupported(`${path}.whenUnsatisfiable`, c.whenUnsatisfiable ?? '', UNSATISFIABLE))
    const key = `{${c.topologyKey}, ${c.whenUnsatisfiable}}`
    if (seen.has(key)) errors.push(duplicate(`${path}.{topologyKey, whenUnsatisfiable}`, key))
    seen.add(key)
    if (c.minDomains !== undefined && c.minDomains <= 0)
      errors.push(invalid(`${path}.minDomains`, c.minDomains, 'must be greater than zero'))
    if (c.minDomains !== undefined && c.whenUnsatisfiable !== 'DoNotSchedule')
      errors.push(
        invalid(
          `${path}.minDomains`,
          c.minDomains,
          `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${c.whenUnsatisfiable}`,
        ),
      )
    errors.push(...validateLabelSelector(c.labelSelector, `${path}.labelSelector`))
  }
  return errors
}
