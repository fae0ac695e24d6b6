import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { defaultPolicyMatch } from './match-defaults.ts'

const paramKind = (o: any): string =>
  o.spec?.paramKind ? `${o.spec.paramKind.apiVersion}/${o.spec.paramKind.kind}` : '<unset>'

/** What both admission policies share; they differ in the list that their second column counts. */
export const policyKind = (list: 'mutations' | 'validations'): Pick<KindDefinition, 'defaults' | 'cells'> => ({
  defaults({ spec }) {
    if (!spec) return
    spec.failurePolicy ??= 'Fail'
    defaultPolicyMatch(spec.matchConstraints)
  },
  cells: (o, now) => [
    o.metadata.name,
    o.spec?.[list]?.length ?? 0,
    paramKind(o),
    age(o.metadata.creationTimestamp, now),
  ],
})
