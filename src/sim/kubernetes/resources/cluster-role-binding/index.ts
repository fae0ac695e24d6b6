import type { KindDefinition } from '../definition.ts'
import { bindingKind } from '../rbac/binding-kind.ts'

export const clusterRoleBinding: KindDefinition = {
  resource: 'clusterrolebindings.rbac.authorization.k8s.io',
  ...bindingKind(true),
}
