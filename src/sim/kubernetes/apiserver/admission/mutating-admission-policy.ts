import { internalError } from '../../api/status-error.ts'
import { CelError, evaluateCel } from '../../cel/evaluate.ts'
import { objectLiterals } from '../../cel/object-literals.ts'
import { mergeApplied, shapeOfType } from '../managed-fields/typed.ts'
import { jsonPatch } from '../patch/json-patch.ts'
import type { AdmissionAttributes, AdmissionPlugin } from './plugin.ts'
import { celVariables, matchesConstraints, meetsConditions, paramsOf } from './policy-matching.ts'

const POLICIES = 'mutatingadmissionpolicies.admissionregistration.k8s.io'
const BINDINGS = 'mutatingadmissionpolicybindings.admissionregistration.k8s.io'

/** Lets the cluster's MutatingAdmissionPolicies change what is written. */
export const mutatingAdmissionPolicy: AdmissionPlugin = {
  name: 'MutatingAdmissionPolicy',
  admit(attributes) {
    const { context, info, object, operation } = attributes
    if (!object || operation === 'DELETE' || info.group === 'admissionregistration.k8s.io') return
    const bindings = context.list<any>(BINDINGS)
    if (bindings.length === 0) return
    for (const policy of context.list<any>(POLICIES)) {
      if (!matchesConstraints(policy.spec.matchConstraints, attributes)) continue
      for (const binding of bindings) {
        if (
          binding.spec.policyName !== policy.metadata.name ||
          !matchesConstraints(binding.spec.matchResources, attributes)
        )
          continue
        const params = paramsOf(policy, binding, attributes, attributes.resourceOfKind ?? (() => undefined))
        for (const param of params.objects ?? []) mutate(policy, attributes, param)
      }
    }
  },
}

function mutate(policy: any, attributes: AdmissionAttributes, params: unknown): void {
  const object = attributes.object!
  for (const mutation of policy.spec.mutations ?? []) {
    try {
      const variables = celVariables(policy, attributes, params)
      if (!meetsConditions(policy, variables)) return
      const expression = mutation.applyConfiguration?.expression ?? mutation.jsonPatch?.expression ?? ''
      const result = evaluateCel(objectLiterals(expression), variables)
      const next: any =
        mutation.patchType === 'JSONPatch'
          ? jsonPatch(object, result)
          : mergeApplied(shapeOfType(attributes.info.type ?? '*'), object, result)
      for (const key of Object.keys(object)) if (!(key in next)) delete object[key]
      Object.assign(object, next)
    } catch (error) {
      if (!(error instanceof CelError)) throw error
      if (policy.spec.failurePolicy !== 'Ignore')
        throw internalError(`policy ${policy.metadata.name}: ${error.message}`)
    }
  }
}
