import type { KindDefinition } from '../definition.ts'
import { nodeCells } from './cells.ts'

export const node: KindDefinition = {
  resource: 'nodes',
  cells: nodeCells,
  fields: { 'spec.unschedulable': (o) => String(o.spec?.unschedulable ?? false) },
}
