import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { validateBudget } from './validate.ts'

export const podDisruptionBudget: KindDefinition = {
  resource: 'poddisruptionbudgets.policy',
  cells: (o, now) => [
    o.metadata.name,
    o.spec?.minAvailable === undefined ? 'N/A' : String(o.spec.minAvailable),
    o.spec?.maxUnavailable === undefined ? 'N/A' : String(o.spec.maxUnavailable),
    o.status?.disruptionsAllowed ?? 0,
    age(o.metadata.creationTimestamp, now),
  ],
  validate: validateBudget,
}
