import type { KindDefinition } from '../definition.ts'
import { bindingKind } from '../rbac/binding-kind.ts'

export const roleBinding: KindDefinition = {
  resource: 'rolebindings.rbac.authorization.k8s.io',
  ...bindingKind(false),
}
