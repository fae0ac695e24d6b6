import { type FieldError, forbiddenField, invalid } from '../../api/field-error.ts'
import { deepEqual } from '../../api/json.ts'
import { goDiff } from '../go-diff.ts'
import { internalPodSpec } from './internal-form.ts'

const WORDS =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

/** What may be changed of a Pod's specification once it exists. */
export function validatePodUpdate(pod: any, old: any): FieldError[] {
  const errors: FieldError[] = []
  const next = pod.spec
  const before = old.spec
  for (const list of ['containers', 'initContainers']) {
    const count = next[list]?.length ?? 0
    if (count !== (before[list]?.length ?? 0)) {
      return [forbiddenField(`spec.${list}`, 'pod updates may not add or remove containers')]
    }
  }
  for (const list of ['containers', 'initContainers'])
    for (const [i, container] of (next[list] ?? []).entries()) {
      if (!container.image) continue
      if (container.image !== container.image.trim())
        errors.push(
          invalid(`spec.${list}[${i}].image`, container.image, 'must not have leading or trailing whitespace'),
        )
    }
  const deadline = next.activeDeadlineSeconds
  const oldDeadline = before.activeDeadlineSeconds
  if (deadline !== undefined && oldDeadline !== undefined && oldDeadline < deadline) {
    errors.push(invalid('spec.activeDeadlineSeconds', deadline, 'must be less than or equal to previous value'))
    return errors
  }
  if (deadline === undefined && oldDeadline !== undefined)
    errors.push(invalid('spec.activeDeadlineSeconds', null, 'must not update from a positive integer to nil value'))
  const known = new Set<string>((before.schedulingGates ?? []).map((g: any) => g.name))
  for (const [i, gate] of (next.schedulingGates ?? []).entries())
    if (!known.has(gate.name))
      errors.push(
        forbiddenField(
          `spec.schedulingGates[${i}].name`,
          `only deletion is allowed, but found new scheduling gate '${gate.name}'`,
        ),
      )
  errors.push(...validateTolerationsUpdate(next.tolerations ?? [], before.tolerations ?? []))
  if (errors.length > 0) return errors
  const munged = {
    ...next,
    activeDeadlineSeconds: oldDeadline,
    tolerations: before.tolerations,
    schedulingGates: before.schedulingGates,
  }
  for (const list of ['containers', 'initContainers'])
    if (next[list]) munged[list] = next[list].map((c: any, i: number) => ({ ...c, image: before[list][i].image }))
  if ((before.terminationGracePeriodSeconds ?? 0) < 0 && next.terminationGracePeriodSeconds === 1)
    munged.terminationGracePeriodSeconds = before.terminationGracePeriodSeconds
  if (known.size > 0) {
    munged.nodeSelector = before.nodeSelector
    munged.affinity = before.affinity
  }
  if (deepEqual(munged, before)) return errors
  const left = internalPodSpec(before)
  const right = internalPodSpec(munged)
  if (deepEqual(left, right)) return errors
  return [forbiddenField('spec', `${WORDS}\n${goDiff(left, right)}`)]
}

function validateTolerationsUpdate(next: any[], before: any[]): FieldError[] {
  const same = (a: any, b: any) =>
    a.key === b.key && a.operator === b.operator && a.value === b.value && a.effect === b.effect
  for (const old of before) {
    if (!next.some((t) => same(t, old)))
      return [
        forbiddenField('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'),
      ]
  }
  return []
}
