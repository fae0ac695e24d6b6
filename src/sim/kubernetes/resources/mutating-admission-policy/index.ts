import { policyKind } from '../admission-policy/policy-kind.ts'
import type { KindDefinition } from '../definition.ts'

export const mutatingAdmissionPolicy: KindDefinition = {
  resource: 'mutatingadmissionpolicies.admissionregistration.k8s.io',
  ...policyKind('mutations'),
}
