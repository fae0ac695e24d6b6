import { age } from '../cells.ts'
import type { KindDefinition } from '../definition.ts'

const controller = (o: any): string => {
  const owner = o.metadata.ownerReferences?.find((r: any) => r.controller)
  if (!owner) return '<none>'
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : ''
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`
}

export const controllerRevision: KindDefinition = {
  resource: 'controllerrevisions.apps',
  cells: (o, now) => [o.metadata.name, controller(o), o.revision ?? 0, age(o.metadata.creationTimestamp, now)],
}
