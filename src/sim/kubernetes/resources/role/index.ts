import type { KindDefinition } from '../definition.ts'
import { validateRole } from '../rbac/validate.ts'

export const role: KindDefinition = {
  resource: 'roles.rbac.authorization.k8s.io',
  validate: (o) => validateRole(o, true),
}
