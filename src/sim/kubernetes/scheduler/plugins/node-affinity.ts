import type { KubeObject } from '../../api/object.ts'
import { matchesExpression, matchesLabels } from '../../controllers/shared/selector.ts'
import { normalizeLinear, type SchedulerPlugin } from '../plugin.ts'
import { unresolvable } from '../status.ts'

interface NodeSelectorTerm {
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
  matchFields?: { key: string; operator: string; values?: string[] }[]
}

export const nodeAffinity: SchedulerPlugin = {
  name: 'NodeAffinity',
  wakes: ['node', 'pod-itself'],
  preFilter({ pod }) {
    const terms: NodeSelectorTerm[] = required(pod)?.nodeSelectorTerms ?? []
    if (terms.length === 0) return undefined
    const nodes = new Set<string>()
    for (const { matchFields = [] } of terms) {
      const names = matchFields.find((field) => field.key === 'metadata.name' && field.operator === 'In')?.values
      if (!names) return undefined
      for (const name of names) nodes.add(name)
    }
    return { nodes }
  },
  filter({ pod }, { node }) {
    return node && matchesRequiredNodes(pod, node)
      ? undefined
      : unresolvable("node(s) didn't match Pod's node affinity/selector")
  },
  weight: 2,
  preScore: ({ pod }) => (preferred(pod)?.length ?? 0) > 0,
  score({ pod }, { node }) {
    let sum = 0
    for (const { weight, preference } of preferred(pod) ?? []) if (node && matchesTerm(preference, node)) sum += weight
    return sum
  },
  normalize: (scores) => normalizeLinear(scores),
}

function required(pod: KubeObject): { nodeSelectorTerms?: NodeSelectorTerm[] } | undefined {
  return pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
}

function preferred(pod: KubeObject): { weight: number; preference: NodeSelectorTerm }[] | undefined {
  return pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution
}

/** spec.nodeSelector and required node affinity. */
export function matchesRequiredNodes(pod: KubeObject, node: KubeObject): boolean {
  if (!matchesLabels(pod.spec.nodeSelector, node.metadata.labels)) return false
  return matchesNodeSelector(required(pod), node)
}

/** core/v1 NodeSelector: absent matches every node; its terms are alternatives, an empty term matches none. */
export function matchesNodeSelector(
  selector: { nodeSelectorTerms?: NodeSelectorTerm[] } | undefined,
  node: KubeObject,
): boolean {
  return !selector || (selector.nodeSelectorTerms ?? []).some((term) => matchesTerm(term, node))
}

function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, { metadata }: KubeObject): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false
  const fields = { 'metadata.name': metadata.name }
  return (
    matchExpressions.every((term) => matchesExpression(term, metadata.labels)) &&
    matchFields.every((term) => matchesExpression(term, fields))
  )
}
