import type { LabelSelector, ListOptions } from '../api/client.ts'
import { matchesRequirements, parseSelector, type Requirement, selectorRequirements } from '../api/label-selector.ts'
import type { KubeObject } from '../api/object.ts'
import type { Table } from './store.ts'

const parsed = new Map<string, Requirement[]>()

export function requirementsOf(labels: string | LabelSelector): Requirement[] {
  if (typeof labels !== 'string') return selectorRequirements(labels)
  let known = parsed.get(labels)
  if (!known) {
    known = parseSelector(labels)
    if (parsed.size > 1000) parsed.clear()
    parsed.set(labels, known)
  }
  return known
}

/** Reads the smallest index that covers the selection, then filters. */
export function select(table: Table, options: ListOptions): KubeObject[] {
  const requirements = options.labels === undefined ? [] : requirementsOf(options.labels)
  let objects: KubeObject[]
  let filterNamespace = options.namespace !== undefined
  if (options.ownedBy !== undefined) {
    objects = table.ownedBy(options.ownedBy)
  } else if (options.onNode !== undefined) {
    objects = table.onNode(options.onNode)
  } else {
    const exact = options.namespace === undefined ? undefined : requirements.find((r) => r.operator === '=')
    objects = exact ? table.labelled(options.namespace!, exact.key, exact.values[0]!) : table.list(options.namespace)
    filterNamespace = false
  }
  return objects.filter(
    (o) =>
      (!filterNamespace || o.metadata.namespace === options.namespace) &&
      (options.ownedBy === undefined ||
        o.metadata.ownerReferences?.some((r) => r.uid === options.ownedBy && r.controller)) &&
      (options.onNode === undefined || o.spec?.nodeName === options.onNode) &&
      (requirements.length === 0 || matchesRequirements(requirements, o.metadata.labels)),
  )
}
