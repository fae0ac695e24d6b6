import { containerCells, labelsCell } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'
import { defaultTemplate } from '../pod/template-defaults.ts'

export const podTemplate: KindDefinition = {
  resource: 'podtemplates',
  defaults: (o) => defaultTemplate(o.template),
  cells: (o) => [o.metadata.name, ...containerCells(o.template?.spec), labelsCell(o.template?.metadata?.labels)],
}
