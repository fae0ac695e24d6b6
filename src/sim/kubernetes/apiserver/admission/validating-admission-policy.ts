import type { ApiError } from '../../api/object.ts'
import { statusFailure } from '../../api/status-error.ts'
import { CelError, evaluateCel } from '../../cel/evaluate.ts'
import type { AdmissionAttributes, AdmissionPlugin } from './plugin.ts'
import { celVariables, matchesConstraints, meetsConditions, paramsOf } from './policy-matching.ts'

const POLICIES = 'validatingadmissionpolicies.admissionregistration.k8s.io'
const BINDINGS = 'validatingadmissionpolicybindings.admissionregistration.k8s.io'
const CODES: Record<string, number> = { Unauthorized: 401, Forbidden: 403, Invalid: 422, RequestEntityTooLarge: 413 }

interface Failure {
  message: string
  reason: string
}

/** Holds requests to the cluster's ValidatingAdmissionPolicies. */
export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: 'ValidatingAdmissionPolicy',
  validate(attributes) {
    const { context, info } = attributes
    if (info.group === 'admissionregistration.k8s.io') return
    const bindings = context.list<any>(BINDINGS)
    if (bindings.length === 0) return
    for (const policy of context.list<any>(POLICIES)) {
      const own = bindings.filter((b) => b.spec.policyName === policy.metadata.name)
      if (own.length === 0 || !matchesConstraints(policy.spec.matchConstraints, attributes)) continue
      for (const binding of own)
        if (matchesConstraints(binding.spec.matchResources, attributes)) judge(policy, binding, attributes)
    }
  },
}

function judge(policy: any, binding: any, attributes: AdmissionAttributes): void {
  const params = paramsOf(policy, binding, attributes, attributes.resourceOfKind ?? (() => undefined))
  const failures: Failure[] = params.objects
    ? params.objects.flatMap((p) => evaluate(policy, attributes, p))
    : [{ message: params.denied, reason: 'Invalid' }]
  const actions: string[] = binding.spec.validationActions ?? ['Deny']
  const who = `ValidatingAdmissionPolicy '${policy.metadata.name}' with binding '${binding.metadata.name}'`
  for (const { message, reason } of failures) {
    if (actions.includes('Warn')) attributes.context.warn(`Validation failed for ${who}: ${message}`)
    if (actions.includes('Deny')) throw denied(attributes, `${who} denied request: ${message}`, reason)
  }
}

function evaluate(policy: any, attributes: AdmissionAttributes, params: unknown): Failure[] {
  const variables = celVariables(policy, attributes, params)
  const ignores = policy.spec.failurePolicy === 'Ignore'
  const out: Failure[] = []
  try {
    if (!meetsConditions(policy, variables)) return []
  } catch (error) {
    if (!(error instanceof CelError)) throw error
    return ignores ? [] : [{ message: error.message, reason: 'Invalid' }]
  }
  for (const validation of policy.spec.validations ?? []) {
    try {
      if (evaluateCel(validation.expression, variables) === true) continue
    } catch (error) {
      if (!(error instanceof CelError)) throw error
      if (!ignores)
        out.push({
          message: `expression '${validation.expression.trim()}' resulted in error: ${error.message}`,
          reason: 'Invalid',
        })
      continue
    }
    out.push({ message: messageOf(validation, variables), reason: validation.reason ?? 'Invalid' })
  }
  return out
}

function messageOf(validation: any, variables: Record<string, unknown>): string {
  if (validation.messageExpression) {
    try {
      const text = evaluateCel(validation.messageExpression, variables)
      if (typeof text === 'string' && text.trim() !== '' && !text.includes('\n')) return text.trim()
    } catch {
      // As if there were no such expression.
    }
  }
  return validation.message?.trim() || `failed expression: ${validation.expression.trim()}`
}

function denied({ info, name }: AdmissionAttributes, message: string, reason: string): ApiError {
  const resource = `${info.resource}${info.group ? `.${info.group}` : ''}`
  return statusFailure(CODES[reason] ?? 422, reason, `${resource} ${JSON.stringify(name)} is forbidden: ${message}`, {
    name,
    ...(info.group ? { group: info.group } : {}),
    kind: info.resource,
    causes: [{ message }],
  })
}
