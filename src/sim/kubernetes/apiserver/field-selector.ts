import type { KubeObject } from '../api/object.ts'
import { badRequest } from '../api/status-error.ts'
import type { ResourceInfo } from './registry.ts'

export interface FieldRequirement {
  field: string
  value: string
  negated: boolean
}

/** `metadata.name=x,status.phase!=Running`. Throws ApiError for fields that the kind does not offer. */
export function parseFieldSelector(info: ResourceInfo, text: string): FieldRequirement[] {
  const out: FieldRequirement[] = []
  for (const term of text.split(',')) {
    if (term === '') continue
    const m = /^(.*?)(==|!=|=)(.*)$/s.exec(term)
    if (!m) throw badRequest(`invalid selector: ${JSON.stringify(term)}; can't understand ${JSON.stringify(term)}`)
    const field = m[1]!.trim()
    if (!isSupported(info, field))
      throw badRequest(
        info.custom || info.definition?.fields
          ? `field label not supported: ${field}`
          : `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`,
      )
    out.push({ field, value: m[3]!.trim(), negated: m[2] === '!=' })
  }
  return out
}

function isSupported(info: ResourceInfo, field: string): boolean {
  if (field === 'metadata.name' || (field === 'metadata.namespace' && info.namespaced)) return true
  return info.definition?.fields?.[field] !== undefined || (info.custom?.selectableFields.includes(field) ?? false)
}

export function fieldValue(info: ResourceInfo, object: KubeObject, field: string): string {
  if (field === 'metadata.name') return object.metadata.name
  if (field === 'metadata.namespace') return object.metadata.namespace ?? ''
  const read = info.definition?.fields?.[field]
  if (read) return read(object)
  const value = field.split('.').reduce<any>((at, key) => at?.[key], object)
  return value === undefined || value === null ? '' : String(value)
}
