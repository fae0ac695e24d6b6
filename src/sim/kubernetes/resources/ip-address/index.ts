import type { KindDefinition } from '../definition.ts'

const parent = (ref: any): string =>
  `${ref.resource ?? ''}${ref.group ? `.${ref.group}` : ''}/${ref.namespace ? `${ref.namespace}/` : ''}${ref.name ?? ''}`

export const ipAddress: KindDefinition = {
  resource: 'ipaddresses.networking.k8s.io',
  cells: (o) => [o.metadata.name, parent(o.spec?.parentRef ?? {})],
}
