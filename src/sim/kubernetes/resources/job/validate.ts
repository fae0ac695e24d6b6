import { type FieldError, invalid, notSupported, required } from '../../api/field-error.ts'
import { deepEqual } from '../../api/json.ts'
import { matchesSelector } from '../../api/label-selector.ts'
import { internalTemplate } from '../pod/internal-form.ts'
import { validateTemplate } from '../pod/template.ts'
import { IMMUTABLE, isEmptySelector, nonNegative, validateLabelSelector } from '../validation.ts'

/** `isTemplate`: inside a CronJob, where selectors are not made yet. */
export function validateJobSpec(spec: any, field: string, isTemplate = false): FieldError[] {
  const errors: FieldError[] = []
  for (const name of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ])
    errors.push(...nonNegative(spec[name], `${field}.${name}`))
  const indexed = spec.completionMode === 'Indexed'
  if (spec.completionMode !== undefined && !['NonIndexed', 'Indexed'].includes(spec.completionMode))
    errors.push(notSupported(`${field}.completionMode`, spec.completionMode, ['Indexed', 'NonIndexed']))
  if (indexed) {
    if (spec.completions === undefined) errors.push(required(`${field}.completions`, 'when completion mode is Indexed'))
    if (spec.parallelism > 100_000)
      errors.push(
        invalid(
          `${field}.parallelism`,
          spec.parallelism,
          'must be less than or equal to 100000 when completion mode is Indexed',
        ),
      )
  } else {
    for (const name of ['backoffLimitPerIndex', 'maxFailedIndexes'])
      if (spec[name] !== undefined && name === 'backoffLimitPerIndex')
        errors.push(invalid(`${field}.backoffLimitPerIndex`, spec[name], 'requires indexed completion mode'))
  }
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    errors.push(required(`${field}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'))
  if (spec.podFailurePolicy) errors.push(...validateFailurePolicy(spec, `${field}.podFailurePolicy`))
  if (spec.successPolicy) {
    if (!indexed) errors.push(invalid(`${field}.successPolicy`, spec.successPolicy, 'requires indexed completion mode'))
    if (!spec.successPolicy.rules?.length)
      errors.push(
        required(
          `${field}.successPolicy.rules`,
          'at least one rules must be specified when the successPolicy is specified',
        ),
      )
    for (const [i, rule] of (spec.successPolicy.rules ?? []).entries())
      if (rule.succeededCount === undefined && rule.succeededIndexes === undefined)
        errors.push(
          required(
            `${field}.successPolicy.rules[${i}]`,
            'at least one of succeededCount or succeededIndexes must be specified',
          ),
        )
  }
  if (spec.podReplacementPolicy && !['Failed', 'TerminatingOrFailed'].includes(spec.podReplacementPolicy))
    errors.push(
      notSupported(`${field}.podReplacementPolicy`, spec.podReplacementPolicy, ['Failed', 'TerminatingOrFailed']),
    )
  const template = spec.template ?? {}
  errors.push(...validateTemplate(template, `${field}.template`))
  const policy = template.spec?.restartPolicy
  if (policy === 'Always')
    errors.push(required(`${field}.template.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'))
  else if (policy !== 'OnFailure' && policy !== 'Never')
    errors.push(notSupported(`${field}.template.spec.restartPolicy`, policy ?? '', ['OnFailure', 'Never']))
  else if (spec.podFailurePolicy && policy !== 'Never')
    errors.push(
      invalid(
        `${field}.template.spec.restartPolicy`,
        policy,
        'only "Never" is supported when podFailurePolicy is specified',
      ),
    )
  if (isTemplate && spec.manualSelector)
    errors.push(notSupported(`${field}.manualSelector`, spec.manualSelector, ['nil', 'false']))
  return errors
}

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore']

function validateFailurePolicy(spec: any, field: string): FieldError[] {
  const errors: FieldError[] = []
  const containers = new Set<string>(
    [...(spec.template?.spec?.containers ?? []), ...(spec.template?.spec?.initContainers ?? [])].map(
      (c: any) => c.name,
    ),
  )
  for (const [i, rule] of (spec.podFailurePolicy.rules ?? []).entries()) {
    const path = `${field}.rules[${i}]`
    if (!rule.action) errors.push(required(`${path}.action`, 'valid values: ["Count" "FailIndex" "FailJob" "Ignore"]'))
    else if (rule.action === 'FailIndex' && spec.backoffLimitPerIndex === undefined)
      errors.push(invalid(`${path}.action`, rule.action, 'requires the backoffLimitPerIndex to be set'))
    else if (!ACTIONS.includes(rule.action)) errors.push(notSupported(`${path}.action`, rule.action, ACTIONS))
    const codes = rule.onExitCodes
    if (codes) {
      const at = `${path}.onExitCodes`
      if (!['In', 'NotIn'].includes(codes.operator))
        errors.push(
          codes.operator
            ? notSupported(`${at}.operator`, codes.operator, ['In', 'NotIn'])
            : required(`${at}.operator`, 'valid values: ["In" "NotIn"]'),
        )
      if (codes.containerName !== undefined && !containers.has(codes.containerName))
        errors.push(
          invalid(
            `${at}.containerName`,
            codes.containerName,
            'must be one of the container or initContainer names in the pod template',
          ),
        )
      const values: number[] = codes.values ?? []
      if (values.length === 0) errors.push(invalid(`${at}.values`, values, 'at least one value is required'))
      for (const [j, value] of values.entries())
        if (codes.operator === 'In' && value === 0)
          errors.push(invalid(`${at}.values[${j}]`, value, 'must not be 0 for the In operator'))
    }
    if (codes && rule.onPodConditions?.length > 0)
      errors.push(invalid(path, rule, 'specifying both OnExitCodes and OnPodConditions is not supported'))
    if (!codes && !(rule.onPodConditions?.length > 0))
      errors.push(invalid(path, rule, 'specifying one of OnExitCodes and OnPodConditions is required'))
  }
  return errors
}

export function validateJob({ spec = {} }: any): FieldError[] {
  const errors = validateJobSpec(spec, 'spec')
  const own: FieldError[] = []
  if (!spec.selector) own.push(required('spec.selector'))
  else own.push(...validateLabelSelector(spec.selector, 'spec.selector'))
  const labels = spec.template?.metadata?.labels
  if (!spec.selector || isEmptySelector(spec.selector) || !matchesSelector(spec.selector, labels))
    own.push(invalid('spec.template.metadata.labels', labels ?? null, '`selector` does not match template `labels`'))
  return [
    ...own.filter((e) => e.field === 'spec.selector'),
    ...errors,
    ...own.filter((e) => e.field !== 'spec.selector'),
  ]
}

const MUTABLE_WHEN_SUSPENDED = ['nodeSelector', 'affinity', 'tolerations', 'schedulingGates']

export function validateJobUpdate({ spec }: any, old: any): FieldError[] {
  const errors: FieldError[] = []
  const before = old.spec
  if (spec.completions !== before.completions) {
    const indexed = before.completionMode === 'Indexed'
    if (!indexed) errors.push(invalid('spec.completions', spec.completions ?? null, IMMUTABLE))
    else if (spec.completions !== spec.parallelism || before.completions !== before.parallelism)
      errors.push(
        invalid('spec.completions', spec.completions ?? null, 'can only be modified in tandem with spec.parallelism'),
      )
  }
  if (!deepEqual(spec.selector, before.selector))
    errors.push(invalid('spec.selector', spec.selector ?? null, IMMUTABLE))
  errors.push(...validateTemplateUpdate(spec, before, old))
  for (const name of ['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'])
    if (!deepEqual(spec[name], before[name])) errors.push(invalid(`spec.${name}`, spec[name] ?? null, IMMUTABLE))
  return errors
}

function validateTemplateUpdate(spec: any, before: any, old: any): FieldError[] {
  if (deepEqual(spec.template, before.template)) return []
  let next = spec.template
  if (before.suspend && !old.status?.startTime) {
    const kept = Object.fromEntries(MUTABLE_WHEN_SUSPENDED.map((name) => [name, before.template.spec?.[name]]))
    next = {
      ...next,
      metadata: {
        ...next.metadata,
        annotations: before.template.metadata?.annotations,
        labels: before.template.metadata?.labels,
      },
      spec: { ...next.spec, ...kept },
    }
    if (deepEqual(next, before.template)) return []
  }
  return [invalid('spec.template', internalTemplate(spec.template), IMMUTABLE)]
}
