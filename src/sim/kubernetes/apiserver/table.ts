import columnsText from '../api/data/columns.ts'
import type { KubeObject } from '../api/object.ts'
import { age } from '../resources/cells.ts'
import type { Cell } from '../resources/definition.ts'
import { fromStorage } from './conversion.ts'
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
  if (info.custom)
    return [
      { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
      ...info.custom.columns.map((c) => ({
        name: c.name,
        type: c.type,
        format: c.format ?? '',
        description: c.description ?? '',
        priority: c.priority ?? 0,
      })),
    ]
  const key = `${info.group ? `${info.group}/` : ''}${info.version}/${info.resource}`
  const known = columns[key]
  if (known) return known.map(([name, type, format, priority]) => ({ name, type, format, description: '', priority }))
  return [
    { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
    { name: 'Created At', type: 'date', format: '', description: '', priority: 0 },
  ]
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
        : { object: options.include === 'Object' ? fromStorage(info, object) : partialMetadata(object) }),
    })),
  }
}

const SCALE_COLUMNS: readonly ColumnDefinition[] = [
  { name: 'Name', type: 'string', format: 'name', description: '', priority: 0 },
  { name: 'Desired', type: 'integer', format: '', description: '', priority: 0 },
  { name: 'Available', type: 'integer', format: '', description: '', priority: 0 },
  { name: 'Age', type: 'string', format: '', description: '', priority: 0 },
]

/** Of an autoscaling/v1 Scale. */
export function scaleTable(scale: KubeObject, now: number, include: IncludeObject): object {
  const { metadata, spec, status } = scale
  const cells = [metadata.name, spec.replicas ?? 0, status.replicas ?? 0, age(metadata.creationTimestamp, now)]
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: { resourceVersion: metadata.resourceVersion },
    columnDefinitions: SCALE_COLUMNS,
    rows: [
      {
        cells,
        ...(include === 'None' ? {} : { object: include === 'Object' ? scale : partialMetadata(scale) }),
      },
    ],
  }
}

export function partialMetadata(object: KubeObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata }
}
