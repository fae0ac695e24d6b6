import type { LabelSelector } from '../../api/client.ts'

type Labels = Record<string, string> | undefined

/** True when every pair of the map is among the labels; an empty or absent map matches everything. */
export function matchesLabels(wanted: Labels, labels: Labels): boolean {
  for (const key in wanted) if (labels?.[key] !== wanted[key]) return false
  return true
}

/** metav1.LabelSelector: absent matches nothing, empty matches everything. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (!selector) return false
  if (!matchesLabels(selector.matchLabels, labels)) return false
  return (selector.matchExpressions ?? []).every((term) => matchesExpression(term, labels))
}

export function isEmptySelector(selector: LabelSelector | undefined): boolean {
  if (!selector) return false
  return Object.keys(selector.matchLabels ?? {}).length === 0 && (selector.matchExpressions ?? []).length === 0
}

/** One requirement of a label or node selector: In, NotIn, Exists, DoesNotExist, Gt, Lt. */
export function matchesExpression(
  { key, operator, values = [] }: { key: string; operator: string; values?: string[] },
  labels: Labels,
): boolean {
  const value = labels?.[key]
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0])
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0])
    default:
      return false
  }
}
