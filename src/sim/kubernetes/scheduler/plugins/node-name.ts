import type { SchedulerPlugin } from '../plugin.ts'
import { unresolvable } from '../status.ts'

export const nodeName: SchedulerPlugin = {
  name: 'NodeName',
  wakes: ['node'],
  filter({ pod }, { name }) {
    return !pod.spec.nodeName || pod.spec.nodeName === name
      ? undefined
      : unresolvable("node(s) didn't match the requested node name")
  },
}
