import { defaultPolicyMatch } from '../admission-policy/match-defaults.ts'
import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { validatePolicy } from './validate.ts'

const paramKind = (o: any): string =>
  o.spec?.paramKind ? `${o.spec.paramKind.apiVersion}/${o.spec.paramKind.kind}` : '<unset>'

export const validatingAdmissionPolicy: KindDefinition = {
  resource: 'validatingadmissionpolicies.admissionregistration.k8s.io',
  defaults({ spec }) {
    if (!spec) return
    spec.failurePolicy ??= 'Fail'
    defaultPolicyMatch(spec.matchConstraints)
  },
  cells: (o, now) => [
    o.metadata.name,
    o.spec?.validations?.length ?? 0,
    paramKind(o),
    age(o.metadata.creationTimestamp, now),
  ],
  validate: validatePolicy,
}
