import type { KindDefinition } from '../definition.ts'
import { validateRole } from '../rbac/validate.ts'

export const clusterRole: KindDefinition = {
  resource: 'clusterroles.rbac.authorization.k8s.io',
  validate: (o) => validateRole(o, false),
}
