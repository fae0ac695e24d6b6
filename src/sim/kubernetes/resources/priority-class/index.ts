import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { validatePriorityClass, validatePriorityClassUpdate } from './validate.ts'

export const priorityClass: KindDefinition = {
  resource: 'priorityclasses.scheduling.k8s.io',
  defaults(o) {
    o.preemptionPolicy ??= 'PreemptLowerPriority'
  },
  cells: (o, now) => [
    o.metadata.name,
    o.value ?? 0,
    o.globalDefault ?? false,
    age(o.metadata.creationTimestamp, now),
    o.preemptionPolicy ?? '',
  ],
  validate: validatePriorityClass,
  validateUpdate: validatePriorityClassUpdate,
}
