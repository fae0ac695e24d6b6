import type { KindDefinition } from '../definition.ts'

function healthy(o: any): string[] {
  const condition = o.conditions?.find((c: any) => c.type === 'Healthy')
  return [
    condition?.status === 'True' ? 'Healthy' : condition?.status === 'False' ? 'Unhealthy' : 'Unknown',
    condition?.message ?? '',
    condition?.error ?? '',
  ]
}

export const componentStatus: KindDefinition = {
  resource: 'componentstatuses',
  cells: (o) => [o.metadata.name, ...healthy(o)],
}
