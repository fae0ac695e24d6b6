import type { KubeObject } from '../../api/object.ts'
import { decodeType, structuredCloneJson } from '../decode.ts'
import type { ResourceInfo } from '../registry.ts'
import { applyDefaults, prune } from './schema.ts'

/** Reads a custom object: metadata as for every kind, the rest by its schema. */
export function decodeCustom(info: ResourceInfo, body: object): { value: KubeObject; unknown: string[] } {
  const custom = info.custom!
  const { apiVersion, kind, metadata, ...rest } = structuredCloneJson(body) as KubeObject
  const meta = decodeType('meta.v1.ObjectMeta', metadata ?? {})
  const unknown = meta.unknown.map((text) => text.replace('unknown field "', 'unknown field "metadata.'))
  const content: Record<string, unknown> = rest
  if (!custom.preserveUnknown) prune(custom.schema, content, '', unknown, true)
  applyDefaults(custom.schema, content)
  // Go sorts the keys of what has no struct.
  const value = { kind, apiVersion, metadata: meta.value, ...sorted(content) } as KubeObject
  return { value, unknown }
}

function sorted(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))
}
