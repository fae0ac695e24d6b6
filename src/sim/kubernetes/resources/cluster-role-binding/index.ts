import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { defaultBinding, subjectCells } from '../rbac/bindings.ts'
import { validateBinding, validateBindingUpdate } from '../rbac/validate.ts'

export const clusterRoleBinding: KindDefinition = {
  resource: 'clusterrolebindings.rbac.authorization.k8s.io',
  defaults: defaultBinding,
  cells: (o, now) => [
    o.metadata.name,
    `${o.roleRef?.kind}/${o.roleRef?.name}`,
    age(o.metadata.creationTimestamp, now),
    ...subjectCells(o.subjects),
  ],
  validate: (o) => validateBinding(o, true),
  validateUpdate: validateBindingUpdate,
}
