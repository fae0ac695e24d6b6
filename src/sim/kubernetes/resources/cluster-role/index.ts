import type { KindDefinition } from '../definition.ts'

export const clusterRole: KindDefinition = {
  resource: 'clusterroles.rbac.authorization.k8s.io',
}
