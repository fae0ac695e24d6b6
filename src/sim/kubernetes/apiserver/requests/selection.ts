import { query } from '../../../rest/port.ts'
import { matchesRequirements, SelectorError } from '../../api/label-selector.ts'
import type { KubeObject } from '../../api/object.ts'
import { badRequest } from '../../api/status-error.ts'
import { type FieldRequirement, fieldValue, parseFieldSelector } from '../field-selector.ts'
import { requirementsOf } from '../selection.ts'

import type { Call } from './call.ts'

interface Selection {
  matches: (object: KubeObject) => boolean
  labels: string | undefined
}

/** What the selectors of the query, and the path, let through. */
export function selection(call: Call): Selection {
  const { request, info, namespace, target } = call
  const labels = query(request, 'labelSelector') || undefined
  const fieldText = query(request, 'fieldSelector') || ''
  let fields: FieldRequirement[]
  let requirements: ReturnType<typeof requirementsOf>
  try {
    fields = parseFieldSelector(info, fieldText)
    requirements = labels ? requirementsOf(labels) : []
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error
    throw badRequest(`unable to parse requirement: ${error.message}`)
  }
  const name = target.name
  return {
    labels,
    matches: (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      (name === undefined || object.metadata.name === name) &&
      (requirements.length === 0 || matchesRequirements(requirements, object.metadata.labels)) &&
      fields.every((f) => (fieldValue(info, object, f.field) === f.value) !== f.negated),
  }
}
