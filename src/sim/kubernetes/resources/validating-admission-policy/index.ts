import { policyKind } from '../admission-policy/policy-kind.ts'
import type { KindDefinition } from '../definition.ts'
import { validatePolicy } from './validate.ts'

export const validatingAdmissionPolicy: KindDefinition = {
  resource: 'validatingadmissionpolicies.admissionregistration.k8s.io',
  ...policyKind('validations'),
  validate: validatePolicy,
}
