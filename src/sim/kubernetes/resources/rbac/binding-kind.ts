import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { defaultBinding, subjectCells } from './bindings.ts'
import { validateBinding, validateBindingUpdate } from './validate.ts'

/** A RoleBinding, or with `cluster` a ClusterRoleBinding. */
export const bindingKind = (cluster: boolean): Omit<KindDefinition, 'resource'> => ({
  defaults: defaultBinding,
  cells: (o, now) => [
    o.metadata.name,
    `${o.roleRef?.kind}/${o.roleRef?.name}`,
    age(o.metadata.creationTimestamp, now),
    ...subjectCells(o.subjects),
  ],
  validate: (o) => validateBinding(o, cluster),
  validateUpdate: validateBindingUpdate,
})
