import type { KindDefinition } from '../definition.ts'

export const role: KindDefinition = {
  resource: 'roles.rbac.authorization.k8s.io',
}
