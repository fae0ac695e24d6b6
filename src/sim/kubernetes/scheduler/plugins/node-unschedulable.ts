import type { SchedulerPlugin } from '../plugin.ts'
import { unresolvable } from '../status.ts'
import { toleratesTaint } from './tolerations.ts'

const TAINT = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

export const nodeUnschedulable: SchedulerPlugin = {
  name: 'NodeUnschedulable',
  wakes: ['node', 'pod-itself'],
  filter({ pod }, { node }) {
    if (!node?.spec?.unschedulable || toleratesTaint(pod.spec.tolerations, TAINT)) return undefined
    return unresolvable('node(s) were unschedulable')
  },
}
