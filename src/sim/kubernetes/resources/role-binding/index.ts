import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { defaultBinding, subjectCells } from '../rbac/bindings.ts'
import { validateBinding, validateBindingUpdate } from '../rbac/validate.ts'

export const roleBinding: KindDefinition = {
  resource: 'rolebindings.rbac.authorization.k8s.io',
  defaults: defaultBinding,
  cells: (o, now) => [
    o.metadata.name,
    `${o.roleRef?.kind}/${o.roleRef?.name}`,
    age(o.metadata.creationTimestamp, now),
    ...subjectCells(o.subjects),
  ],
  validate: (o) => validateBinding(o, false),
  validateUpdate: validateBindingUpdate,
}
