import type { Clock } from '../../time/event-queue.ts'
import { deepEqual } from '../api/json.ts'
import type { KubeObject } from '../api/object.ts'
import { type TypeCode, typeInfo } from '../api/schema.ts'
import type { Operations } from './operations/operations.ts'
import { internalOptions } from './request-context.ts'

/** Checks the expressions of ValidatingAdmissionPolicies against the types they match, as a controller of the server's does. */
export function checkAdmissionPolicies(operations: Operations, clock: Clock): void {
  const info = operations.registry.named('validatingadmissionpolicies.admissionregistration.k8s.io')!
  const table = operations.table(info)
  table.subscribe(({ type, object, previous }) => {
    if (type === 'DELETED' || (previous && deepEqual(previous.spec, object.spec))) return
    const { name } = object.metadata
    clock.after(100, () => {
      const policy = table.get('', name)
      if (!policy) return
      const warnings = expressionWarnings(operations, policy)
      const status = {
        observedGeneration: policy.metadata.generation,
        typeChecking: warnings.length > 0 ? { expressionWarnings: warnings } : {},
      }
      const change = (old: KubeObject) => ({ ...old, metadata: { ...old.metadata }, status })
      operations.update(info, undefined, name, change, internalOptions('kube-controller-manager'), 'status')
    })
  })
}

function expressionWarnings(operations: Operations, { spec }: KubeObject): { fieldRef: string; warning: string }[] {
  const out: { fieldRef: string; warning: string }[] = []
  for (const [i, { expression }] of (spec.validations ?? []).entries())
    for (const rule of spec.matchConstraints?.resourceRules ?? [])
      for (const group of rule.apiGroups ?? [])
        for (const version of rule.apiVersions ?? [])
          for (const resource of rule.resources ?? []) {
            const info = operations.registry.find(group, version, resource)
            const problem = info?.type && undefinedField(expression, info.type)
            if (problem)
              out.push({
                fieldRef: `spec.validations[${i}].expression`,
                warning: `${group ? `${group}/${version}` : version}, Kind=${info.kind}: ${problem}\n`,
              })
          }
  return out
}

/** The first `object.a.b` that the type does not have, in the words of cel-go. */
function undefinedField(expression: string, type: string): string | undefined {
  for (const m of expression.matchAll(/\b(?:object|oldObject)((?:\.[A-Za-z_]\w*)+)(\()?/g)) {
    const names = m[1]!.slice(1).split('.')
    if (m[2]) names.pop()
    let code: TypeCode = type
    let at = m.index + m[0].indexOf('.')
    for (const name of names) {
      const fields = typeInfo(code)?.fields
      if (!fields) break
      const field = fields.get(name)
      if (!field)
        return `ERROR: <input>:1:${at + 1}: undefined field '${name}'\n | ${expression}\n | ${'.'.repeat(at)}^`
      at += name.length + 1
      code = field.type
    }
  }
  return undefined
}
