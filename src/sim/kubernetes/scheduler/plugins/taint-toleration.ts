import { normalizeLinear, type SchedulerPlugin } from '../plugin.ts'
import { unresolvable } from '../status.ts'
import { type Taint, type Toleration, toleratesTaint } from './tolerations.ts'

export const taintToleration: SchedulerPlugin = {
  name: 'TaintToleration',
  wakes: ['node', 'pod-itself'],
  filter({ pod }, { node }) {
    if (!node?.spec?.taints) return undefined
    const taint = node.spec.taints.find(
      (t: Taint) => (t.effect === 'NoSchedule' || t.effect === 'NoExecute') && !toleratesTaint(pod.spec.tolerations, t),
    )
    return taint && unresolvable('node(s) had untolerated taint(s)')
  },
  weight: 3,
  score({ pod }, { node }) {
    if (!node?.spec?.taints) return 0
    const tolerations = (pod.spec.tolerations ?? []).filter(
      (t: Toleration) => !t.effect || t.effect === 'PreferNoSchedule',
    )
    const untolerated = (node?.spec?.taints ?? []).filter(
      (t: Taint) => t.effect === 'PreferNoSchedule' && !toleratesTaint(tolerations, t),
    )
    return untolerated.length
  },
  normalize: (scores) => normalizeLinear(scores, true),
}
