import type { KindDefinition } from '../definition.ts'
import { defaultTemplate } from '../pod/template-defaults.ts'

export const replicaSet: KindDefinition = {
  resource: 'replicasets.apps',
  defaults({ spec }) {
    if (!spec) return
    spec.replicas ??= 1
    defaultTemplate(spec.template)
  },
  fields: { 'status.replicas': (o) => String(o.status?.replicas ?? 0) },
}
