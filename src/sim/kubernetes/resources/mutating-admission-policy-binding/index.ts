import { defaultPolicyMatch } from '../admission-policy/match-defaults.ts'
import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

function paramRef(o: any): string {
  const ref = o.spec?.paramRef
  if (!ref) return '<unset>'
  return ref.name ? (ref.namespace ? `${ref.namespace}/${ref.name}` : `*/${ref.name}`) : '<unset>'
}

export const mutatingAdmissionPolicyBinding: KindDefinition = {
  resource: 'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  defaults: (o) => defaultPolicyMatch(o.spec?.matchResources),
  cells: (o, now) => [o.metadata.name, o.spec?.policyName ?? '', paramRef(o), age(o.metadata.creationTimestamp, now)],
}
