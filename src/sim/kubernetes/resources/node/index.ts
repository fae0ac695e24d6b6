import type { KindDefinition } from '../definition.ts'

export const node: KindDefinition = {
  resource: 'nodes',
  fields: { 'spec.unschedulable': (o) => String(o.spec?.unschedulable ?? false) },
}
