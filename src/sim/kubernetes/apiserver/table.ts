import { parseRfc3339 } from '../../time/date.ts'
import columnsText from '../api/data/columns.ts'
import { humanDuration } from '../api/duration.ts'
import type { KubeObject } from '../api/object.ts'
import type { Cell } from '../resources/definition.ts'
import type { ResourceInfo } from './registry.ts'

export interface ColumnDefinition {
  name: string
  type: string
  format: string
  description: string
  priority: number
}

let columns: Record<string, [string, string, string, number][]> | undefined

export function columnsOf(info: ResourceInfo): ColumnDefinition[] {
  columns ??= JSON.parse(columnsText) as Record<string, [string, string, string, number][]>
  const key = `${info.group ? `${info.group}/` : ''}${info.version}/${info.resource}`
  const known = info.custom ? undefined : columns[key]
  if (known) return known.map(([name, type, format, priority]) => ({ name, type, format, description: '', priority }))
  return [
    { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
    { name: 'Created At', type: 'date', format: '', description: '', priority: 0 },
  ]
}

export function age(timestamp: string | undefined, now: number): string {
  return timestamp ? humanDuration(now - parseRfc3339(timestamp)) : '<unknown>'
}

function cellsOf(info: ResourceInfo, object: KubeObject, now: number, definitions: ColumnDefinition[]): Cell[] {
  const cells = info.definition?.cells?.(object, now)
  if (cells) return cells
  return definitions.map(({ name }) => {
    if (name === 'Name') return object.metadata.name
    if (name === 'Age') return age(object.metadata.creationTimestamp, now)
    if (name === 'Created At') return object.metadata.creationTimestamp
    return '<unknown>'
  })
}

export type IncludeObject = 'Metadata' | 'Object' | 'None'

/** meta.k8s.io/v1 Table of the objects. */
export function tableOf(
  info: ResourceInfo,
  objects: readonly KubeObject[],
  options: { now: number; include: IncludeObject; metadata: object; withColumns?: boolean },
): object {
  const definitions = columnsOf(info)
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: options.metadata,
    columnDefinitions: options.withColumns === false ? null : definitions,
    rows: objects.map((object) => ({
      cells: cellsOf(info, object, options.now, definitions),
      ...(options.include === 'None'
        ? {}
        : { object: options.include === 'Object' ? object : partialMetadata(object) }),
    })),
  }
}

export function partialMetadata(object: KubeObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata }
}
