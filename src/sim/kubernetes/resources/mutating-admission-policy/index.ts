import { defaultPolicyMatch } from '../admission-policy/match-defaults.ts'
import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

const paramKind = (o: any): string =>
  o.spec?.paramKind ? `${o.spec.paramKind.apiVersion}/${o.spec.paramKind.kind}` : '<unset>'

export const mutatingAdmissionPolicy: KindDefinition = {
  resource: 'mutatingadmissionpolicies.admissionregistration.k8s.io',
  defaults({ spec }) {
    if (!spec) return
    spec.failurePolicy ??= 'Fail'
    defaultPolicyMatch(spec.matchConstraints)
  },
  cells: (o, now) => [
    o.metadata.name,
    o.spec?.mutations?.length ?? 0,
    paramKind(o),
    age(o.metadata.creationTimestamp, now),
  ],
}
